"""What PostgreSQL stores in its own way; all else, its driver takes and gives as Python has it."""

from __future__ import annotations

import json
import re
from datetime import UTC
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, cast
from uuid import UUID

from velocious.errors import UnsupportedValueError
from velocious.sql.types import AnyType, Codec, IntegerType, SmallIntegerType

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from velocious.sql.types import ColumnType

_STRING_OR_FLOAT = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?[eE][+-]?\d+|-0\.0')


class SoughtIntegerType(IntegerType):
    """What a column of 32 bits is compared with may have 64: then no row fits."""

    storage: ClassVar[str] = "sought integer"


class PostgresqlIntegerType(SmallIntegerType):
    """Its parameter would have 32 bits, too, unless the statement says otherwise."""

    @property
    def sought(self) -> ColumnType:
        return _SOUGHT


_SOUGHT = SoughtIntegerType()


class NativeType(AnyType):
    """A type that only PostgreSQL has (arrays, ranges, network addresses, …): its driver knows."""

    takes: ClassVar[str] = "what asyncpg takes for the column's type"

    def encode(self, value: Any) -> Any:
        return value

    def encode_many(self, values: Sequence[Any]) -> Sequence[Any]:
        return values


def _moment(stored: datetime) -> datetime:
    # What lies at the end of time comes back without a zone.
    return stored if stored.tzinfo is not None else stored.replace(tzinfo=UTC)


def _uuid(stored: UUID) -> UUID:
    # asyncpg has a class of its own.
    return UUID(int=stored.int)


def jsonb_text(text: str) -> str:
    """JSON as JSONB gives it back: keys in its order, numbers as their digits.

    What is stored is then what was written, letter by letter, so that a record that is read does
    not look changed.

    Raises:
        UnsupportedValueError: for text with NUL characters.
    """
    if "\\u0000" in text and _has_nul(json.loads(text)):
        raise UnsupportedValueError(
            f"{text[:60]}… holds a NUL character, which PostgreSQL cannot store in JSON. Leave it "
            "out, or encode the text."
        )
    if "{" in text:
        text = json.dumps(_ordered(json.loads(text)), ensure_ascii=False, separators=(",", ":"))
    return _STRING_OR_FLOAT.sub(_digits, text) if "e" in text or "-0.0" in text else text


def _digits(found: re.Match[str]) -> str:
    token = found.group()
    if token[0] == '"':
        return token
    # All digits of the binary number: fewer would be another one once read as a decimal.
    digits = format(Decimal(float(token)), "f")
    return "0.0" if float(token) == 0 else digits if "." in digits else f"{digits}.0"


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value)
        return {key: _ordered(pairs[key]) for key in sorted(pairs, key=_place)}
    return [_ordered(one) for one in cast("list[Any]", value)] if isinstance(value, list) else value


def _place(key: str) -> tuple[int, bytes]:
    encoded = key.encode()
    return len(encoded), encoded


def _has_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value)
        return any(map(_has_nul, pairs)) or any(map(_has_nul, pairs.values()))
    return isinstance(value, list) and any(map(_has_nul, cast("list[Any]", value)))


POSTGRESQL_CODECS = {
    "json": Codec(jsonb_text),
    "datetime": Codec(read=_moment),
    "uuid": Codec(read=_uuid),
}
