"""What text of JSON stands for, where there are marks in it.

Law: nothing but plain values ever comes of it.
"""

from __future__ import annotations

import re
from base64 import b64decode
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from velocious.errors import WireError, suggestion
from velocious.wire import marks
from velocious.wire.marks import MARK

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    type Others = Mapping[str, Callable[[dict[str, Any]], Any]]

#: The marks of other kinds that are read where nobody says.
NOTHING_ELSE: Others = MappingProxyType({})


def read(value: Any, others: Others = NOTHING_ELSE) -> Any:
    """A copy of *value*, as JSON gave it, with what its marks stand for; *others* make values of
    objects with marks of their own, whose members have been read.

    Raises:
        WireError: a mark stands for nothing.
    """
    return None if _is_undefined(value) else _read(value, others)


def _read(value: Any, others: Others = NOTHING_ELSE) -> Any:
    if type(value) is list:
        return [_read(one, others) for one in cast("list[Any]", value)]
    if type(value) is not dict:
        return value
    members = cast("dict[str, Any]", value)
    kind = members.get(MARK)
    other = others.get(kind) if isinstance(kind, str) else None
    if MARK in members and other is None:
        return _marked(kind, members.get("value"))
    read = {
        name: _read(one, others)
        for name, one in members.items()
        if name != MARK and not _is_undefined(one)
    }
    return read if other is None else other(read)


def _is_undefined(value: Any) -> bool:
    return type(value) is dict and cast("dict[str, Any]", value).get(MARK) == marks.UNDEFINED


def _marked(kind: Any, value: Any) -> Any:
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    if reader is None:
        raise WireError(f"{kind!r:.100} marks no value. {suggestion(str(kind), _READERS)}")
    try:
        return reader(value)
    except WireError:
        raise
    except (ValueError, TypeError, LookupError, OverflowError, InvalidOperation) as error:
        raise WireError(f"{value!r:.100} is no value of kind {kind!r}: {error}") from error


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("it has no time zone")
    return moment.astimezone(UTC)


def _plain_moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is not None:
        raise ValueError("it has a time zone")
    return moment


def _big_integer(value: str) -> int:
    if not _INTEGER.fullmatch(value):
        raise ValueError("it is no integer")
    return int(value)


def _undefined(_: Any) -> None:
    """In lists; objects leave it out."""


def _bytes(value: str) -> bytes:
    return b64decode(value, validate=True)


def _decimal(value: Any) -> Decimal:
    return Decimal(_text(value))


def _uuid(value: Any) -> UUID:
    return UUID(_text(value))


def _object(value: Any) -> dict[str, Any]:
    pairs = [(_text(name), _read(one)) for name, one in map(_list, _list(value))]
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("it has a name twice")
    return found


def _members(value: Any) -> list[Any]:
    return [_read(one) for one in _list(value)]


def _set(value: Any) -> set[Any]:
    return set(_members(value))


def _tuple(value: Any) -> tuple[Any, ...]:
    return tuple(_members(value))


def _list(value: Any) -> list[Any]:
    if type(value) is not list:
        raise TypeError("it is no list")
    return cast("list[Any]", value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.100} is no text")
    return value


_INTEGER = re.compile(r"-?[0-9]+")
_NUMBERS = {name: float(name) for name in ("NaN", "Infinity", "-Infinity")}
_READERS: dict[str, Callable[[Any], Any]] = {
    marks.DATE: _moment,
    marks.BIGINT: _big_integer,
    marks.NUMBER: _NUMBERS.__getitem__,
    marks.UNDEFINED: _undefined,
    marks.BYTES: _bytes,
    marks.SET: _set,
    marks.OBJECT: _object,
    marks.DECIMAL: _decimal,
    marks.UUID: _uuid,
    marks.PLAIN_DATE: date.fromisoformat,
    marks.PLAIN_TIME: time.fromisoformat,
    marks.PLAIN_DATETIME: _plain_moment,
    marks.TUPLE: _tuple,
}
