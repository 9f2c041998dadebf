"""The changes of a schema that need more than one statement, or a look before.

Law: what is known about the tables is forgotten after every change.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from velocious.database.schema_editor import schema_editor
from velocious.errors import MigrationError, suggestion
from velocious.sql.definition_compiler import DefinitionCompiler

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from velocious.database.database import Database
    from velocious.database.driver import Parameters, Result
    from velocious.database.schema import Column
    from velocious.database.schema_editor import SchemaEditor
    from velocious.migration.lookup import Lookup
    from velocious.migration.steps import Steps
    from velocious.sql.definitions import ColumnDefinition, IndexDefinition, TableDefinition

#: The kind, limit and name of a key about which nothing is known.
_USUAL_KEY = ("bigint", None, "id")


class Changes:
    """Makes changes to the tables of one database."""

    def __init__(self, database: Database, find: Lookup, steps: Steps) -> None:
        self._steps = steps
        self._database = database
        self._find = find
        self._compiler = DefinitionCompiler(database.dialect)

    async def run(self, sql: str) -> None:
        """Run a statement that changes the schema."""
        await self.execute(sql)
        self._database.forget_schema()

    async def execute(self, sql: str, params: Parameters = ()) -> Result:
        """Run a statement, and note it."""
        await self._steps.doing(sql)
        result = await self._database.execute(sql, params, unbounded=True)
        self._steps.made_by(sql)
        return result

    async def edit(self, change: Callable[[SchemaEditor], Awaitable[None]]) -> None:
        """Let the database's schema editor make a *change*, whole or not at all."""
        await self._steps.doing(self._steps.current or "a change of a table")
        # A transaction of its own, where there is none: a rebuild is several statements.
        async with self._database.transaction() as transaction:
            await change(schema_editor(self._database.dialect, transaction.connection))
        self._steps.made_by(self._steps.current or "a change of a table")
        self._database.forget_schema()

    # Tables

    async def create_table(self, table: TableDefinition) -> None:
        """Make *table*, its comments and its indexes."""
        if not table.columns:
            raise MigrationError(
                f"The table {table.name!r} has no columns. Add one, or leave out id=False."
            )
        columns = [await self._followed(column, table) for column in table.columns]
        names = {column.name for column in columns}
        for column in columns:
            self.check_column(column)
        for name in table.primary_key:
            if name not in names:
                raise MigrationError(
                    f"The table {table.name!r} has no column {name!r} for its primary key. "
                    f"{suggestion(name, names)}"
                )
        columns = [
            replace(one, null=one.null and one.name not in table.primary_key) for one in columns
        ]
        table = replace(table, columns=tuple(columns))
        long = self._long(columns)
        for index in table.indexes:
            self._check_index(index, long)
        await self.run(self._compiler.create_table(table))
        for sql in self._compiler.comments(table):
            await self.run(sql)
        nullable = {one.name for one in table.columns if one.null}
        for index in table.indexes:
            await self.run(self._compiler.create_index(index, nullable, long))

    async def drop_table(self, name: str, *, cascade: bool) -> None:
        """Remove a table; *cascade* with the foreign keys and views that depend on it."""
        await self.run(self._compiler.drop_table(name, cascade=cascade))

    # Columns

    async def add_column(self, table: str, column: ColumnDefinition) -> None:
        """Add *column*, which must be new."""
        described = await self._database.table(table)
        if described.column(column.name):
            raise MigrationError(
                f"The table {table!r} has a column {column.name!r} already. Choose another name, "
                f"or ask first: `if not await self.column_exists({table!r}, {column.name!r}):`."
            )
        column = await self._followed(column, None)
        self.check_column(column)
        await self.edit(lambda editor: editor.add_column(table, column))

    def check_column(self, column: ColumnDefinition) -> None:
        """Raise MigrationError where the database has no such columns."""
        virtual = column.generated is not None and not column.stored
        wanted = {
            "arrays": (column.array, "lists of values", 'Use t.json("…"), or a table of its own'),
            "binary_json": (column.binary_json, "binary JSON", 'Use t.json("…")'),
            "virtual_columns": (virtual, "columns computed when they are read", "Use stored=True"),
        }
        for feature, (is_used, name, instead) in wanted.items():
            if is_used and feature not in self._database.dialect.ddl_features:
                raise MigrationError(
                    f"The column {column.name!r} needs {name}, which {self._database.dialect.name} "
                    f"databases do not have. {instead}."
                )

    async def _followed(
        self, column: ColumnDefinition, made: TableDefinition | None
    ) -> ColumnDefinition:
        """*column*, with the type and name of the key that it points at."""
        key = column.foreign_key
        if key is None or not column.follows:
            return column
        if made is not None and key.to_table == made.name:
            target = next((one for one in made.columns if one.primary_key), None)
            kind, limit, name = (target.kind, target.limit, target.name) if target else _USUAL_KEY
        else:
            described = await self._database.table(key.to_table)
            there = [described.column(one) for one in described.primary_key]
            one = there[0] if len(there) == 1 else None
            kind, limit, name = (one.kind, one.limit, one.name) if one else _USUAL_KEY
        # Counted keys have 64 bits everywhere.
        kind = "bigint" if kind == "integer" else kind
        return replace(column, kind=kind, limit=limit, foreign_key=replace(key, to_columns=(name,)))

    # Indexes and checks

    async def add_index(self, index: IndexDefinition) -> None:
        """Add *index*, whose columns must exist."""
        names = [column for column in index.columns if isinstance(column, str)]
        found = [await self._find.column(index.table, name) for name in names]
        nullable = {column.name for column in found if column.null}
        long = self._long(found)
        self._check_index(index, long)
        await self.run(self._compiler.create_index(index, nullable, long))

    async def rename_index(self, table: str, name: str, new_name: str) -> None:
        """Give an index another name."""
        await self.edit(lambda editor: editor.rename_index(table, name, new_name))

    async def check_names(self, table: str) -> list[str]:
        """The names of the checks of *table*."""
        async with self._database.transaction() as transaction:
            editor = schema_editor(self._database.dialect, transaction.connection)
            return await editor.check_names(table)

    async def remove_check(self, table: str, name: str) -> None:
        """Remove the check called *name*, which must exist."""
        names = await self.check_names(table)
        if name not in names:
            raise MigrationError(
                f"The table {table!r} has no check {name!r}. {suggestion(name, names)}"
            )
        await self.edit(lambda editor: editor.remove_check(table, name))

    def _long(self, columns: Sequence[Column | ColumnDefinition]) -> set[str]:
        """Those of *columns* of which an index takes only the beginning."""
        kinds = self._database.dialect.long_kinds
        return {column.name for column in columns if column.kind in kinds}

    def _check_index(self, index: IndexDefinition, long: set[str]) -> None:
        """Refuse an index that the database does not have, before anything is made."""
        can, name = self._database.capabilities, self._database.dialect.name
        methods = self._database.dialect.index_methods
        if index.using is not None and index.using not in methods:
            known = f"It has {', '.join(sorted(methods))}" if methods else "It has one kind only"
            raise MigrationError(
                f"{index.name!r} cannot be made using {index.using!r} on a {name} database. "
                f"{known}; leave using= out, or ask for self.database.dialect.name."
            )
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
