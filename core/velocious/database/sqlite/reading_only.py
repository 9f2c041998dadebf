"""What a read-only database lets through: asked of SQLite itself, not of the SQL's spelling.

Law: what is not known to only read is denied.
"""

from __future__ import annotations

import sqlite3

from velocious.database.sqlite.statement_kind import WORKING_PRAGMAS

_READING = frozenset(
    {
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_RECURSIVE,
        # Transactions that only read; BEGIN IMMEDIATE is refused by the file.
        sqlite3.SQLITE_TRANSACTION,
        sqlite3.SQLITE_SAVEPOINT,
    }
)
_SCHEMA = ("sqlite_master", "sqlite_temp_master")
#: Pragmas that ask something about their argument.
_ASKING = frozenset(
    {
        "foreign_key_check",
        "foreign_key_list",
        "index_info",
        "index_list",
        "index_xinfo",
        "integrity_check",
        "quick_check",
        "table_info",
        "table_list",
        "table_xinfo",
    }
)


def reading_only(
    action: int, name: str | None, argument: str | None, schema: str | None, source: str | None
) -> int:
    """The authorizer of a read-only connection; SQLite asks it while it prepares a statement."""
    if action in _READING:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA and name is not None:
        pragma = name.lower()
        if pragma in _ASKING or (argument is None and pragma not in WORKING_PRAGMAS):
            return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_UPDATE and name in _SCHEMA:
        # Asked for each table-valued function, while SQLite reads its declaration. A statement
        # that really changes the schema needs the pragma writable_schema, and that is denied.
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY
