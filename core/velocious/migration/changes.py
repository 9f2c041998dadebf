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
    from collections.abc import Awaitable, Callable, Sequence

    from velocious.database.database import Database
    from velocious.database.schema import Column
    from velocious.database.schema_editor import SchemaEditor
    from velocious.migration.lookup import Lookup
    from velocious.migration.steps import Steps
    from velocious.migration.table import Table
    from velocious.sql.definitions import ColumnDefinition, IndexDefinition


class Changes:
    """Makes changes to the tables of one database."""

    def __init__(self, database: Database, find: Lookup, steps: Steps) -> None:
        self._steps = steps
        self._database = database
        self._find = find
        self._compiler = DefinitionCompiler(database.dialect)

    async def run(self, sql: str) -> None:
        """Run a statement that changes the schema."""
        await self._database.execute(sql, unbounded=True)
        self._steps.made_by(sql)
        self._database.forget_schema()

    async def edit(self, change: Callable[[SchemaEditor], Awaitable[None]]) -> None:
        """Let the database's schema editor make a *change*, whole or not at all."""
        # A transaction of its own, where there is none: a rebuild is several statements.
        async with self._database.transaction() as transaction:
            await change(schema_editor(self._database.dialect, transaction.connection))
        self._steps.made_by(self._steps.current or "a change of a table")
        self._database.forget_schema()

    async def create_table(self, table: Table) -> None:
        """Make *table* and its indexes."""
        if not table.columns:
            raise MigrationError(
                f"The table {table.name!r} has no columns. Add one, or leave out id=False."
            )
        definition = TableDefinition(table.name, tuple(table.columns), checks=tuple(table.checks))
        long = self._long(table.columns)
        for index in table.indexes:
            self._check_index(index, long)
        await self.run(self._compiler.create_table(definition))
        nullable = {one.name for one in table.columns if one.null}
        for index in table.indexes:
            await self.run(self._compiler.create_index(index, nullable, long))

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
        names = [column for column in index.columns if isinstance(column, str)]
        found = [await self._find.column(index.table, name) for name in names]
        nullable = {column.name for column in found if column.null}
        long = self._long(found)
        self._check_index(index, long)
        await self.run(self._compiler.create_index(index, nullable, long))

    def _long(self, columns: Sequence[Column | ColumnDefinition]) -> set[str]:
        """Those of *columns* of which an index takes only the beginning."""
        kinds = self._database.dialect.long_kinds
        return {column.name for column in columns if column.kind in kinds}

    def _check_index(self, index: IndexDefinition, long: set[str]) -> None:
        """Refuse an index that the database does not have, before anything is made."""
        can, name = self._database.capabilities, self._database.dialect.name
        if index.where and not can.partial_indexes:
            raise MigrationError(
                f"{index.name!r} is an index with a condition, which {name} databases do not have. "
                "Leave where= out, or make a generated column that is NULL for the other rows, and "
                "index that."
            )
        if not can.expression_indexes and any(not isinstance(one, str) for one in index.columns):
            raise MigrationError(
                f"{index.name!r} is an index of an expression, which this {name} database does not "
                "have. Make a generated column with self.execute and index that."
            )
        cut = sorted(long.intersection(one for one in index.columns if isinstance(one, str)))
        if cut and index.unique:
            raise MigrationError(
                f"{index.name!r} cannot keep {', '.join(cut)} unique, because {name} databases "
                "index only the beginning of such a column. Make it a string with a limit."
            )

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
