"""How SQLAlchemy stores and reads each kind: its own types, and two of ours for what it lacks."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import mysql

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.differential.schema import Column


class Instant(sa.TypeDecorator[datetime]):
    """An instant, kept as UTC without saying so."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        # Without a digit MariaDB would compare whole seconds.
        if dialect.name == "mysql":
            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        return super().load_dialect_impl(dialect)

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return None if value is None else value.replace(tzinfo=UTC)


class Exact(sa.TypeDecorator[Decimal]):
    """A decimal as its digits."""

    impl = sa.String
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else format(value, "f")

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return None if value is None else Decimal(value)


class Identifier(sa.TypeDecorator[UUID]):
    """A UUID as its usual text."""

    impl = sa.String
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else str(value)

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return None if value is None else UUID(value)


def _without_size(type: Any) -> Callable[[Column], Any]:
    return lambda _: type()


def _numeric(column: Column) -> Any:
    return sa.Numeric(column.precision, column.scale)


type Types = Mapping[str, Callable[[Column], Any]]

#: What SQLite stores each kind as.
TYPES: Types = {
    kind: _without_size(type)
    for kind, type in {
        "integer": sa.BigInteger,
        "bigint": sa.BigInteger,
        "string": sa.String,
        "text": sa.Text,
        "boolean": sa.Boolean,
        "float": sa.Double,
        "decimal": Exact,
        "date": sa.Date,
        "time": sa.Time,
        "datetime": Instant,
        "uuid": Identifier,
        "binary": sa.LargeBinary,
    }.items()
}
POSTGRESQL: Types = {
    **TYPES,
    "decimal": _numeric,
    "datetime": lambda _: sa.DateTime(timezone=True),
    "uuid": _without_size(sa.Uuid),
}
MARIADB: Types = {
    **TYPES,
    "decimal": _numeric,
    "time": lambda _: mysql.TIME(fsp=6),
}


def described(column: Column, types: Types) -> sa.Column[Any]:
    """*column* for SQLAlchemy."""
    return sa.Column(column.name, types[column.kind](column))
