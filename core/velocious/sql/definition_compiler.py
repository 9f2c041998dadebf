"""Definitions as SQL text of a dialect.

Law: names go through the dialect's quoting. Data definition cannot bind parameters, so this is the
one place where values (a column's default) are written into SQL, each through the column's own type
and :func:`literal`.
"""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from velocious.errors import UnsupportedValueError
from velocious.sql.definitions import MISSING, Expression
from velocious.sql.types import DecimalType

if TYPE_CHECKING:
    from collections.abc import Collection

    from velocious.sql.definitions import (
        ColumnDefinition,
        ForeignKeyDefinition,
        IndexDefinition,
        TableDefinition,
    )
    from velocious.sql.dialects.base import Dialect

STRING_LIMIT = 255
DECIMAL_PRECISION = 10


def literal(value: object) -> str:
    """*value*, as a driver would bind it, spelled as standard SQL.

    Raises:
        UnsupportedValueError: for a value that has no spelling.
    """
    match value:
        case None:
            return "NULL"
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | Decimal():
            return str(value)
        case float() if math.isfinite(value):
            return repr(value)
        case str() if "\x00" not in value:
            return "'" + value.replace("'", "''") + "'"
        case datetime():
            return f"'{value.isoformat(' ')}'"
        case date() | time() | timedelta() | UUID():
            return f"'{value}'"
        case bytes():
            return f"X'{value.hex()}'"
        case _:
            raise UnsupportedValueError(
                f"{value!r} cannot be the default of a column. Give a number, text without NUL, "
                'bytes, or SQL: default=sql("CURRENT_TIMESTAMP").'
            )


class DefinitionCompiler:
    """Writes the statements that make tables, columns and indexes."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect

    # Statements

    def create_table(self, table: TableDefinition) -> str:
        """CREATE TABLE, without its indexes."""
        lines = [self.column(column) for column in table.columns]
        keys = [one.name for one in table.columns if one.primary_key and not one.automatic]
        if keys:
            lines.append(f"PRIMARY KEY ({self.names(keys)})")
        columns = (column.foreign_key for column in table.columns if column.foreign_key)
        lines += [self.foreign_key(key) for key in (*columns, *table.foreign_keys)]
        lines += [f"CHECK ({check})" for check in table.checks]
        condition = "IF NOT EXISTS " if table.if_not_exists else ""
        body = ",\n  ".join(lines)
        return f"CREATE TABLE {condition}{self.quote(table.name)} (\n  {body}\n)" + (
            self.dialect.table_options
        )

    def create_index(
        self,
        index: IndexDefinition,
        nullable: Collection[str] = (),
        long: Collection[str] = (),
    ) -> str:
        """CREATE INDEX. It has NULL where queries want it, for the columns that are *nullable*, and
        only the beginning of those that are *long*.
        """
        kind = "UNIQUE INDEX" if index.unique else "INDEX"
        columns = ", ".join(self._indexed(column, nullable, long) for column in index.columns)
        where = f" WHERE {index.where}" if index.where else ""
        place = f"{self.quote(index.table)} ({columns})"
        return f"CREATE {kind} {self.quote(index.name)} ON {place}{where}"

    def drop_index(self, name: str, table: str) -> str:
        place = f" ON {self.quote(table)}" if self.dialect.index_of_table else ""
        return f"DROP INDEX {self.quote(name)}{place}"

    def drop_table(self, name: str, *, if_exists: bool = False) -> str:
        return f"DROP TABLE {'IF EXISTS ' if if_exists else ''}{self.quote(name)}"

    def rename_table(self, name: str, new_name: str) -> str:
        return f"ALTER TABLE {self.quote(name)} RENAME TO {self.quote(new_name)}"

    def rename_column(self, table: str, name: str, new_name: str) -> str:
        names = f"{self.quote(name)} TO {self.quote(new_name)}"
        return f"ALTER TABLE {self.quote(table)} RENAME COLUMN {names}"

    # Parts

    def column(self, column: ColumnDefinition) -> str:
        """A column as CREATE TABLE has it, without its foreign key."""
        if column.automatic:
            return f"{self.quote(column.name)} {self.dialect.integer_key}"
        parts = [self.quote(column.name), self.type(column)]
        if not column.null:
            parts.append("NOT NULL")
        if column.default is not MISSING:
            value = _with_digits(column.default, column)
            parts.append(f"DEFAULT {self.default(column.kind, value)}")
        if column.check:
            parts.append(f"CHECK ({column.check})")
        return " ".join(parts)

    def type(self, column: ColumnDefinition) -> str:
        """The type as the dialect spells it."""
        spelling = self.dialect.column_types[column.kind]
        if column.kind == "decimal":
            precision, scale = column.precision or DECIMAL_PRECISION, column.scale or 0
            return spelling.format(precision=precision, scale=scale)
        return spelling.format(limit=column.limit or STRING_LIMIT)

    def default(self, kind: str, value: object) -> str:
        """A default: a value of the type *kind*, or an expression."""
        if isinstance(value, Expression):
            return f"({value.text})"
        encoded = self.dialect.column_type(kind).encode(value)
        is_bytes = type(encoded) is bytes
        text = self.dialect.bytes_literal(encoded) if is_bytes else literal(encoded)
        return self.dialect.default(kind, text)

    def foreign_key(self, key: ForeignKeyDefinition) -> str:
        """A foreign key as a constraint of its table."""
        return (
            f"CONSTRAINT {self.quote(key.name)} FOREIGN KEY ({self.names(key.columns)}) "
            f"{self.references(key)}"
        )

    def references(self, key: ForeignKeyDefinition) -> str:
        """What a foreign key points at, and what happens to it."""
        text = f"REFERENCES {self.quote(key.to_table)} ({self.names(key.to_columns)})"
        if key.on_delete:
            text += f" ON DELETE {key.on_delete}"
        if key.on_update:
            text += f" ON UPDATE {key.on_update}"
        return text

    def names(self, names: tuple[str, ...] | list[str]) -> str:
        return ", ".join(map(self.quote, names))

    def quote(self, name: str) -> str:
        return self.dialect.quote(name)

    def _indexed(
        self, column: str | Expression, nullable: Collection[str], long: Collection[str]
    ) -> str:
        if isinstance(column, Expression):
            return f"({column.text})"
        nulls = " NULLS FIRST" if self.dialect.nulls_last and column in nullable else ""
        prefix = f"({self.dialect.index_prefix})" if column in long else ""
        return self.quote(column) + prefix + nulls


def _with_digits(default: object, column: ColumnDefinition) -> object:
    """*default* with the digits of its column, which every stored decimal has."""
    if column.kind != "decimal" or default is None or isinstance(default, Expression):
        return default
    precision, scale = column.precision or DECIMAL_PRECISION, column.scale or 0
    return DecimalType().with_digits(precision, scale).encode(default)
