"""How SQLite stores what it has no type for: as text that sorts by value, and 0 and 1."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from velocious.sql.types import Codec


def _datetime_text(instant: datetime) -> str:
    # An instant comes in UTC; its offset is left out, so that SQLite's own functions read it.
    return instant.isoformat(" ", "microseconds")[:26]


def _datetime(text: Any) -> datetime:
    parsed = datetime.fromisoformat(text)
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)


def _time_text(value: time) -> str:
    return value.isoformat("microseconds")


def _decimal_text(value: Decimal) -> str:
    return format(value, "f")


def _decimal(stored: Any) -> Decimal:
    return Decimal(str(stored))


def _boolean(stored: Any) -> bool:
    return stored != 0


SQLITE_CODECS = {
    "decimal": Codec(_decimal_text, _decimal),
    "boolean": Codec(int, _boolean),
    "datetime": Codec(_datetime_text, _datetime),
    "date": Codec(date.isoformat, date.fromisoformat),
    "time": Codec(_time_text, time.fromisoformat),
    "uuid": Codec(str, UUID),
}
