"""The careful way: a copy of a value in which everything that JSON has no form for is marked."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from math import isfinite
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from velocious.errors import WireError
from velocious.wire import marks
from velocious.wire.marks import MARK, marked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

ADVICE = (
    "Send None, booleans, numbers, text, bytes, dates, decimals, UUIDs, enums, records, and lists, "
    "sets and dictionaries of those; load a query with `await query.to_list()`, and take of "
    "anything else what matters."
)


class Marked:
    """A value of a kind that has members in place of one value; they are tagged in turn."""

    __slots__ = ("kind", "members")

    def __init__(self, kind: str, members: Mapping[str, Any]) -> None:
        self.kind = kind
        self.members = members


class Tagger:
    """Copies one value; keeps where in it the work is."""

    def __init__(self, *, exact: bool) -> None:
        self._exact = exact
        self._path: list[str | int] = []
        self._inside: list[int] = []

    def tagged(self, value: Any) -> Any:
        """*value* as JSON can hold it.

        Raises:
            WireError: it holds something without a form.
        """
        if value is None or value is True or value is False:
            return value
        kind = cast("type[Any]", type(value))
        tag = _TAGS.get(kind)
        if tag is None:
            tag = next((_TAGS[base] for base in _ORDER if isinstance(value, base)), None)
        if tag is not None:
            return tag(self, value)
        return self._record(value)

    def _text(self, value: str) -> str:
        return str.__str__(value)

    def _integer(self, value: int) -> Any:
        number = int(value)
        if -marks.SAFE_INTEGER <= number <= marks.SAFE_INTEGER:
            return number
        try:
            return marked(marks.BIGINT, str(number))
        except ValueError as error:
            # Python writes down no more than 4,300 digits: it takes long.
            raise self._refusal("an integer has too many digits", "Send it as bytes.") from error

    def _number(self, value: float) -> Any:
        number = float(value)
        if isfinite(number):
            return number
        name = "NaN" if number != number else "Infinity" if number > 0 else "-Infinity"
        return marked(marks.NUMBER, name)

    def _bytes(self, value: bytes | bytearray | memoryview) -> Any:
        return marked(marks.BYTES, b64encode(value).decode("ascii"))

    def _datetime(self, value: datetime) -> Any:
        if value.tzinfo is not UTC:
            if value.tzinfo is None or value.utcoffset() is None:
                return self._plain(marks.PLAIN_DATETIME, value.isoformat())
            try:
                value = value.astimezone(UTC)
            except OverflowError as error:
                raise self._refusal(f"{value!r} is in no year that UTC has") from error
        return {MARK: marks.DATE, "value": f"{value.isoformat()[:-6]}Z"}

    def _date(self, value: date) -> Any:
        return self._plain(marks.PLAIN_DATE, value.isoformat())

    def _time(self, value: time) -> Any:
        return self._plain(marks.PLAIN_TIME, value.isoformat())

    def _decimal(self, value: Decimal) -> Any:
        return self._plain(marks.DECIMAL, str(value))

    def _uuid(self, value: UUID) -> Any:
        return self._plain(marks.UUID, str(value))

    def _enum(self, value: Enum) -> Any:
        return self.tagged(value.value)

    def _list(self, value: list[Any]) -> Any:
        return self._members(value)

    def _tuple(self, value: tuple[Any, ...]) -> Any:
        members = self._members(value)
        return marked(marks.TUPLE, members) if self._exact else members

    def _set(self, value: Iterable[Any]) -> Any:
        return marked(marks.SET, self._members(value))

    def _dict(self, value: Mapping[Any, Any]) -> Any:
        self._enter(value)
        copy: dict[str, Any] = {}
        for key, inner in value.items():
            if not isinstance(key, str):
                raise self._refusal(
                    f"a dictionary has the key {key!r} of type {type(key).__name__!r}, and an "
                    "object has texts only",
                    "Write `{str(key): value for key, value in …}`, or send a list of pairs.",
                )
            self._path.append(key)
            copy[str.__str__(key)] = self.tagged(inner)
            self._path.pop()
        self._inside.pop()
        return marked(marks.OBJECT, [[*one] for one in copy.items()]) if MARK in copy else copy

    def _members(self, values: Iterable[Any]) -> list[Any]:
        self._enter(values)
        copy: list[Any] = []
        for index, inner in enumerate(values):
            self._path.append(index)
            copy.append(self.tagged(inner))
            self._path.pop()
        self._inside.pop()
        return copy

    def _marked(self, value: Marked) -> Any:
        self._enter(value)
        members = {name: self.tagged(inner) for name, inner in value.members.items()}
        self._inside.pop()
        return {MARK: value.kind, **members}

    def _record(self, value: Any) -> Any:
        attributes = getattr(value, "attributes", None)
        if isinstance(value, type) or not callable(attributes):
            raise self._refusal(f"a value of type {type(value).__name__!r} has no form", ADVICE)
        self._enter(value)
        data = self.tagged(attributes())
        self._inside.pop()
        return data

    def _plain(self, kind: str, text: str) -> Any:
        return marked(kind, text) if self._exact else text

    def _enter(self, container: object) -> None:
        if id(container) in self._inside:
            raise self._refusal("a value holds itself", "Send what is in it by its id.")
        if len(self._inside) >= marks.DEEPEST:
            raise self._refusal(f"values are nested more than {marks.DEEPEST} deep", "Send a list.")
        self._inside.append(id(container))

    def _refusal(self, problem: str, advice: str = ADVICE) -> WireError:
        return WireError(problem, self._path, advice)


_TAGS: dict[type, Callable[[Tagger, Any], Any]] = {
    str: Tagger._text,
    int: Tagger._integer,
    float: Tagger._number,
    list: Tagger._list,
    dict: Tagger._dict,
    datetime: Tagger._datetime,
    date: Tagger._date,
    time: Tagger._time,
    Decimal: Tagger._decimal,
    UUID: Tagger._uuid,
    bytes: Tagger._bytes,
    bytearray: Tagger._bytes,
    memoryview: Tagger._bytes,
    set: Tagger._set,
    frozenset: Tagger._set,
    tuple: Tagger._tuple,
    Enum: Tagger._enum,
    Marked: Tagger._marked,
}
#: For types of an application's own that derive from one of these: enums of text are text. A
#: datetime is a date, too.
_ORDER = tuple(_TAGS)
