"""Changes PostgreSQL tables: what ALTER TABLE can do, it does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from velocious.database.postgresql.column import plain_default
from velocious.errors import (
    ForeignKeyConstraintError,
    MigrationError,
    NotNullConstraintError,
    StatementError,
)
from velocious.sql.definition_compiler import DefinitionCompiler

if TYPE_CHECKING:
    from velocious.database.driver import Connection
    from velocious.sql.definitions import CheckDefinition, ColumnDefinition, ForeignKeyDefinition
    from velocious.sql.dialects.base import Dialect

_IN_KEY = """
    SELECT 1 FROM pg_constraint k
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY(k.conkey)
    WHERE k.conrelid = to_regclass(quote_ident($1)) AND k.contype = 'p' AND a.attname = $2
"""
# The default's expression must be of the new type, too, and is made anew.
_DEFAULT = """
    SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d
    JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
    WHERE d.adrelid = to_regclass(quote_ident($1)) AND a.attname = $2
"""
# Indexes over expressions and conditions stay behind when only their own columns are looked at.
_INDEXES = """
    SELECT c.relname::text FROM pg_depend d
    JOIN pg_class c ON c.oid = d.objid AND c.relkind IN ('i', 'I')
    JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    LEFT JOIN pg_constraint k ON k.conindid = c.oid AND k.conrelid = d.refobjid
    WHERE d.refobjid = to_regclass(quote_ident($1)) AND a.attname = $2 AND k.oid IS NULL
"""
# A check of several columns would go along without a word.
_CHECKS = """
    SELECT k.conname::text FROM pg_constraint k
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY(k.conkey)
    WHERE k.conrelid = to_regclass(quote_ident($1)) AND k.contype = 'c' AND a.attname = $2
      AND cardinality(k.conkey) > 1
"""
_ALL_CHECKS = """
    SELECT conname::text FROM pg_constraint
    WHERE conrelid = to_regclass(quote_ident($1)) AND contype = 'c' ORDER BY conname COLLATE "C"
"""
_FOREIGN_KEYS = """
    SELECT k.conname::text FROM pg_constraint k
    WHERE k.conrelid = to_regclass(quote_ident($1)) AND k.contype = 'f' AND (
      SELECT array_agg(a.attname::text ORDER BY part.place)
      FROM unnest(k.conkey) WITH ORDINALITY AS part (number, place)
      JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = part.number
    ) = $2::text[]
"""


_LITERAL = re.compile(r"-?\d+(?:\.\d+)?|true|false")


class PostgresqlSchemaEditor:
    """The schema editor of a PostgreSQL connection."""

    def __init__(self, dialect: Dialect, connection: Connection) -> None:
        self._connection = connection
        self._compiler = DefinitionCompiler(dialect)

    async def add_column(self, table: str, column: ColumnDefinition) -> None:
        text = self._compiler.column(column)
        if column.foreign_key:
            constraint = self._compiler.quote(column.foreign_key.name)
            text += f" CONSTRAINT {constraint} {self._compiler.references(column.foreign_key)}"
        elif column.primary_key and not column.automatic:
            text += " PRIMARY KEY"
        try:
            await self._alter(table, f"ADD COLUMN {text}")
            if column.comment is not None:
                await self.change_comment(table, column.name, column.comment)
        except NotNullConstraintError as error:
            raise MigrationError(
                f"The new column {column.name!r} must not be NULL, but {table!r} has rows and the "
                f"column has no default. Give one: add_column({table!r}, {column.name!r}, "
                f"{column.kind!r}, null=False, default=…)."
            ) from error

    async def remove_column(self, table: str, name: str) -> None:
        if await self._connection.fetch(_IN_KEY, (table, name)):
            raise MigrationError(
                f"{name!r} is part of the primary key of {table!r}, so it cannot be removed. "
                "Create a new table with the key you want and copy the rows."
            )
        for (check,) in await self._connection.fetch(_CHECKS, (table, name)):
            raise MigrationError(
                f"The column {name!r} of {table!r} is still used by the check {check!r}. Drop the "
                "check before, and create it again without the column."
            )
        for (index,) in await self._connection.fetch(_INDEXES, (table, name)):
            await self._connection.execute(self._compiler.drop_index(index, table))
        try:
            await self._alter(table, f"DROP COLUMN {self._compiler.quote(name)}")
        except StatementError as error:
            raise MigrationError(
                f"The column {name!r} of {table!r} is still used: {error}. Drop the view, "
                "trigger or foreign key that uses it before, and create it again without the "
                "column."
            ) from error

    async def change_type(self, table: str, column: ColumnDefinition) -> None:
        name, type = self._compiler.quote(column.name), self._compiler.type(column)
        defaults = await self._connection.fetch(_DEFAULT, (table, column.name))
        if defaults:
            await self._alter(table, f"ALTER COLUMN {name} DROP DEFAULT")
        # Through text, as every type can be read from it; what cannot is refused, never guessed.
        using = f"USING CAST(CAST({name} AS TEXT) AS {type})"
        collation = f" COLLATE {self._compiler.quote(column.collation)}" if column.collation else ""
        await self._alter(table, f"ALTER COLUMN {name} TYPE {type}{collation} {using}")
        for (default,) in defaults:
            changed = _of_type(default, type)
            await self._alter(table, f"ALTER COLUMN {name} SET DEFAULT {changed}")

    async def change_null(self, table: str, name: str, null: bool) -> None:
        action = "DROP" if null else "SET"
        await self._alter(table, f"ALTER COLUMN {self._compiler.quote(name)} {action} NOT NULL")

    async def change_default(self, table: str, name: str, default: str | None) -> None:
        action = "DROP DEFAULT" if default is None else f"SET DEFAULT {default}"
        await self._alter(table, f"ALTER COLUMN {self._compiler.quote(name)} {action}")

    async def add_foreign_key(self, table: str, key: ForeignKeyDefinition) -> None:
        # The server stops at the first row; a savepoint lets us count them.
        await self._connection.control("SAVEPOINT velocious_editor")
        try:
            await self._alter(table, f"ADD {self._compiler.foreign_key(key)}")
        except ForeignKeyConstraintError as error:
            await self._connection.control("ROLLBACK TO SAVEPOINT velocious_editor")
            count = await self._orphans(table, key)
            raise MigrationError(
                f"{count} rows of {table!r} point at rows of {key.to_table!r} that do not exist. "
                f'Delete or repair them in the migration first: await self.execute("DELETE FROM '
                f'{table} WHERE …").'
            ) from error
        await self._connection.control("RELEASE SAVEPOINT velocious_editor")

    async def _orphans(self, table: str, key: ForeignKeyDefinition) -> int:
        quote = self._compiler.quote
        pairs = list(zip(map(quote, key.columns), map(quote, key.to_columns), strict=True))
        there = " AND ".join(f"child.{own} = parent.{other}" for own, other in pairs)
        given = " AND ".join(f"child.{own} IS NOT NULL" for own, _ in pairs)
        rows = await self._connection.fetch(
            f"SELECT count(*) FROM {quote(table)} AS child WHERE {given} AND NOT EXISTS "
            f"(SELECT 1 FROM {quote(key.to_table)} AS parent WHERE {there})"
        )
        return rows[0][0]

    async def remove_foreign_key(self, table: str, columns: tuple[str, ...]) -> None:
        for (name,) in await self._connection.fetch(_FOREIGN_KEYS, (table, list(columns))):
            await self._alter(table, f"DROP CONSTRAINT {self._compiler.quote(name)}")

    async def check_names(self, table: str) -> list[str]:
        return [name for (name,) in await self._connection.fetch(_ALL_CHECKS, (table,))]

    async def add_check(self, table: str, check: CheckDefinition) -> None:
        await self._alter(table, f"ADD {self._compiler.check(check)}")

    async def remove_check(self, table: str, name: str) -> None:
        await self._alter(table, f"DROP CONSTRAINT {self._compiler.quote(name)}")

    async def validate(self, table: str, name: str) -> None:
        await self._alter(table, f"VALIDATE CONSTRAINT {self._compiler.quote(name)}")

    async def change_comment(self, table: str, name: str | None, comment: str | None) -> None:
        await self._connection.execute(self._compiler.comment(table, name, comment))

    async def rename_index(self, table: str, name: str, new_name: str) -> None:
        await self._connection.execute(self._compiler.rename_index(table, name, new_name))

    async def _alter(self, table: str, action: str) -> None:
        await self._connection.execute(f"ALTER TABLE {self._compiler.quote(table)} {action}")


def _of_type(default: str, type: str) -> str:
    """The default of a column that gets another *type*: a literal is read as one of it."""
    plain = plain_default(default, "")
    if plain is not None and plain.startswith("'") and plain.endswith("'"):
        return plain
    if plain is not None and _LITERAL.fullmatch(plain):
        return f"'{plain}'"
    return f"CAST(CAST({default} AS TEXT) AS {type})"
