"""How MySQL and MariaDB take and give values that are something else in Python."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from velocious.sql.types import Codec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import time

_MIDNIGHT = datetime(2000, 1, 1)
_DAY = timedelta(days=1)


def _without_zone(instant: datetime) -> datetime:
    return instant.replace(tzinfo=None)


def _in_utc(instant: datetime) -> datetime:
    return instant.replace(tzinfo=UTC)


def _time_of_day(since_midnight: timedelta) -> time:
    # A TIME column of another program may hold minus three days.
    if not timedelta() <= since_midnight < _DAY:
        raise ValueError(f"{since_midnight} is no time of a day")
    return (_MIDNIGHT + since_midnight).time()


def _since_midnight(moment: time) -> timedelta:
    return datetime.combine(_MIDNIGHT, moment) - _MIDNIGHT


#: Instants are UTC without saying so, times of day are durations, and booleans are numbers.
MYSQL_CODECS: Mapping[str, Codec] = {
    "datetime": Codec(_without_zone, _in_utc),
    "time": Codec(_since_midnight, _time_of_day),
    "boolean": Codec(int, bool),
    "uuid": Codec(str, UUID),
}


def json_array(encode: Callable[[Any], Any] | None) -> Callable[[Any], str]:
    """What makes the JSON text of a list whose values *encode* prepares for the driver."""

    def encoded(values: Any) -> str:
        prepared = list(values) if encode is None else list(map(encode, values))
        return json.dumps(prepared, ensure_ascii=False, default=_as_text)

    return encoded


def _as_text(value: object) -> str:
    match value:
        case bytes():
            return value.hex()
        case datetime() | date() | timedelta() | Decimal():
            return str(value)
        case _:
            raise TypeError(f"{type(value).__name__} cannot be a member of a list in SQL")
