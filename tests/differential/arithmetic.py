"""Sums, means and groups in Python, exact where Python is."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

NUMBER = (int, float, Decimal)
WANTED = ("count_of", "sum", "average", "minimum", "maximum")
#: In place of a sum that SQL refuses.
OVERFLOW = object()


def calculate(wanted: str, values: list[Any]) -> Any:
    """*wanted* of *values*; NULL takes no part."""
    present = [value for value in values if value is not None]
    match wanted:
        case "count":
            return len(values)
        case "count_of":
            return len(present)
        case "sum":
            return added(present)
        case "average":
            return mean(present)
        case "minimum":
            return min(present, default=None)
        case _:
            return max(present, default=None)


def added(values: list[Any]) -> Any:
    """The sum of numbers, as exact as their type."""
    if any(isinstance(value, float) for value in values):
        return float(sum(map(Fraction, values)))
    return exactly(values) if values else 0


def exactly(values: list[Any]) -> Fraction:
    """The exact sum of numbers."""
    return sum(map(Fraction, values), Fraction(0))


def mean(values: list[Any]) -> Fraction | None:
    """The exact mean of numbers; None without any."""
    return exactly(values) / len(values) if values else None


def overflows(values: list[Any]) -> bool:
    """Whether some order of adding these whole numbers leaves 64 bits."""
    numbers = [value for value in values if isinstance(value, int)]
    above = sum(value for value in numbers if value > 0)
    below = sum(value for value in numbers if value < 0)
    return above > 2**63 - 1 or below < -(2**63)


def grouped(rows: list[tuple[Any, ...]], keys: int) -> dict[Any, list[Any]]:
    """The last value of *rows* by their first *keys* ones: a value of its own, or a tuple."""
    groups: dict[Any, list[Any]] = {}
    for row in rows:
        groups.setdefault(row[0] if keys == 1 else row[:keys], []).append(row[-1])
    return groups


def agree(wanted: str, found: Any, values: list[Any]) -> bool:
    """Whether *found* is *wanted* of *values*, as close as their type allows."""
    expected = calculate(wanted, values)
    if found is OVERFLOW or wanted not in ("sum", "average") or found is None or expected is None:
        return found is OVERFLOW or found == expected
    return abs(Fraction(found) - Fraction(expected)) <= _tolerance(found, values)


def _tolerance(found: float | Decimal, values: list[Any]) -> Fraction:
    largest = max((abs(Fraction(value)) for value in values if value is not None), default=0)
    if isinstance(found, float):
        return Fraction(largest) * len(values) / 10**12
    return Fraction(largest) / 10**30 if isinstance(found, Decimal) else Fraction(0)
