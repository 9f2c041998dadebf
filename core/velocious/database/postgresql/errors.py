"""PostgreSQL's errors in our words, by SQLSTATE.

Law: no value of a statement enters a message, and an error of the driver that shows one is never
chained. (Its detail quotes the row, and its message what could not be read.)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from velocious.command_words import to_migrate
from velocious.database.postgresql.server_errors import SERVER
from velocious.errors import (
    CheckConstraintError,
    ConstraintError,
    DeadlockError,
    ForeignKeyConstraintError,
    LockTimeoutError,
    NotNullConstraintError,
    SerializationError,
    StatementError,
    StatementTimeoutError,
    TransactionConflictError,
    UniqueConstraintError,
    ValueOutOfRangeError,
    suggestion,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from velocious.database.settings import DatabaseSettings
    from velocious.errors import DatabaseError

UNDEFINED_TABLE = "42P01"

_DETAIL_KEY = re.compile(r"Key \((.+?)\)=")
_PLAIN_NAME = re.compile(r'\s*(?:"((?:[^"]|"")+)"|([a-z_][a-z0-9_$]*))\s*')
_MISSING_TABLE = re.compile(r'relation "([^"]+)" does not exist')


def translated(
    error: Any, sql: str, settings: DatabaseSettings, table_names: Iterable[str] = ()
) -> DatabaseError:
    """Our error for *error*, which the server sent; *table_names* are those it has."""
    state: str = error.sqlstate or ""
    about_server = SERVER.get(state) or SERVER.get(state[:2])
    if about_server is not None:
        return about_server(settings, error)
    constraint = _CONSTRAINTS.get(state)
    if constraint is not None:
        return _constraint(error, *constraint, sql)
    conflict = _STATEMENTS.get(state)
    if conflict is not None:
        kind, text = conflict
        return kind(text, sql)
    if state[:2] == "22":
        return ValueOutOfRangeError(_about_value(error, state), sql)
    return StatementError(_explained(error, state, table_names), sql)


def shows_values(error: Any) -> bool:
    """Whether *error* itself may hold a value of the statement, so that it must not be chained."""
    return bool(error.detail) or (error.sqlstate or "")[:2] in ("22", "23")


# Constraints


_CONSTRAINTS: dict[str, tuple[type[ConstraintError], str]] = {
    "23505": (UniqueConstraintError, "A row with the same {columns} exists"),
    "23P01": (UniqueConstraintError, "A row that excludes this one ({columns}) exists"),
    "23502": (NotNullConstraintError, "{columns} must have a value"),
    "23514": (CheckConstraintError, "The check {constraint} is not fulfilled"),
    "23503": (
        ForeignKeyConstraintError,
        "A row points at one that does not exist, or other rows still point at it ({constraint})",
    ),
    "23001": (ForeignKeyConstraintError, "Other rows still point at the row ({constraint})"),
    "23000": (ConstraintError, "The constraint {constraint} is violated"),
}


def _constraint(error: Any, kind: type[ConstraintError], text: str, sql: str) -> ConstraintError:
    table: str | None = error.table_name
    columns = (error.column_name,) if error.column_name else _columns(error.detail or "")
    named = ", ".join(f"{table}.{column}" for column in columns) or str(error.constraint_name)
    if kind is CheckConstraintError:
        text += ": correct the value, or change the table"
    return kind(
        text.format(columns=named, constraint=error.constraint_name),
        sql,
        table=table,
        columns=columns,
        constraint=error.constraint_name,
    )


def _columns(detail: str) -> tuple[str, ...]:
    """``Key (project_id, "Name")=(1, x) …`` → the two names; nothing for expressions."""
    found = _DETAIL_KEY.match(detail)
    if found is None:
        return ()
    parts = [_PLAIN_NAME.fullmatch(part) for part in found.group(1).split(",")]
    return (
        tuple(
            (part.group(1) or part.group(2)).replace('""', '"')
            for part in parts
            if part is not None
        )
        if all(parts)
        else ()
    )


# Statements


_STATEMENTS: dict[str, tuple[type[StatementError] | Callable[[str, str], DatabaseError], str]] = {
    "40P01": (
        DeadlockError,
        "The transaction waited for another one that waited for it, and was given up. Run it "
        "again, and lock rows in the same order everywhere",
    ),
    "40001": (
        SerializationError,
        "Another transaction changed what this one has read, so it was given up. Run it again",
    ),
    "55P03": (
        LockTimeoutError,
        "A lock that another transaction holds was not free in time. Try again later",
    ),
    "57014": (
        StatementTimeoutError,
        "The statement was stopped: it ran for longer than the option statement_timeout allows, or "
        "somebody cancelled it",
    ),
    "0A000-plan": (
        TransactionConflictError,
        "The table was changed while the transaction was using it. Run it again",
    ),
}


def outdated(sql: str) -> DatabaseError:
    """The error of a transaction whose prepared statement met a changed table."""
    kind, text = _STATEMENTS["0A000-plan"]
    return kind(text, sql)


def _about_value(error: Any, state: str) -> str:
    # The message quotes the value behind a colon: 'invalid input syntax for type integer: "x"'.
    text = str(error.args[0] if error.args else error).partition(":")[0]
    if state == "22021":
        text = "A text parameter holds a NUL character, which PostgreSQL cannot store"
    column = getattr(error, "column_name", None)
    return f"A value does not fit{f' {column}' if column else ''}: {text}"


def _explained(error: Any, state: str, table_names: Iterable[str]) -> str:
    text = str(error.args[0] if error.args else error)
    missing = _MISSING_TABLE.search(text)
    if state == UNDEFINED_TABLE and missing:
        close = suggestion(missing.group(1), table_names)
        return f"{text}. {close} If a migration creates it, run {to_migrate()}."
    if state == "42703":
        return f"{text}. If a migration adds it, run {to_migrate()}."
    if state in ("2BP01", "0A000") and error.detail:
        # Names of the schema, no values.
        return f"{text}: {error.detail}. Drop what depends on it first."
    hint = getattr(error, "hint", None)
    return f"{text}. {hint}" if hint else text
