"""Changes SQLite tables: with ALTER TABLE where it is enough, else by a rebuild.

Law: ALTER TABLE ADD COLUMN and DROP COLUMN are used only in the cases that SQLite documents as
working.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from velocious.database.sqlite.clauses import named_in
from velocious.database.sqlite.rebuild import Rebuild
from velocious.database.sqlite.tokens import mentions, same_name, tokens
from velocious.errors import MigrationError, StatementError
from velocious.sql.definition_compiler import DefinitionCompiler
from velocious.sql.definitions import MISSING, Expression

if TYPE_CHECKING:
    from velocious.database.driver import Connection
    from velocious.database.sqlite.clauses import Clause
    from velocious.database.sqlite.connection import SqliteConnection
    from velocious.database.sqlite.create_table import CreateTable
    from velocious.sql.definitions import CheckDefinition, ColumnDefinition, ForeignKeyDefinition
    from velocious.sql.dialects.base import Dialect

_INDEXES = (
    "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? COLLATE NOCASE"
)
_INDEX = "SELECT sql FROM sqlite_schema WHERE type = 'index' AND name = ? COLLATE NOCASE"


class SqliteSchemaEditor:
    """The schema editor of a SQLite connection."""

    def __init__(self, dialect: Dialect, connection: Connection) -> None:
        self._connection = cast("SqliteConnection", connection)
        self._compiler = DefinitionCompiler(dialect)
        self._rebuild = Rebuild(dialect, self._connection)

    async def add_column(self, table: str, column: ColumnDefinition) -> None:
        text = self._compiler.column(column)
        if column.foreign_key:
            constraint = self._compiler.quote(column.foreign_key.name)
            text += f" CONSTRAINT {constraint} {self._compiler.references(column.foreign_key)}"
        if _can_be_added(column):
            await self._alter(table, f"ADD COLUMN {text}")
        else:
            await self._refuse_rows_without_value(table, column)
            definition = await self._rebuild.definition(table)
            await self._rebuild.replace(table, definition.adding_column(text))

    async def remove_column(self, table: str, name: str) -> None:
        definition = await self._rebuild.definition(table)
        if _in_primary_key(definition, name):
            raise MigrationError(
                f"{name!r} is part of the primary key of {table!r}, so it cannot be removed. "
                "Create a new table with the key you want and copy the rows."
            )
        await self._drop_indexes(table, name)
        freed = definition.without_constraints_of(name)
        if freed != definition:
            await self._rebuild.replace(table, freed)
        try:
            await self._alter(table, f"DROP COLUMN {self._compiler.quote(name)}")
        except StatementError as error:
            raise MigrationError(
                f"The column {name!r} of {table!r} is still used: {error}. Drop the view, "
                "trigger or check that uses it before, and create it again without the column."
            ) from error

    async def change_type(self, table: str, column: ColumnDefinition) -> None:
        definition = await self._rebuild.definition(table)
        changed = definition.column(column.name).with_type(self._compiler.type(column))
        if column.collation:
            collation = f"COLLATE {self._compiler.quote(column.collation)}"
            changed = changed.with_clause("COLLATE", collation)
        await self._rebuild.replace(table, definition.with_column(column.name, changed))

    async def change_null(self, table: str, name: str, null: bool) -> None:
        definition = await self._rebuild.definition(table)
        column = definition.column(name).without(lambda clause: clause.kind in ("NULL", "NOT NULL"))
        changed = column if null else column.with_clause("NOT NULL", "NOT NULL")
        await self._rebuild.replace(table, definition.with_column(name, changed))

    async def change_default(self, table: str, name: str, default: str | None) -> None:
        definition = await self._rebuild.definition(table)
        column = definition.column(name)
        if default is None:
            changed = column.without(lambda clause: clause.kind == "DEFAULT")
        else:
            changed = column.with_clause("DEFAULT", f"DEFAULT {default}")
        await self._rebuild.replace(table, definition.with_column(name, changed))

    async def add_foreign_key(self, table: str, key: ForeignKeyDefinition) -> None:
        definition = await self._rebuild.definition(table)
        changed = definition.adding_constraint(self._compiler.foreign_key(key))
        await self._rebuild.replace(table, changed)

    async def remove_foreign_key(self, table: str, columns: tuple[str, ...]) -> None:
        definition = await self._rebuild.definition(table)
        await self._rebuild.replace(table, definition.without_foreign_key(columns))

    async def check_names(self, table: str) -> list[str]:
        return sorted((await self._rebuild.definition(table)).check_names())

    async def add_check(self, table: str, check: CheckDefinition) -> None:
        definition = await self._rebuild.definition(table)
        changed = definition.adding_constraint(self._compiler.check(check))
        await self._rebuild.replace(table, changed)

    async def remove_check(self, table: str, name: str) -> None:
        definition = await self._rebuild.definition(table)
        await self._rebuild.replace(table, definition.without_check(name))

    async def validate(self, table: str, name: str) -> None:
        """Nothing to do: every row has been looked at."""

    async def change_comment(self, table: str, name: str | None, comment: str | None) -> None:
        """Nothing to do: SQLite has no comments."""

    async def rename_index(self, table: str, name: str, new_name: str) -> None:
        ((text,),) = await self._connection.fetch(_INDEX, (name,))
        if text is None:
            raise MigrationError(
                f"The index {name!r} belongs to a constraint of {table!r}, so it keeps its name."
            )
        # CREATE [UNIQUE] INDEX [IF NOT EXISTS] name ON …; what follows the name stays.
        words = tokens(text)
        place = next(at for at, word in enumerate(words) if word.keyword == "ON")
        start, end = words[place - 1].start, words[place - 1].end
        await self._connection.execute(self._compiler.drop_index(name, table))
        await self._connection.execute(
            f"{text[:start]}{self._compiler.quote(new_name)}{text[end:]}"
        )

    # What stands in the way

    async def _refuse_rows_without_value(self, table: str, column: ColumnDefinition) -> None:
        if column.null or column.default is not MISSING or column.generated is not None:
            return
        source = self._compiler.quote(table)
        if await self._connection.fetch(f"SELECT 1 FROM {source} LIMIT 1"):
            raise MigrationError(
                f"The new column {column.name!r} must not be NULL, but {table!r} has rows and the "
                f"column has no default. Give one: add_column({table!r}, {column.name!r}, "
                f"{column.kind!r}, null=False, default=…)."
            )

    async def _drop_indexes(self, table: str, column: str) -> None:
        for name, sql in await self._connection.fetch(_INDEXES, (table,)):
            # Without its own words CREATE INDEX … ON table, which may be named like the column.
            if sql and mentions(sql[sql.index("(") :], column):
                await self._connection.execute(self._compiler.drop_index(name, table))

    async def _alter(self, table: str, action: str) -> None:
        await self._connection.execute(
            f"ALTER TABLE {self._compiler.quote(table)} {action}", unbounded=True
        )


def _can_be_added(column: ColumnDefinition) -> bool:
    """Whether ALTER TABLE ADD COLUMN takes it: its value must be known without looking at rows."""
    if column.generated is not None:
        return not column.stored and column.null
    has_value = column.default is not MISSING and column.default is not None
    if column.primary_key or isinstance(column.default, Expression):
        return False
    if column.foreign_key and has_value:
        return False
    return column.null or has_value


def _in_primary_key(definition: CreateTable, name: str) -> bool:
    return any(
        clause.kind == "PRIMARY"
        and (same_name(one.column, name) or (one.column is None and _names(clause, name)))
        for one in definition.definitions
        for clause in one.clauses
    )


def _names(clause: Clause, name: str) -> bool:
    return any(same_name(one, name) for one in named_in(clause))
