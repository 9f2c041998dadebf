"""The kinds of columns by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.sql.types.base import AnyType
from velocious.sql.types.binary import BinaryType, UuidType
from velocious.sql.types.boolean import BooleanType
from velocious.sql.types.document import JsonType
from velocious.sql.types.moments import DatetimeType, DateType, TimeType
from velocious.sql.types.numbers import BigintType, DecimalType, FloatType, IntegerType
from velocious.sql.types.text import StringType, TextType

if TYPE_CHECKING:
    from velocious.sql.types.base import ColumnType

#: The kinds a migration can name, and what their values are in Python. How a database stores them
#: says its dialect: ``dialect.column_type(kind)``.
COLUMN_TYPES: dict[str, ColumnType] = {
    kind.kind: kind
    for kind in (
        AnyType(),
        StringType(),
        TextType(),
        IntegerType(),
        BigintType(),
        FloatType(),
        DecimalType(),
        BooleanType(),
        DatetimeType(),
        DateType(),
        TimeType(),
        JsonType(),
        BinaryType(),
        UuidType(),
    )
}


def column_type(kind: str) -> ColumnType:
    """The type called *kind*, of no database; an unknown one takes what the driver takes."""
    return COLUMN_TYPES.get(kind, COLUMN_TYPES["any"])
