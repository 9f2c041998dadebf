"""The changes of a schema that need more than one statement, or a look before.

Law: what is known about the tables is forgotten after every change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.database.schema_editor import schema_editor
from velocious.errors import MigrationError
from velocious.sql.definition_compiler import DefinitionCompiler
from velocious.sql.definitions import TableDefinition

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from velocious.database.database import Database
    from velocious.database.schema import Column
    from velocious.database.schema_editor import SchemaEditor
    from velocious.migration.lookup import Lookup
    from velocious.migration.table import Table
    from velocious.sql.definitions import ColumnDefinition, IndexDefinition


class Changes:
    """Makes changes to the tables of one database."""

    def __init__(self, database: Database, find: Lookup) -> None:
        self._database = database
        self._find = find
        self._compiler = DefinitionCompiler(database.dialect)

    async def run(self, sql: str) -> None:
        """Run a statement that changes the schema."""
        await self._database.execute(sql, unbounded=True)
        self._database.forget_schema()

    async def edit(self, change: Callable[[SchemaEditor], Awaitable[None]]) -> None:
        """Let the database's schema editor make a *change*, whole or not at all."""
        # A transaction of its own, where there is none: a rebuild is several statements.
        async with self._database.transaction() as transaction:
            await change(schema_editor(self._database.dialect, transaction.connection))
        self._database.forget_schema()

    async def create_table(self, table: Table) -> None:
        """Make *table* and its indexes."""
        if not table.columns:
            raise MigrationError(
                f"The table {table.name!r} has no columns. Add one, or leave out id=False."
            )
        definition = TableDefinition(table.name, tuple(table.columns), checks=tuple(table.checks))
        await self.run(self._compiler.create_table(definition))
        for index in table.indexes:
            await self.run(self._compiler.create_index(index))

    async def add_column(self, table: str, column: ColumnDefinition) -> None:
        """Add *column*, which must be new."""
        described = await self._database.table(table)
        if described.column(column.name):
            raise MigrationError(
                f"The table {table!r} has a column {column.name!r} already. Choose another name, "
                f"or ask first: `if not await self.column_exists({table!r}, {column.name!r}):`."
            )
        await self.edit(lambda editor: editor.add_column(table, column))

    async def add_index(self, index: IndexDefinition) -> None:
        """Add *index*, whose columns must exist."""
        for column in index.columns:
            if isinstance(column, str):
                await self._find.column(index.table, column)
        await self.run(self._compiler.create_index(index))

    async def replace_nulls(self, table: str, column: Column, default: object) -> None:
        """Put *default* where *column* is NULL; without one, refuse rows that would need it."""
        name, source = self._compiler.quote(column.name), self._compiler.quote(table)
        if default is not None:
            value = self._database.dialect.column_type(column.kind).encode(default)
            mark = self._database.dialect.placeholder(1)
            sql = f"UPDATE {source} SET {name} = {mark} WHERE {name} IS NULL"
            await self._database.execute(sql, (value,), unbounded=True)
            return
        rows = await self._database.fetch(f"SELECT count(*) FROM {source} WHERE {name} IS NULL")
        if rows[0][0]:
            raise MigrationError(
                f"{rows[0][0]} rows of {table!r} have no {column.name!r}. Say what they get: "
                f"change_column_null({table!r}, {column.name!r}, False, default=…)."
            )
