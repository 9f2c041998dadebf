"""Numbers: whole ones, binary floating-point ones and exact decimal ones."""

from __future__ import annotations

import math
from copy import copy
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import TYPE_CHECKING, Any, ClassVar, Self

from velocious.sql.types.base import ColumnType
from velocious.sql.types.parsing import parsed_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.database.schema import Column

INT32_MIN, INT32_MAX = -(2**31), 2**31 - 1
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


_WHOLE = IntegerType()


class SmallIntegerType(IntegerType):
    """A whole number of 32 bits, where BIGINT is another type."""

    takes: ClassVar[str] = (
        "a whole number between -2**31 and 2**31 - 1 (a column of type bigint takes larger ones)"
    )

    @property
    def sought(self) -> ColumnType:
        return _WHOLE

    def encode(self, value: Any) -> Any:
        if type(value) is int and INT32_MIN <= value <= INT32_MAX:
            return value
        return None if value is None else self.encode_other(self.cast(value))

    def encode_many(self, values: Sequence[Any]) -> Sequence[Any]:
        if (
            set(map(type, values)) == {int}
            and min(values) >= INT32_MIN
            and max(values) <= INT32_MAX
        ):
            return values
        return list(map(self.encode, values))

    def encode_other(self, value: Any) -> Any:
        if value is None:
            return None
        if type(value) is int and INT32_MIN <= value <= INT32_MAX:
            return value
        raise self.refusal(value)


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
    """An exact decimal number. That of a column with a precision takes only what fits into its
    digits, and is stored with as many behind the point as the column has: on every database alike.
    """

    kind: ClassVar[str] = "decimal"
    storage: ClassVar[str] = "decimal"
    takes: ClassVar[str] = "a decimal number"
    native: ClassVar[frozenset[type]] = frozenset({Decimal})
    _digits: _Digits | None = None

    def fitted(self, column: Column) -> Self:
        if column.precision is None or (column.scale or 0) < 0:
            return self
        bound = copy(self)
        bound._digits = _Digits(self, column.precision, column.scale or 0)
        return bound

    @property
    def sought(self) -> ColumnType:
        return self if self._digits is None else self._digits.unlimited

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
        if self._digits is not None:
            value = self._with_digits(value, self._digits)
        return value if self.write is None else self.write(value)

    def _with_digits(self, value: Decimal, digits: _Digits) -> Decimal:
        try:
            # Databases know no -0.
            return value.quantize(digits.last, context=digits.context) if value else digits.zero
        except Inexact:
            reason = (
                f"the column keeps {digits.scale} digits behind the point: assign "
                f"round(value, {digits.scale})"
            )
        except InvalidOperation:
            reason = (
                f"the column keeps {digits.precision - digits.scale} digits before the point and "
                f"{digits.scale} behind it"
            )
        raise self.refusal(value, reason)


class _Digits:
    """How many digits a column keeps."""

    __slots__ = ("context", "last", "precision", "scale", "unlimited", "zero")

    def __init__(self, unlimited: DecimalType, precision: int, scale: int) -> None:
        self.unlimited = unlimited
        self.precision = precision
        self.scale = scale
        self.last = Decimal(1).scaleb(-scale)
        self.zero = Decimal(0).quantize(self.last)
        self.context = Context(prec=precision, traps=[InvalidOperation, Inexact])


def _exact_float(number: int) -> Any:
    try:
        converted = float(number)
    except OverflowError:
        return number
    return converted if converted == number else number
