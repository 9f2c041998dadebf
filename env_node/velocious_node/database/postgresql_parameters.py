"""What to say of a parameter that asyncpg cannot send.

Law: the value itself is never shown.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from velocious.errors import ValueOutOfRangeError

if TYPE_CHECKING:
    from velocious.database.driver import Parameters
    from velocious_node.database.postgresql_statements import Statement

_PLACE = re.compile(r"\$(\d+)")
_ELEMENT = re.compile(r"in element #(\d+)")
_BITS = {"int2": 16, "int4": 32, "int8": 64}


def refused_before_sending(error: BaseException) -> bool:
    """Whether asyncpg itself refused the parameters: no server said so."""
    text = str(error)
    return "query argument $" in text or "the server expects" in text


def refused_row(error: BaseException, rows: list[Parameters]) -> Parameters:
    """The row among many whose parameters asyncpg refused."""
    found = _ELEMENT.search(str(error))
    return rows[int(found.group(1))] if found else ()


def unfit(
    error: BaseException, sql: str, params: Parameters, statement: Statement
) -> ValueOutOfRangeError:
    """Our error for *error*, raised before anything was sent."""
    types = [one.name for one in statement.raw.get_parameters()]
    found = _PLACE.search(str(error).partition(":")[0])
    place = int(found.group(1)) if found else 0
    if not 0 < place <= min(len(types), len(params)):
        return ValueOutOfRangeError(
            f"The statement takes {len(types)} parameters, but got {len(params)}, or one of them "
            "does not fit",
            sql,
        )
    return ValueOutOfRangeError(_reason(place, types[place - 1], params[place - 1]), sql)


def _reason(place: int, wanted: str, value: object) -> str:
    if isinstance(value, int) and wanted in _BITS and not isinstance(value, bool):
        return f"The integer parameter ${place} has more than {_BITS[wanted]} bits"
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            return (
                f"The text parameter ${place} holds half of a surrogate pair, which is not text. "
                "Decode it properly first"
            )
    return (
        f"The parameter ${place} is of the Python type {type(value).__name__}, but the statement "
        f"needs the type {wanted} there. Convert it, or write a cast: CAST(${place} AS …)"
    )
