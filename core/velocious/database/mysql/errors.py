"""Errors of MySQL and MariaDB in our words, by their numbers.

Law: no driver's exception leaves the engine, and no value of a statement enters a message. The
server writes values into some of its messages: of those nothing is repeated.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from velocious.command_words import to_migrate
from velocious.database.mysql.server_errors import SERVER
from velocious.errors import (
    CheckConstraintError,
    DeadlockError,
    ForeignKeyConstraintError,
    LockTimeoutError,
    NotNullConstraintError,
    SerializationError,
    StatementError,
    StatementTimeoutError,
    UniqueConstraintError,
    ValueOutOfRangeError,
    suggestion,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from velocious.database.mysql.server_errors import Refused
    from velocious.database.settings import DatabaseSettings
    from velocious.errors import DatabaseError

#: The server has rolled the whole transaction back.
ROLLED_BACK = frozenset({1213, 1020})
UNIQUE = frozenset({1062, 1169, 1557, 1586})
CHECK = frozenset({3819, 4025})
TOO_LONG = 1153
UNKNOWN_TABLE = 1146
#: What a duplicate on another key than the one of an upsert provokes (``sql/dialects/mysql.py``).
MORE_THAN_ONE_ROW = 1242

_NOT_NULL = frozenset({1048, 1263, 1364})
_FOREIGN_KEY = frozenset({1216, 1217, 1451, 1452, 1761, 1762})
_OUT_OF_RANGE = frozenset({1264, 1265, 1292, 1366, 1367, 1406, 1411, 1690, 3140, 3156, 4038})
_INTERRUPTED = frozenset({1317, 1969, 3024})
_NO_TABLE = re.compile(r"Table '(?:[^']*?\.)?([^'.]+)' doesn't exist")
_SYNTAX = re.compile(r"syntax to use near (.*)", re.DOTALL)
_NO_COLUMN = re.compile(r"Unknown column '([^']+)'")
_COLUMN = re.compile(r"(?:[Cc]olumn|Field) '(?:[^']*\.)?([^']+)'|\.`([^`]+)` at row")
_KEY = re.compile(r"for key '([^']+)'\s*$")
_FOREIGN = re.compile(
    r"\((?:`[^`]*`\.)?`(?P<table>[^`]+)`, CONSTRAINT `(?P<name>[^`]+)` FOREIGN KEY "
    r"\((?P<columns>[^)]+)\) REFERENCES"
)
_FAILED_CHECK = re.compile(r"CONSTRAINT `([^`]+)` failed for `[^`]*`\.`([^`]+)`")
_MYSQL_CHECK = re.compile(r"Check constraint '([^']+)' is violated")
_QUOTED = re.compile(r"'((?:[^']|'')*)'")
_TARGET = re.compile(
    r"\b(?:INTO|UPDATE|FROM)\s+(?:IGNORE\s+)?(?:[`\"]?\w+[`\"]?\.)?(?:`([^`]+)`|\"([^\"]+)\"|(\w+))",
    re.IGNORECASE,
)


def target_table(sql: str) -> str | None:
    """The table that a statement writes to, as far as its text tells."""
    found = _TARGET.search(sql)
    return next((name for name in found.groups() if name), None) if found else None


def key_name(text: str) -> str | None:
    """The unique key that a message about a duplicate names (MySQL puts its table before it)."""
    found = _KEY.search(text)
    return found.group(1).rpartition(".")[2] if found else None


def failed_check(text: str) -> tuple[str | None, str | None]:
    """The name and table of the check that a message names."""
    found = _FAILED_CHECK.search(text)
    if found:
        name = found.group(1)
        return name.rpartition(".")[2], found.group(2)
    found = _MYSQL_CHECK.search(text)
    return (found.group(1), None) if found else (None, None)


def translated(
    refused: Refused,
    sql: str,
    settings: DatabaseSettings,
    table_names: Iterable[str] = (),
) -> DatabaseError:
    """Our error for what the server said; *table_names* are those there are, if one is missing."""
    number, text = refused
    for numbers, make in _BY_NUMBER:
        if number in numbers:
            return make(refused, sql, settings)
    if number == UNKNOWN_TABLE:
        return StatementError(_no_table(text, table_names), sql)
    return StatementError(_explained(number, text, sql), sql)


# Constraints


def duplicate(
    sql: str, key: str | None, table: str | None, columns: tuple[str, ...]
) -> UniqueConstraintError:
    """The error for a second row with the same *columns*."""
    named = ", ".join(f"{table}.{column}" for column in columns) or f"unique key {key}"
    text = f"A row with the same {named} exists"
    return UniqueConstraintError(text, sql, table=table, columns=columns, constraint=key)


def unfulfilled(
    sql: str, name: str | None, table: str | None, clause: str | None
) -> CheckConstraintError:
    """The error for a row that a check refuses."""
    named = " ".join(part for part in (name, clause and f"({clause})") if part)
    text = f"The check {named} is not fulfilled: correct the value, or change the table"
    return CheckConstraintError(text, sql, table=table, constraint=name)


def _not_null(refused: Refused, sql: str, settings: DatabaseSettings) -> DatabaseError:
    column = _column(refused.text)
    table = target_table(sql)
    named = f"{table}.{column}" if table else column or "A column"
    columns = (column,) if column else ()
    return NotNullConstraintError(f"{named} must have a value", sql, table=table, columns=columns)


def _foreign_key(refused: Refused, sql: str, settings: DatabaseSettings) -> DatabaseError:
    text = "A row points at one that does not exist, or other rows still point at it"
    found = _FOREIGN.search(refused.text)
    if found is None:
        return ForeignKeyConstraintError(text, sql)
    table, name = found["table"], found["name"]
    columns = tuple(part.strip(" `") for part in found["columns"].split(","))
    named = ", ".join(f"{table}.{column}" for column in columns)
    return ForeignKeyConstraintError(
        f"{text} ({named})", sql, table=table, columns=columns, constraint=name
    )


# Values


def _out_of_range(refused: Refused, sql: str, settings: DatabaseSettings) -> DatabaseError:
    column = _column(refused.text)
    what = {
        1406: "is too long for",
        1264: "is too large for",
        1690: "is too large for",
    }.get(refused.number, "is not of the type of")
    named = f"the column {column!r}" if column else "its place"
    return ValueOutOfRangeError(
        f"A value {what} {named}. Give another one, or change the column", sql
    )


def too_large(sql: str, limit: int) -> ValueOutOfRangeError:
    """The error for a statement of more bytes than the server takes at once."""
    return ValueOutOfRangeError(
        "The statement and its values are larger than the server's max_allowed_packet of "
        f"{limit:,} bytes, and it has closed the connection. Store smaller values, or raise "
        "max_allowed_packet in the server's configuration",
        sql,
    )


# Locks and time


def _deadlock(refused: Refused, sql: str, settings: DatabaseSettings) -> DatabaseError:
    return DeadlockError(
        "This transaction and another one waited for each other's locks. The server has rolled "
        "this one back: run the whole transaction again",
        sql,
    )


def _changed(refused: Refused, sql: str, settings: DatabaseSettings) -> DatabaseError:
    return SerializationError(
        "Another transaction has changed a row that this one had read. The server has rolled this "
        "one back: run the whole transaction again",
        sql,
    )


def _lock_timeout(refused: Refused, sql: str, settings: DatabaseSettings) -> DatabaseError:
    return LockTimeoutError(
        "A row or table that another transaction holds was not free in time. Make transactions "
        "shorter, or wait longer with the option busy_timeout=<seconds>",
        sql,
    )


def _interrupted(refused: Refused, sql: str, settings: DatabaseSettings) -> DatabaseError:
    return StatementTimeoutError(
        "The statement was interrupted, because it ran for longer than statement_timeout, or "
        "because somebody killed it on the server. Make it faster, or allow more seconds in the "
        "URL: …?statement_timeout=<seconds>",
        sql,
    )


_BY_NUMBER: tuple[
    tuple[frozenset[int], Callable[[Refused, str, DatabaseSettings], DatabaseError]], ...
] = (
    (_NOT_NULL, _not_null),
    (_FOREIGN_KEY, _foreign_key),
    (_OUT_OF_RANGE, _out_of_range),
    (frozenset({1213}), _deadlock),
    (frozenset({1020}), _changed),
    (frozenset({1205, 3572}), _lock_timeout),
    (_INTERRUPTED, _interrupted),
    *SERVER,
)


# Statements


def _column(text: str) -> str | None:
    found = _COLUMN.search(text)
    return next((name for name in found.groups() if name), None) if found else None


def _no_table(text: str, table_names: Iterable[str]) -> str:
    found = _NO_TABLE.search(text)
    name = found.group(1) if found else "?"
    close = suggestion(name, table_names)
    return f"no such table: {name}. {close} If a migration creates it, run {to_migrate()}."


def _explained(number: int, text: str, sql: str) -> str:
    missing = _NO_COLUMN.search(text)
    if number == 1054 and missing:
        name = missing.group(1)
        return f"no such column: {name}. If a migration adds it, run {to_migrate()}."
    wrong = _SYNTAX.search(text) if number == 1064 else None
    if wrong:
        return f"syntax error near {_without_values(wrong.group(1), sql)}"
    if number in _EXPLAINED:
        return f"{_without_values(text, sql)}. {_EXPLAINED[number]}"
    return _without_values(text, sql)


_EXPLAINED = {
    1071: "An index takes at most 3,072 bytes, and text four for each character: index fewer or "
    "shorter columns",
    1170: "Text and bytes without a limit cannot be indexed as a whole: give the column a limit "
    '(t.string("name", limit=255))',
    1235: "Join a derived table instead",
}


def _without_values(text: str, sql: str) -> str:
    """*text* without what it quotes, except for what the statement says itself."""
    return _QUOTED.sub(lambda quoted: quoted.group() if quoted.group(1) in sql else "'…'", text)
