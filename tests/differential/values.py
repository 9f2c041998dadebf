"""Few values of each kind, so that they meet: equal ones, extremes, and what is easily mangled."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from random import Random

    from tests.differential.schema import Column

LETTERS = "aAbB%_'\"\\?;ß😀 0"
INTEGERS = (0, 1, 2, 3, -1, 10, 2**31 - 1, -(2**31), 2**31, 2**53 + 1, 2**53, 2**63 - 1, -(2**63))
FLOATS = (0.0, 0.1, 0.2, 0.30000000000000004, 1.0, -1.5, 5e-324, 123456.789, 1e22, 1e300)
DECIMALS = {
    2: ("0.00", "1.10", "1.1", "-1.10", "9.99", "10", "999999.99"),
    10: (
        "0",
        "1.5",
        "1.50",
        "12345678901234567890.0000000001",
        "12345678901234567890.0000000002",
        "-12345678901234567890.5",
        "0.0000000001",
    ),
}
UUIDS = tuple(UUID(int=number) for number in (0, 1, 2**127, 2**128 - 1, 0xE5 << 64, 77))
DATES = (date(1, 1, 1), date(1969, 12, 31), date(2026, 2, 28), date(9999, 12, 31))
TIMES = (time(0), time(9, 30), time(23, 59, 59, 999_999))
INSTANTS = (
    datetime(1, 1, 2, tzinfo=UTC),
    datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
    datetime(2026, 3, 29, 1, 0, 0, 1, tzinfo=UTC),
    datetime(9999, 12, 30, 23, 59, 59, 999_999, tzinfo=UTC),
)
#: The same instant written elsewhere is the same instant.
ZONES = (UTC, timezone(timedelta(hours=2)), timezone(timedelta(hours=-9, minutes=-30)))
BYTES = (b"", b"\x00", b"a", b"a\x00b", b"\xff")
VALUES: dict[str, tuple[Any, ...]] = {
    "boolean": (True, False),
    "float": FLOATS,
    "date": DATES,
    "time": TIMES,
    "uuid": UUIDS,
    "binary": BYTES,
}


def text(random: Random, letters: str = LETTERS) -> str:
    """A short text of *letters*."""
    return "".join(random.choices(letters, k=random.randint(0, 3)))


def fits(number: int, bits: int) -> bool:
    """Whether *number* has no more than *bits*."""
    return -(2 ** (bits - 1)) <= number < 2 ** (bits - 1)


def stored(column: Column, value: Any) -> Any:
    """*value* as *column* gives it back: a decimal has the digits of its column."""
    if isinstance(value, Decimal):
        with localcontext(prec=column.precision):
            return value.quantize(Decimal(1).scaleb(-column.scale))
    return value


def value(random: Random, column: Column) -> Any:
    """A value that *column* can hold; None is left to the caller."""
    match column.kind:
        case "string" | "text":
            return text(random)
        case "decimal":
            return Decimal(random.choice(DECIMALS[column.scale]))
        case "datetime":
            return random.choice(INSTANTS).astimezone(random.choice(ZONES))
        case "integer" | "bigint":
            return random.choice([one for one in INTEGERS if fits(one, column.bits)])
        case _:
            return random.choice(VALUES[column.kind])
