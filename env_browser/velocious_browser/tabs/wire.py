"""What crosses between two tabs, as bytes.

Law: a value of SQLite arrives as exactly the value that was sent: integers of 64 bits, infinities,
text with NUL, bytes; and rows stay tuples. Both sides are one Python of one origin and one version
of the application, which is what :mod:`marshal` is made for.
"""

from __future__ import annotations

import marshal
from typing import TYPE_CHECKING, Any

import velocious.errors
from velocious.errors import DatabaseError, StatementError

if TYPE_CHECKING:
    from collections.abc import Sequence

type PackedError = tuple[str, str, dict[str, Any]]


def packed(value: Any) -> bytes:
    """*value* as bytes. Raises ValueError for anything but plain values and containers of them."""
    return marshal.dumps(value)


def unpacked(content: bytes) -> Any:
    """What :func:`packed` made *content* of."""
    return marshal.loads(content)


def plain_row(params: Sequence[Any], sql: str) -> Sequence[Any]:
    """*params* as they can be sent: subclasses of what SQLite stores as what they are.

    Raises:
        StatementError: SQLite cannot store one of them.
    """
    try:
        packed(params)
    except ValueError:
        return tuple(_plain(value, place, sql) for place, value in enumerate(params, 1))
    return params


def _plain(value: object, place: int, sql: str) -> object:
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, str):
        return "".join(value)
    if value is None or isinstance(value, bytes):
        return value
    if isinstance(value, bytearray):
        return bytes(value)
    if isinstance(value, memoryview):
        return value.tobytes()
    kind = type(value).__name__
    raise StatementError(f"Error binding parameter {place}: type '{kind}' is not supported", sql)


def pack_error(error: BaseException) -> PackedError:
    """An error as plain values: its class, its message, its facts."""
    facts = {name: value for name, value in vars(error).items() if _travels(value)}
    return type(error).__name__, str(error), facts


def unpack_error(given: PackedError) -> DatabaseError:
    """The error that :func:`pack_error` was given; one of another tree becomes a DatabaseError."""
    name, message, facts = given
    kind = getattr(velocious.errors, name, None)
    if not (isinstance(kind, type) and issubclass(kind, DatabaseError)):
        return DatabaseError(f"The tab that owns the database failed: {name}: {message}")
    # Its constructor would build the message anew, from other arguments.
    error = kind.__new__(kind)
    error.args = (message,)
    vars(error).update(facts)
    return error


def _travels(value: object) -> bool:
    try:
        packed(value)
    except ValueError:
        return False
    return True
