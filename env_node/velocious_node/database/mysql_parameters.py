"""What may be bound to a statement.

Law: a driver package would make text of whatever it does not know; here that is refused.
"""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import StatementError

if TYPE_CHECKING:
    from velocious.database.driver import Parameters

#: The types whose values both packages send as they are; not float, which may be NaN.
BINDABLE = frozenset({type(None), bool, int, str, bytes, datetime, date, time, timedelta, Decimal})

_KINDS: tuple[type[Any], ...] = (bool, int, str, Decimal)


def bindable(sql: str, params: Parameters) -> list[Any]:
    """*params* as the packages take them.

    Raises:
        StatementError: for a value of a type that no column stores.
    """
    return [
        value if type(value) in BINDABLE else _bound(sql, place, value)
        for place, value in enumerate(params, 1)
    ]


def _bound(sql: str, place: int, value: Any) -> Any:
    if isinstance(value, float):
        if math.isfinite(value):
            return float(value)
        raise StatementError(
            f"Parameter {place} is {value}, which MySQL and MariaDB cannot store. "
            "Give a finite number, or None",
            sql,
        )
    if isinstance(value, bytearray | memoryview):
        return bytes(cast("bytearray", value))
    for kind in _KINDS:
        # An IntEnum is a number and a StrEnum text.
        if isinstance(value, kind):
            return kind.__str__(value) if kind is str else kind(value)
    raise StatementError(
        f"Parameter {place} is of the type {type(value).__name__}, which cannot be bound. Give "
        "numbers, text, bytes, dates, times or decimals",
        sql,
    )
