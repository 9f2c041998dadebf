"""Few values of each kind, so that they meet: equal ones, extremes, and what is easily mangled."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from hypothesis import strategies as st

if TYPE_CHECKING:
    from tests.differential.schema import Column

LETTERS = "aAbB%_'\"\\?;ß😀 0"
INTEGERS = (0, 1, 2, 3, -1, 10, 2**31, 2**53 + 1, 2**53, 2**63 - 1, -(2**63))
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


def values(column: Column) -> st.SearchStrategy[Any]:
    """Values that *column* can hold; None is left to the caller."""
    match column.kind:
        case "integer" | "bigint":
            return st.sampled_from(INTEGERS)
        case "string" | "text":
            return st.text(LETTERS, max_size=3)
        case "boolean":
            return st.booleans()
        case "float":
            return st.sampled_from(FLOATS)
        case "decimal":
            return st.sampled_from(DECIMALS[column.scale]).map(Decimal)
        case "date":
            return st.sampled_from(DATES)
        case "time":
            return st.sampled_from(TIMES)
        case "datetime":
            return st.builds(datetime.astimezone, st.sampled_from(INSTANTS), st.sampled_from(ZONES))
        case "uuid":
            return st.sampled_from(UUIDS)
        case _:
            return st.sampled_from(BYTES)
