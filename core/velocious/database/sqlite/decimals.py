"""Exact arithmetic for decimals, which SQLite stores as text and would calculate with as binary
numbers.
"""

from __future__ import annotations

from decimal import Context, Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from velocious.sql.dialects.sqlite import DECIMAL_ORDER

if TYPE_CHECKING:
    import sqlite3

# No sum of numbers of at most 1000 digits (see sql/types.py) is rounded.
_EXACT = Context(prec=2100)
_DIVISION = Context(prec=40)


class _Aggregate:
    """An aggregate over the decimals of a group; NULL is left out."""

    def __init__(self) -> None:
        self.result: Decimal | None = None
        self.count = 0

    def step(self, value: object, /) -> None:
        if value is not None:
            number = Decimal(str(value))
            self.result = number if self.result is None else self.joined(self.result, number)
            self.count += 1

    def joined(self, result: Decimal, number: Decimal) -> Decimal:
        """*result* with one *number* more."""
        raise NotImplementedError

    def finalize(self) -> Any:
        return None if self.result is None else format(self.result, "f")


class _Sum(_Aggregate):
    def joined(self, result: Decimal, number: Decimal) -> Decimal:
        return _EXACT.add(result, number)


class _Average(_Sum):
    def finalize(self) -> Any:
        if self.result is None:
            return None
        return shortest(format(_DIVISION.divide(self.result, Decimal(self.count)), "f"))


class _Minimum(_Aggregate):
    def joined(self, result: Decimal, number: Decimal) -> Decimal:
        return min(result, number)


class _Maximum(_Aggregate):
    def joined(self, result: Decimal, number: Decimal) -> Decimal:
        return max(result, number)


def shortest(value: object) -> str | None:
    """The shortest text of a decimal: equal numbers have equal ones."""
    if value is None:
        return None
    text = format(Decimal(str(value)), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def compared(one: str, other: str) -> int:
    """Below 0, 0 or above 0, as the decimal *one* is smaller, equal or larger than *other*.

    Text of other programs that is no number sorts by itself, behind all numbers.
    """
    left, right = _number(one), _number(other)
    if left is None or right is None:
        first, second = (left is None, one), (right is None, other)
        return (first > second) - (first < second)
    return (left > right) - (left < right)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def add_functions(raw: sqlite3.Connection) -> None:
    """Give a connection the functions that ``SqliteDialect.exact_functions`` names, and its
    order of decimals.
    """
    raw.create_collation(DECIMAL_ORDER, compared)
    raw.create_aggregate("decimal_sum", 1, _Sum)
    raw.create_aggregate("decimal_average", 1, _Average)
    raw.create_aggregate("decimal_minimum", 1, _Minimum)
    raw.create_aggregate("decimal_maximum", 1, _Maximum)
    raw.create_function("decimal_shortest", 1, shortest, deterministic=True)
