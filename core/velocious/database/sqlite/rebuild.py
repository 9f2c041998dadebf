"""Gives a table another definition, with its rows, indexes, triggers and views.

Law: SQLite's documented procedure for changes that ALTER TABLE cannot make, inside the open
transaction. sqlite-utils plans it (copy, indexes, AUTOINCREMENT, renaming behind the views' back);
the new definition is ours, because types such as VARCHAR(255) must stay as they were written.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from velocious.database.sqlite.create_table import CreateTable
from velocious.database.sqlite.tokens import mentions
from velocious.errors import MigrationError

if TYPE_CHECKING:
    from velocious.database.sqlite.connection import SqliteConnection
    from velocious.sql.dialects.base import Dialect

_DEFINITION = "SELECT sql FROM sqlite_schema WHERE type IN ('table', 'view') AND name = ?"
_PARTS = """
    SELECT sql FROM sqlite_schema
    WHERE tbl_name = ? COLLATE NOCASE AND type IN ('table', 'index') AND sql IS NOT NULL
    ORDER BY type DESC, name
"""
_SEQUENCE = "SELECT seq FROM sqlite_sequence WHERE name = ?"
_TRIGGERS = (
    "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ? COLLATE NOCASE"
    " ORDER BY rowid"
)
_STORED_COLUMNS = "SELECT name FROM pragma_table_info(?, 'main') ORDER BY cid"
_CHILDREN = """
    SELECT DISTINCT child.name FROM sqlite_schema AS child
    JOIN pragma_foreign_key_list(child.name, 'main') AS foreign_key
    WHERE child.type = 'table' AND foreign_key."table" = ? COLLATE NOCASE ORDER BY child.name
"""
_VIOLATIONS = "SELECT parent, count(*), min(rowid) FROM pragma_foreign_key_check(?) GROUP BY parent"

#: sqlite-utils names the new table "<table>_new_<suffix>".
_SUFFIX = "_new_velocious"


class Rebuild:
    """Reads and replaces the definitions of tables on one connection."""

    def __init__(self, dialect: Dialect, connection: SqliteConnection) -> None:
        self._dialect = dialect
        self._connection = connection

    async def definition(self, table: str) -> CreateTable:
        """How *table* is defined now."""
        rows = await self._connection.fetch(_DEFINITION, (table,))
        return CreateTable.parse(rows[0][0])

    async def replace(self, table: str, definition: CreateTable) -> None:
        """Give *table* another *definition*, which has at least the columns of the old one.

        Raises:
            MigrationError: rows would be left that point at nothing.
        """
        triggers = await self._connection.fetch(_TRIGGERS, (table,))
        plan = await self._plan(table, definition)
        # DROP TABLE deletes the rows first, and ON DELETE CASCADE would follow.
        await self._connection.execute_unchecked(plan)
        for (trigger,) in triggers:
            await self._connection.execute(trigger)
        await self.check_foreign_keys(table)

    async def check_foreign_keys(self, table: str) -> None:
        """Raise MigrationError where rows of *table*, or that point at it, point at nothing."""
        children = [name for (name,) in await self._connection.fetch(_CHILDREN, (table,))]
        for name in dict.fromkeys([table, *children]):
            for parent, count, rowid in await self._connection.fetch(_VIOLATIONS, (name,)):
                where = "" if rowid is None else f" (the first has the rowid {rowid})"
                raise MigrationError(
                    f"{count} rows of {name!r} point at rows of {parent!r} that do not "
                    f"exist{where}. Delete or repair them in the migration first: "
                    f'await self.execute("DELETE FROM {name} WHERE …").'
                )

    async def _plan(self, table: str, definition: CreateTable) -> list[str]:
        parts = [sql for (sql,) in await self._connection.fetch(_PARTS, (table,))]
        sequence = await self._sequence(table, parts[0])
        plan = plan_rebuild(table, parts, sequence)
        name = self._dialect.quote(f"{table}{_SUFFIX}")
        plan[0] = definition.sql(name)
        if definition.without_rowid:
            plan[1] = await self._copy(table, name)
        return plan

    async def _sequence(self, table: str, definition: str) -> int | None:
        if not mentions(definition, "AUTOINCREMENT"):
            return None
        rows = await self._connection.fetch(_SEQUENCE, (table,))
        return rows[0][0] if rows else None

    async def _copy(self, table: str, name: str) -> str:
        stored = await self._connection.fetch(_STORED_COLUMNS, (table,))
        columns = ", ".join(self._dialect.quote(one) for (one,) in stored)
        source = self._dialect.quote(table)
        return f"INSERT INTO {name} ({columns}) SELECT {columns} FROM {source}"


def plan_rebuild(table: str, parts: list[str], sequence: int | None) -> list[str]:
    """The statements that sqlite-utils would rebuild *table* with, planned on an empty copy of it.

    *parts* make the table and its indexes; *sequence* is the last key that AUTOINCREMENT gave.
    """
    # Imported late: it takes a tenth of a second, and few processes ever rebuild a table.
    from sqlite_utils import Database
    from sqlite_utils.db import Table, TransformError

    with closing(sqlite3.connect(":memory:", isolation_level=None)) as empty:
        for part in parts:
            empty.execute(part)
        if sequence is not None:
            empty.execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, sequence)
            )
        copy = Table(Database(empty, recursive_triggers=False, execute_plugins=False), table)
        try:
            # No foreign keys: ours has them, and the tables they point at are not in the copy.
            return copy.transform_sql(  # pyright: ignore[reportUnknownMemberType]
                foreign_keys=[], tmp_suffix=_SUFFIX[5:]
            )
        except TransformError as error:
            raise MigrationError(f"The table {table!r} cannot be rebuilt: {error}") from error
