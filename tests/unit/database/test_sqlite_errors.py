"""SQLite's errors in our words."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from velocious.database.settings import parse_settings
from velocious.database.sqlite.errors import translated
from velocious.errors import (
    ConstraintError,
    DatabaseCorruptError,
    DatabaseLockedError,
    DatabaseUnavailableError,
    ReadOnlyDatabaseError,
    StatementError,
    StorageFullError,
    UniqueConstraintError,
)

if TYPE_CHECKING:
    from velocious.errors import DatabaseError

SETTINGS = parse_settings("default", "sqlite:///db/test.sqlite3")


def error_of(code: int, text: str = "failed", name: str = "") -> sqlite3.Error:
    error = sqlite3.OperationalError(text)
    error.sqlite_errorcode = code
    error.sqlite_errorname = name
    return error


def raised_by(sql: str, *params: object) -> sqlite3.Error:
    raw = sqlite3.connect(":memory:", autocommit=True)
    raw.executescript(
        "CREATE TABLE t (a TEXT, b TEXT, UNIQUE (a, b)); INSERT INTO t VALUES ('x', 'y');"
        "CREATE TABLE u (a TEXT); CREATE UNIQUE INDEX lowered ON u (lower(a));"
        "INSERT INTO u VALUES ('x');"
        "CREATE TRIGGER no BEFORE DELETE ON t BEGIN SELECT RAISE(ABORT, 'never delete'); END;"
    )
    try:
        raw.execute(sql, params)
    except sqlite3.Error as error:
        return error
    finally:
        raw.close()
    raise AssertionError(f"{sql} did not fail")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_BUSY, DatabaseLockedError),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, DatabaseLockedError),
        (sqlite3.SQLITE_LOCKED, DatabaseLockedError),
        (sqlite3.SQLITE_READONLY, ReadOnlyDatabaseError),
        (sqlite3.SQLITE_CORRUPT, DatabaseCorruptError),
        (sqlite3.SQLITE_NOTADB, DatabaseCorruptError),
        (sqlite3.SQLITE_FULL, StorageFullError),
        (sqlite3.SQLITE_CANTOPEN, DatabaseUnavailableError),
        (sqlite3.SQLITE_IOERR, DatabaseUnavailableError),
    ],
)
def test_the_state_of_the_database_is_named_and_says_what_to_do(
    code: int, kind: type[DatabaseError]
) -> None:
    error = translated(error_of(code), "SELECT 1", SETTINGS)
    assert type(error) is kind
    assert str(error).startswith("The database 'default' (db/test.sqlite3)")
    assert str(error).count(". ") >= 1


def test_the_columns_of_a_unique_key_are_named() -> None:
    error = translated(raised_by("INSERT INTO t VALUES ('x', 'y')"), "INSERT", SETTINGS)
    assert isinstance(error, UniqueConstraintError)
    assert (error.table, error.columns) == ("t", ("a", "b"))
    assert str(error) == "A row with the same t.a, t.b exists (SQL: INSERT)"


def test_a_unique_expression_has_an_index_but_no_columns() -> None:
    error = translated(raised_by("INSERT INTO u VALUES ('X')"), "INSERT", SETTINGS)
    assert isinstance(error, UniqueConstraintError)
    assert (error.table, error.columns) == (None, ())
    assert "index 'lowered'" in str(error)


def test_a_triggers_own_words_are_kept() -> None:
    error = translated(raised_by("DELETE FROM t"), "DELETE FROM t", SETTINGS)
    assert type(error) is ConstraintError
    assert "never delete" in str(error)


def test_text_that_is_no_utf8_is_reported_without_itself() -> None:
    error = translated(
        sqlite3.OperationalError("Could not decode to UTF-8 column 'a' with text 's3cret\ufffd'"),
        "SELECT a FROM t",
        SETTINGS,
    )
    assert isinstance(error, StatementError)
    assert "column 'a'" in str(error)
    assert "s3cret" not in str(error)
