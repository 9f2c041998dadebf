"""Numbers: whole ones, binary floating-point ones and exact decimal ones."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from velocious.sql.types.base import ColumnType
from velocious.sql.types.parsing import parsed_number

if TYPE_CHECKING:
    from collections.abc import Sequence

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1
LONGEST_DECIMAL = 1000


class IntegerType(ColumnType):
    """A whole number of 64 bits."""

    kind: ClassVar[str] = "integer"
    storage: ClassVar[str] = "integer"
    takes: ClassVar[str] = "a whole number between -2**63 and 2**63 - 1"
    native: ClassVar[frozenset[type]] = frozenset({int})

    def cast(self, value: Any) -> Any:
        if isinstance(value, int):
            return int(value)
        if isinstance(value, str):
            return parsed_number(value, int)
        if isinstance(value, float | Decimal) and math.isfinite(value) and value == int(value):
            return int(value)
        return value

    def encode(self, value: Any) -> Any:
        if type(value) is int and INT64_MIN <= value <= INT64_MAX:
            return value
        return None if value is None else self.encode_other(self.cast(value))

    def encode_many(self, values: Sequence[Any]) -> Sequence[Any]:
        if (
            set(map(type, values)) == {int}
            and min(values) >= INT64_MIN
            and max(values) <= INT64_MAX
        ):
            return values
        return list(map(self.encode, values))

    def encode_other(self, value: Any) -> Any:
        if value is None:
            return None
        if type(value) is int and INT64_MIN <= value <= INT64_MAX:
            return value
        raise self.refusal(value)


class BigintType(IntegerType):
    """A whole number of 64 bits, where the database has smaller ones too."""

    kind: ClassVar[str] = "bigint"


class FloatType(ColumnType):
    """A binary floating-point number; NaN is refused (SQLite would store NULL)."""

    kind: ClassVar[str] = "float"
    storage: ClassVar[str] = "float"
    takes: ClassVar[str] = "a number that is not NaN"
    native: ClassVar[frozenset[type]] = frozenset({float})

    def cast(self, value: Any) -> Any:
        if isinstance(value, int):
            return _exact_float(value)
        if isinstance(value, Decimal):
            return float(value)
        return parsed_number(value, float) if isinstance(value, str) else value

    def encode_other(self, value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, float) or math.isnan(value):
            raise self.refusal(value)
        return value


class DecimalType(ColumnType):
    """An exact decimal number."""

    kind: ClassVar[str] = "decimal"
    storage: ClassVar[str] = "decimal"
    takes: ClassVar[str] = "a decimal number"
    native: ClassVar[frozenset[type]] = frozenset({Decimal})

    def cast(self, value: Any) -> Any:
        if isinstance(value, bool):
            return value
        if isinstance(value, int | float):
            return Decimal(str(value))
        return parsed_number(value, Decimal) if isinstance(value, str) else value

    def encode_other(self, value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, Decimal) or not value.is_finite():
            raise self.refusal(value)
        # Written out, "1e999999999" would take a gigabyte.
        if abs(value.adjusted()) > LONGEST_DECIMAL:
            raise self.refusal(value, f"it has more than {LONGEST_DECIMAL} digits")
        return value if self.write is None else self.write(value)


def _exact_float(number: int) -> Any:
    try:
        converted = float(number)
    except OverflowError:
        return number
    return converted if converted == number else number
