"""SQLite's errors in our words.

Law: no ``sqlite3`` exception leaves the engine, and no value of a statement enters a message.
"""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING

from velocious.command_words import as_typed, to_migrate
from velocious.errors import (
    CheckConstraintError,
    ConstraintError,
    DatabaseCorruptError,
    DatabaseLockedError,
    DatabaseUnavailableError,
    ForeignKeyConstraintError,
    NotNullConstraintError,
    ReadOnlyDatabaseError,
    StatementError,
    StorageFullError,
    UniqueConstraintError,
    suggestion,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from velocious.database.settings import DatabaseSettings
    from velocious.errors import DatabaseError

#: Everything the sqlite3 module raises for a statement or for a value it cannot bind.
SQLITE_ERRORS = (sqlite3.Error, sqlite3.Warning, OverflowError, ValueError)

_CONSTRAINTS: dict[str, tuple[type[ConstraintError], str]] = {
    "SQLITE_CONSTRAINT_UNIQUE": (UniqueConstraintError, "A row with the same {columns} exists"),
    "SQLITE_CONSTRAINT_PRIMARYKEY": (UniqueConstraintError, "A row with the same {columns} exists"),
    "SQLITE_CONSTRAINT_ROWID": (UniqueConstraintError, "A row with the same {columns} exists"),
    "SQLITE_CONSTRAINT_NOTNULL": (NotNullConstraintError, "{columns} must have a value"),
    "SQLITE_CONSTRAINT_CHECK": (CheckConstraintError, "The check {columns} is not fulfilled"),
    "SQLITE_CONSTRAINT_FOREIGNKEY": (
        ForeignKeyConstraintError,
        "A row points at one that does not exist, or other rows still point at it",
    ),
}
_NO_TABLE = re.compile(r"no such table: (?:main\.)?(.+)")
_NO_COLUMN = re.compile(r"no such column: |has no column named ")
_HIDDEN = re.compile(r" with text '.*", re.DOTALL)


def primary_code(error: BaseException) -> int:
    """SQLite's result code without its extension (SQLITE_BUSY for SQLITE_BUSY_SNAPSHOT), or 0."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def is_busy(error: BaseException) -> bool:
    """Whether another connection holds a lock that will be given back."""
    return primary_code(error) == sqlite3.SQLITE_BUSY


def is_interrupted(error: BaseException) -> bool:
    """Whether the statement was stopped by us."""
    return primary_code(error) == sqlite3.SQLITE_INTERRUPT


def shows_values(error: Exception) -> bool:
    """Whether the text of *error* itself has a value in it, so that it must not be chained."""
    return isinstance(error, UnicodeError) or "Could not decode" in str(error)


def translated(
    error: Exception,
    sql: str,
    settings: DatabaseSettings,
    table_names: Callable[[], Iterable[str]] = list,
) -> DatabaseError:
    """Our error for *error*; *table_names* is asked when a table is missing."""
    unavailable = _UNAVAILABLE.get(primary_code(error))
    if unavailable is not None:
        return unavailable(settings, error)
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith("SQLITE_CONSTRAINT"):
        return _constraint(error, name, sql)
    return StatementError(_explained(error, table_names), sql)


def place(settings: DatabaseSettings) -> str:
    """How messages name the database."""
    return f"The database {settings.identifier!r} ({settings.path})"


# Constraints


def _constraint(error: Exception, name: str, sql: str) -> ConstraintError:
    detail = str(error).partition("failed: ")[2]
    kind, text = _CONSTRAINTS.get(name, (ConstraintError, str(error)))
    if kind is CheckConstraintError:
        return kind(f"{text.format(columns=detail)}: correct the value, or change the table", sql)
    table, columns = _table_and_columns(detail)
    named = ", ".join(f"{table}.{column}" for column in columns) or detail
    return kind(text.format(columns=named), sql, table=table, columns=columns)


def _table_and_columns(detail: str) -> tuple[str | None, tuple[str, ...]]:
    """``"tasks.name, tasks.place"`` → ``("tasks", ("name", "place"))``; nothing for expressions."""
    if "." not in detail or detail.startswith("index "):
        return None, ()
    table = detail.partition(".")[0]
    return table, tuple(part.removeprefix(f"{table}.") for part in detail.split(", "))


# Statements


def _explained(error: Exception, table_names: Callable[[], Iterable[str]]) -> str:
    if isinstance(error, OverflowError):
        return (
            "An integer parameter has more than 64 bits, which SQLite cannot store. "
            "Store it as text or decimal"
        )
    if isinstance(error, UnicodeError):
        return (
            "A text parameter holds half of a surrogate pair, which is not text. "
            "Decode it properly first"
        )
    text = _HIDDEN.sub("", str(error))
    missing = _NO_TABLE.match(text)
    if missing:
        close = suggestion(missing.group(1), table_names())
        return f"{text}. {close} If a migration creates it, run {to_migrate()}."
    if _NO_COLUMN.search(text):
        return f"{text}. If a migration adds it, run {to_migrate()}."
    return text


# The database as a whole


def _locked(settings: DatabaseSettings, error: Exception) -> DatabaseError:
    return DatabaseLockedError(
        f"{place(settings)} is locked: another process has been writing to it for more than "
        f"{settings.busy_timeout:g} seconds. Wait for that process or end it, or wait longer with "
        "the option busy_timeout=<seconds>."
    )


def _table_locked(settings: DatabaseSettings, error: Exception) -> DatabaseError:
    return DatabaseLockedError(
        f"{place(settings)} has a table that is in use by another statement of the same process "
        f"({error}). Let that statement finish first."
    )


def _read_only(settings: DatabaseSettings, error: Exception) -> DatabaseError:
    if settings.read_only:
        return ReadOnlyDatabaseError(
            f"{place(settings)} was opened with read_only=True and refuses every write. "
            "Leave the option out to write to it."
        )
    return ReadOnlyDatabaseError(
        f"{place(settings)} cannot be written: its file or folder is read-only for this process. "
        "Make both writable, or open it with the option read_only=True."
    )


def _corrupt(settings: DatabaseSettings, error: Exception) -> DatabaseError:
    return DatabaseCorruptError(
        f"{place(settings)} is damaged or no SQLite database ({error}). It was left as it is. "
        "On a server, restore a backup, or move the file away and create a new database with "
        "`velocious db:create db:migrate`; in a browser, save its bytes with `db:export --as-is` "
        "and put a copy in its place with `db:import --force`."
    )


def _full(settings: DatabaseSettings, error: Exception) -> DatabaseError:
    return StorageFullError(
        f"{place(settings)} cannot grow: the disk, or this site's browser quota, is full. The "
        "write was not stored. Free some space and repeat it."
    )


def _cannot_open(settings: DatabaseSettings, error: Exception) -> DatabaseError:
    hint = (
        "A read-only database must exist already."
        if settings.read_only
        else f"Check that its folder exists and is writable, or run {as_typed('db:create')}."
    )
    return DatabaseUnavailableError(f"{place(settings)} cannot be opened ({error}). {hint}")


def _failed_device(settings: DatabaseSettings, error: Exception) -> DatabaseError:
    return DatabaseUnavailableError(
        f"{place(settings)} could not be read or written ({error}, "
        f"{getattr(error, 'sqlite_errorname', '')}). Check the disk, or reload the page; the last "
        "statement was not stored."
    )


_UNAVAILABLE: dict[int, Callable[[DatabaseSettings, Exception], DatabaseError]] = {
    sqlite3.SQLITE_BUSY: _locked,
    sqlite3.SQLITE_LOCKED: _table_locked,
    sqlite3.SQLITE_READONLY: _read_only,
    # Only read-only connections have an authorizer.
    sqlite3.SQLITE_AUTH: _read_only,
    sqlite3.SQLITE_CORRUPT: _corrupt,
    sqlite3.SQLITE_NOTADB: _corrupt,
    sqlite3.SQLITE_FULL: _full,
    sqlite3.SQLITE_CANTOPEN: _cannot_open,
    sqlite3.SQLITE_IOERR: _failed_device,
    sqlite3.SQLITE_PERM: _cannot_open,
}
