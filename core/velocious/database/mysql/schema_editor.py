"""Changes MySQL and MariaDB tables with ALTER TABLE.

Law: what is not changed stays as the server itself writes it (SHOW CREATE TABLE): collations,
comments, generated columns. Each change is one statement, which is done as a whole or not at all.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from velocious.database.mysql.shown_text import with_standard_text
from velocious.errors import (
    ForeignKeyConstraintError,
    MigrationError,
    StatementError,
    ValueOutOfRangeError,
)
from velocious.sql.definition_compiler import DefinitionCompiler, literal
from velocious.sql.definitions import MISSING

if TYPE_CHECKING:
    from velocious.database.driver import Connection
    from velocious.sql.definitions import CheckDefinition, ColumnDefinition, ForeignKeyDefinition
    from velocious.sql.dialects.base import Dialect

_INDEXES_OF = """
    SELECT DISTINCT INDEX_NAME FROM information_schema.STATISTICS
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND COLUMN_NAME = ?
"""
_FOREIGN_KEYS = """
    SELECT CONSTRAINT_NAME, GROUP_CONCAT(COLUMN_NAME ORDER BY ORDINAL_POSITION SEPARATOR '\x1f')
    FROM information_schema.KEY_COLUMN_USAGE
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND REFERENCED_TABLE_NAME IS NOT NULL
    GROUP BY CONSTRAINT_NAME ORDER BY CONSTRAINT_NAME
"""
_CHECKS = """
    SELECT CONSTRAINT_NAME FROM information_schema.TABLE_CONSTRAINTS
    WHERE CONSTRAINT_SCHEMA = DATABASE() AND TABLE_NAME = ? AND CONSTRAINT_TYPE = 'CHECK'
    ORDER BY CONSTRAINT_NAME
"""
_VIEWS = """
    SELECT TABLE_NAME, VIEW_DEFINITION FROM information_schema.VIEWS
    WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME
"""
_INDEX_NAMED = """
    SELECT 1 FROM information_schema.STATISTICS
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND INDEX_NAME = ? LIMIT 1
"""
# What a column's line in SHOW CREATE TABLE may hold behind its type; text is opaque.
_TEXT = re.compile(r"'(?:[^']|'')*'")
_NULL = re.compile(r"\s+NOT NULL\b|\s+DEFAULT NULL\b|(?<!NOT)(?<!DEFAULT)\s+NULL\b")
_BEFORE_NULL = re.compile(
    r"\s+(?:DEFAULT|AUTO_INCREMENT|ON UPDATE|INVISIBLE|COMMENT|CHECK|INVISIBLE|/\*)\b|\s+/\*|$"
)


class MysqlSchemaEditor:
    """The schema editor of a MySQL or MariaDB connection."""

    def __init__(self, dialect: Dialect, connection: Connection) -> None:
        self._connection = connection
        self._compiler = DefinitionCompiler(dialect)

    async def add_column(self, table: str, column: ColumnDefinition) -> None:
        await self._refuse_rows_without_value(table, column)
        actions = [f"ADD COLUMN {self._compiler.column(column)}"]
        if column.foreign_key:
            actions.append(f"ADD {self._compiler.foreign_key(column.foreign_key)}")
        elif column.primary_key and not column.automatic:
            actions.append(f"ADD PRIMARY KEY ({self._quote(column.name)})")
        await self._alter(table, ", ".join(actions))

    async def remove_column(self, table: str, name: str) -> None:
        indexes = [one for (one,) in await self._connection.fetch(_INDEXES_OF, (table, name))]
        if "PRIMARY" in indexes:
            raise MigrationError(
                f"{name!r} is part of the primary key of {table!r}, so it cannot be removed. "
                "Create a new table with the key you want and copy the rows."
            )
        await self._refuse_viewed(table, name)
        keys = [key for key, columns in await self._foreign_keys(table) if name in columns]
        # In one statement: the server would otherwise keep the other columns of an index.
        drops = [f"DROP FOREIGN KEY {self._quote(key)}" for key in keys]
        drops += [f"DROP INDEX {self._quote(index)}" for index in indexes]
        drops.append(f"DROP COLUMN {self._quote(name)}")
        try:
            await self._alter(table, ", ".join(drops))
        except StatementError as error:
            raise MigrationError(
                f"The column {name!r} of {table!r} is still used: {error}. Drop the check, "
                "generated column or foreign key that uses it before, and create it again without "
                "the column."
            ) from error

    async def change_type(self, table: str, column: ColumnDefinition) -> None:
        line = await self._line(table, column.name)
        rest = _behind_type(line)
        name, type = self._quote(column.name), self._compiler.type(column)
        try:
            await self._alter(table, f"MODIFY COLUMN {name} {type}{rest}")
        except ValueOutOfRangeError as error:
            raise MigrationError(
                f"A row of {table!r} has a value in {column.name!r} that does not fit "
                f"{column.kind!r}. Change or clear such values in the migration first."
            ) from error

    async def change_null(self, table: str, name: str, null: bool) -> None:
        line = _with_null(await self._line(table, name), null)
        await self._alter(table, f"MODIFY COLUMN {line}")

    async def change_default(self, table: str, name: str, default: str | None) -> None:
        column = self._quote(name)
        if default is None:
            # A column that may be NULL would otherwise demand a value in each INSERT.
            line = await self._line(table, name)
            action = "DROP DEFAULT" if "NOT NULL" in _TEXT.sub("''", line) else "SET DEFAULT NULL"
        else:
            action = f"SET DEFAULT {default}"
        await self._alter(table, f"ALTER COLUMN {column} {action}")

    async def add_foreign_key(self, table: str, key: ForeignKeyDefinition) -> None:
        try:
            await self._alter(table, f"ADD {self._compiler.foreign_key(key)}")
        except ForeignKeyConstraintError as error:
            raise MigrationError(
                f"{await self._orphans(table, key)} rows of {table!r} point at rows of "
                f"{key.to_table!r} that do not exist. Delete or repair them in the migration "
                f'first: await self.execute("DELETE FROM {table} WHERE …").'
            ) from error

    async def remove_foreign_key(self, table: str, columns: tuple[str, ...]) -> None:
        for name, own in await self._foreign_keys(table):
            if own == columns:
                await self._alter(table, f"DROP FOREIGN KEY {self._quote(name)}")
                # The index that the server has made for the key, if nobody else has made one.
                if await self._connection.fetch(_INDEX_NAMED, (table, name)):
                    await self._alter(table, f"DROP INDEX {self._quote(name)}")

    async def check_names(self, table: str) -> list[str]:
        return [name for (name,) in await self._connection.fetch(_CHECKS, (table,))]

    async def add_check(self, table: str, check: CheckDefinition) -> None:
        await self._alter(table, f"ADD {self._compiler.check(check)}")

    async def remove_check(self, table: str, name: str) -> None:
        await self._alter(table, f"DROP CONSTRAINT {self._quote(name)}")

    async def validate(self, table: str, name: str) -> None:
        """Nothing to do: every row has been looked at."""

    async def change_comment(self, table: str, name: str | None, comment: str | None) -> None:
        said = literal(comment or "")
        if name is None:
            await self._alter(table, f"COMMENT = {said}")
            return
        line = await self._line(table, name)
        texts = _TEXT.findall(line)
        bare = _TEXT.sub("''", line)
        # The comment is the last text of a line, unless a check follows it.
        found = re.search(r"\s+COMMENT ''", bare)
        if found is not None:
            texts.pop(bare[: found.start()].count("''"))
            bare = bare[: found.start()] + bare[found.end() :]
        check = re.search(r"\s+CHECK\b|$", bare)
        place = check.start() if check else len(bare)
        before = _with_texts(bare[:place], texts[: bare[:place].count("''")])
        behind = _with_texts(bare[place:], texts[bare[:place].count("''") :])
        await self._alter(table, f"MODIFY COLUMN {before} COMMENT {said}{behind}")

    async def rename_index(self, table: str, name: str, new_name: str) -> None:
        await self._connection.execute(self._compiler.rename_index(table, name, new_name))

    # What there is

    async def _foreign_keys(self, table: str) -> list[tuple[str, tuple[str, ...]]]:
        rows = await self._connection.fetch(_FOREIGN_KEYS, (table,))
        return [(name, tuple(columns.split("\x1f"))) for name, columns in rows]

    async def _orphans(self, table: str, key: ForeignKeyDefinition) -> int:
        """How many rows of *table* point at nothing."""
        pairs = list(zip(key.columns, key.to_columns, strict=True))
        matched = " AND ".join(f"own.{self._quote(a)} = other.{self._quote(b)}" for a, b in pairs)
        given = " AND ".join(f"own.{self._quote(column)} IS NOT NULL" for column in key.columns)
        sql = (
            f"SELECT count(*) FROM {self._quote(table)} AS own WHERE {given} AND NOT EXISTS "
            f"(SELECT 1 FROM {self._quote(key.to_table)} AS other WHERE {matched})"
        )
        return (await self._connection.fetch(sql))[0][0]

    async def _refuse_viewed(self, table: str, column: str) -> None:
        """Refuse to remove what a view reads: the server would let it, and the view would fail."""
        for view, definition in await self._connection.fetch(_VIEWS):
            text = definition.replace('"', "`")
            if f"`{table}`" in text and f".{self._quote(column)}" in text:
                raise MigrationError(
                    f"The column {column!r} of {table!r} is still used by the view {view!r}. Drop "
                    "the view before, and create it again without the column."
                )

    async def _line(self, table: str, column: str) -> str:
        """The definition of *column* as the server writes it, name included."""
        ((_, text),) = await self._connection.fetch(f"SHOW CREATE TABLE {self._quote(table)}")
        for line in with_standard_text(text).split("\n"):
            stripped = line.strip().rstrip(",")
            for quoted in (self._quote(column), '"' + column.replace('"', '""') + '"'):
                if stripped.startswith(f"{quoted} "):
                    return stripped
        raise MigrationError(
            f"The column {column!r} of {table!r} cannot be changed, because it is no column of a "
            "table. Change the view that it belongs to."
        )

    async def _refuse_rows_without_value(self, table: str, column: ColumnDefinition) -> None:
        # The server would give them 0 or '', and say nothing.
        given = column.default is not MISSING or column.generated is not None
        if column.null or column.automatic or given:
            return
        if await self._connection.fetch(f"SELECT 1 FROM {self._quote(table)} LIMIT 1"):
            raise MigrationError(
                f"The new column {column.name!r} must not be NULL, but {table!r} has rows and the "
                f"column has no default. Give one: add_column({table!r}, {column.name!r}, "
                f"{column.kind!r}, null=False, default=…)."
            )

    def _quote(self, name: str) -> str:
        return self._compiler.quote(name)

    async def _alter(self, table: str, action: str) -> None:
        await self._connection.execute(f"ALTER TABLE {self._quote(table)} {action}")


def _with_null(line: str, null: bool) -> str:
    """*line* with or without NOT NULL, which stands behind the type and before the default."""
    texts = _TEXT.findall(line)
    bare = _NULL.sub("", _TEXT.sub("''", line))
    found = _BEFORE_NULL.search(bare)
    place = found.start() if found else len(bare)
    changed = f"{bare[:place]}{' NULL' if null else ' NOT NULL'}{bare[place:]}"
    return _with_texts(changed, texts)


def _behind_type(line: str) -> str:
    """What *line* says behind its type, character set and collation."""
    texts = _TEXT.findall(line)
    bare = _TEXT.sub("''", line)
    found = re.search(
        r"\s+(?:NOT NULL|NULL|DEFAULT|AUTO_INCREMENT|ON UPDATE|INVISIBLE|COMMENT|CHECK|GENERATED"
        r"|AS)\b|\s+/\*|$",
        bare,
    )
    place = found.start() if found else len(bare)
    # An ENUM's values stand before it.
    texts = texts[bare[:place].count("''") :]
    rest = bare[place:]
    # MariaDB's own check of a JSON column goes with its type.
    return _with_texts(re.sub(r"\s+CHECK \(json_valid\([^)]*\)\)", "", rest), texts)


def _with_texts(bare: str, texts: list[str]) -> str:
    pieces = bare.split("''")
    return "".join(piece + text for piece, text in zip(pieces, [*texts, ""], strict=True))
