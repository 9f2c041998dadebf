"""Encodes a value by its own Python type, where no column says what it is for (raw SQL)."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from velocious.errors import UnsupportedValueError
from velocious.sql.types import column_type

if TYPE_CHECKING:
    from velocious.sql.dialects.base import Dialect

_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "boolean"),
    (datetime, "datetime"),
    (date, "date"),
    (time, "time"),
    (Decimal, "decimal"),
    (UUID, "uuid"),
    (bytearray, "binary"),
    (memoryview, "binary"),
    (int, "bigint"),
    (float, "float"),
    (str, "text"),
)


def encode_by_type(value: Any, dialect: Dialect | None = None) -> Any:
    """*value* as the drivers of *dialect* bind it; without one, checked.

    Raises:
        UnsupportedValueError: for a value of a type that no column stores.
    """
    if value is None or type(value) in (str, bytes):
        return value
    for python_type, kind in _KINDS:
        if isinstance(value, python_type):
            known = column_type(kind) if dialect is None else dialect.column_type(kind)
            return known.encode(value)
    raise UnsupportedValueError(
        f"{value!r} ({type(value).__name__}) cannot be a parameter of raw SQL. Give numbers, text, "
        "bytes, booleans, "
        "dates, times, decimals or UUIDs; write one ? for each member of a list.",
        value=value,
    )
