"""Instants, days and times of day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any, ClassVar

from velocious.sql.types.base import ColumnType
from velocious.sql.types.parsing import parsed


class DatetimeType(ColumnType):
    """An instant, with microseconds. In Python timezone-aware in UTC."""

    kind: ClassVar[str] = "datetime"
    storage: ClassVar[str] = "datetime"
    takes: ClassVar[str] = (
        "a timezone-aware datetime, or ISO 8601 text (without an offset it is UTC)"
    )

    def cast(self, value: Any) -> Any:
        if isinstance(value, str):
            given, value = value, parsed(value, datetime.fromisoformat)
            if value is not given and value is not None and value.tzinfo is None:
                return value.replace(tzinfo=UTC)
        if isinstance(value, datetime) and value.tzinfo is not None and value.tzinfo is not UTC:
            return _in_utc(value)
        return value

    def encode_other(self, value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, datetime):
            raise self.refusal(value)
        if value.tzinfo is None:
            raise self.refusal(value, "it has no time zone; add one: value.replace(tzinfo=UTC)")
        if value.tzinfo is not UTC:
            raise self.refusal(value, "in UTC it lies outside of the years 1 to 9999")
        return value if self.write is None else self.write(value)


class DateType(ColumnType):
    """A calendar day."""

    kind: ClassVar[str] = "date"
    storage: ClassVar[str] = "date"
    takes: ClassVar[str] = "a date, or text as YYYY-MM-DD"
    native: ClassVar[frozenset[type]] = frozenset({date})
    exact: ClassVar[frozenset[type]] = native

    def cast(self, value: Any) -> Any:
        return parsed(value, date.fromisoformat) if isinstance(value, str) else value

    def encode_other(self, value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.refusal(value)
        return value if self.write is None else self.write(value)


class TimeType(ColumnType):
    """A time of day without a date or zone."""

    kind: ClassVar[str] = "time"
    storage: ClassVar[str] = "time"
    takes: ClassVar[str] = "a time without a zone, or text as HH:MM[:SS[.ffffff]]"
    native: ClassVar[frozenset[type]] = frozenset({time})

    def cast(self, value: Any) -> Any:
        return parsed(value, time.fromisoformat) if isinstance(value, str) else value

    def encode_other(self, value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, time) or value.tzinfo is not None:
            raise self.refusal(value)
        return value if self.write is None else self.write(value)


def _in_utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        return instant
