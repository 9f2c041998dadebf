"""How SQLAlchemy stores and reads each kind: its own types, and two of ours for what it lacks."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

if TYPE_CHECKING:
    from tests.differential.schema import Column


class Instant(sa.TypeDecorator[datetime]):
    """An instant, kept as UTC without saying so."""

    impl = sa.DateTime
    cache_ok = True

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


TYPES: dict[str, Any] = {
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
}


def described(column: Column) -> sa.Column[Any]:
    """*column* for SQLAlchemy."""
    return sa.Column(column.name, TYPES[column.kind]())
