"""Exact arithmetic for decimals, which SQLite stores as text and would calculate with as binary
numbers.
"""

from __future__ import annotations

from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any

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


def add_functions(raw: sqlite3.Connection) -> None:
    """Give a connection the functions that ``SqliteDialect.exact_functions`` names."""
    raw.create_aggregate("decimal_sum", 1, _Sum)
    raw.create_aggregate("decimal_average", 1, _Average)
    raw.create_aggregate("decimal_minimum", 1, _Minimum)
    raw.create_aggregate("decimal_maximum", 1, _Maximum)
    raw.create_function("decimal_shortest", 1, shortest, deterministic=True)
