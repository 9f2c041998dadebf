"""Definitions as SQL text of a dialect.

Law: names go through the dialect's quoting. Data definition cannot bind parameters, so this is the
one place where values (a column's default) are written into SQL, each through the column's own type
and :func:`literal`.
"""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, cast
from uuid import UUID

from velocious.database.schema import Column
from velocious.errors import UnsupportedValueError
from velocious.sql.definitions import MISSING, Expression
from velocious.sql.types import COLUMN_TYPES

if TYPE_CHECKING:
    from collections.abc import Collection

    from velocious.sql.definitions import (
        CheckDefinition,
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
        keys = list(table.primary_key) or keys
        if keys:
            lines.append(f"PRIMARY KEY ({self.names(keys)})")
        columns = (column.foreign_key for column in table.columns if column.foreign_key)
        lines += [self.foreign_key(key) for key in (*columns, *table.foreign_keys)]
        lines += [self.check(check) for check in table.checks]
        condition = "IF NOT EXISTS " if table.if_not_exists else ""
        body = ",\n  ".join(lines)
        text = f"CREATE TABLE {condition}{self.quote(table.name)} (\n  {body}\n)"
        text += self.dialect.table_options if table.options is None else f" {table.options}"
        if table.comment is not None and self.dialect.comments == "inline":
            text += f" COMMENT = {literal(table.comment)}"
        return text

    def comments(self, table: TableDefinition) -> list[str]:
        """The statements that comment *table* and its columns, where those stand apart."""
        if self.dialect.comments != "separate":
            return []
        own = [] if table.comment is None else [self.comment(table.name, None, table.comment)]
        return own + [
            self.comment(table.name, column.name, column.comment)
            for column in table.columns
            if column.comment is not None
        ]

    def comment(self, table: str, column: str | None, comment: str | None) -> str:
        """COMMENT ON a table, or one of its columns; None takes it away."""
        place = self.quote(table)
        place = f"TABLE {place}" if column is None else f"COLUMN {place}.{self.quote(column)}"
        return f"COMMENT ON {place} IS {literal(comment)}"

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
        if index.concurrently and self.dialect.concurrent_indexes:
            kind += " CONCURRENTLY"
        where = f" WHERE {index.where}" if index.where else ""
        columns = ", ".join(self._indexed(one, index, nullable, long) for one in index.columns)
        place = f"{self.quote(index.table)}{self._using(index.using)} ({columns})"
        return f"CREATE {kind} {self.quote(index.name)} ON {place}{where}"

    def rename_index(self, table: str, name: str, new_name: str) -> str:
        return self.dialect.rename_index(table, name, new_name)

    def create_view(self, name: str, query: str, *, replace: bool = False) -> str:
        kind = "OR REPLACE VIEW" if replace else "VIEW"
        return f"CREATE {kind} {self.quote(name)} AS {query}"

    def drop_view(self, name: str) -> str:
        return f"DROP VIEW {self.quote(name)}"

    def drop_index(self, name: str, table: str, *, concurrently: bool = False) -> str:
        place = f" ON {self.quote(table)}" if self.dialect.index_of_table else ""
        how = "CONCURRENTLY " if concurrently and self.dialect.concurrent_indexes else ""
        return f"DROP INDEX {how}{self.quote(name)}{place}"

    def drop_table(self, name: str, *, if_exists: bool = False, cascade: bool = False) -> str:
        end = " CASCADE" if cascade and self.dialect.drops_dependents else ""
        return f"DROP TABLE {'IF EXISTS ' if if_exists else ''}{self.quote(name)}{end}"

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
        if column.collation:
            parts.append(f"COLLATE {self.quote(column.collation)}")
        if column.generated is not None:
            when = "STORED" if column.stored else "VIRTUAL"
            parts.append(f"GENERATED ALWAYS AS ({column.generated}) {when}")
        if not column.null:
            parts.append("NOT NULL")
        if column.default is not MISSING:
            parts.append(f"DEFAULT {self.default_of(column)}")
        if column.comment is not None and self.dialect.comments == "inline":
            parts.append(f"COMMENT {literal(column.comment)}")
        if column.check:
            parts.append(f"CHECK ({column.check})")
        return " ".join(parts)

    def type(self, column: ColumnDefinition) -> str:
        """The type as the dialect spells it."""
        spelling = self.dialect.column_types[column.kind]
        many = "[]" if column.array else ""
        if column.kind == "decimal":
            precision, scale = column.precision or DECIMAL_PRECISION, column.scale or 0
            return spelling.format(precision=precision, scale=scale) + many
        return spelling.format(limit=column.limit or STRING_LIMIT) + many

    def default_of(self, column: ColumnDefinition) -> str:
        """The default of *column*, which has one."""
        if column.array and not isinstance(column.default, Expression):
            values = cast("list[object]", column.default)
            inside = ", ".join(self.default(column.kind, value) for value in values)
            return f"ARRAY[{inside}]::{self.type(column)}"
        return self.default(column.kind, _with_digits(column.default, column))

    def default(self, kind: str, value: object) -> str:
        """A default: a value of the type *kind*, or an expression."""
        if isinstance(value, Expression):
            return f"({value.text})"
        encoded = self.dialect.column_type(kind).encode(value)
        is_bytes = type(encoded) is bytes
        text = self.dialect.bytes_literal(encoded) if is_bytes else literal(encoded)
        return self.dialect.default(kind, text)

    def check(self, check: CheckDefinition) -> str:
        """A check as a constraint of its table."""
        condition = check.condition
        if check.column is not None:
            condition = f"{self.quote(check.column)} {condition}"
        name = self.quote(check.name)
        return f"CONSTRAINT {name} CHECK ({condition}){self._unvalidated(check)}"

    def foreign_key(self, key: ForeignKeyDefinition) -> str:
        """A foreign key as a constraint of its table."""
        return (
            f"CONSTRAINT {self.quote(key.name)} FOREIGN KEY ({self.names(key.columns)}) "
            f"{self.references(key)}{self._unvalidated(key)}"
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
        self,
        column: str | Expression,
        index: IndexDefinition,
        nullable: Collection[str],
        long: Collection[str],
    ) -> str:
        if isinstance(column, Expression):
            return f"({column.text})"
        downwards = column in index.descending
        text = self.quote(column)
        if column in long:
            text += f"({self.dialect.index_prefix})"
        if downwards:
            text += " DESC"
        # Only trees are sorted.
        if self.dialect.nulls_last and column in nullable and index.using in (None, "btree"):
            text += " NULLS LAST" if downwards else " NULLS FIRST"
        return text

    def _using(self, method: str | None) -> str:
        return f" USING {method}" if method else ""

    def _unvalidated(self, constraint: CheckDefinition | ForeignKeyDefinition) -> str:
        return "" if constraint.validate or not self.dialect.late_validation else " NOT VALID"


def _with_digits(default: object, column: ColumnDefinition) -> object:
    """*default* with the digits of its column, which every stored decimal has."""
    if column.kind != "decimal" or default is None or isinstance(default, Expression):
        return default
    precision, scale = column.precision or DECIMAL_PRECISION, column.scale or 0
    known = Column(column.name, column.kind, "", precision=precision, scale=scale)
    return COLUMN_TYPES["decimal"].fitted(known).encode(default)
