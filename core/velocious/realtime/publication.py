"""One publication: what is told to everybody who listens, and how JSON of it looks.

Law: its data becomes JSON once, whatever number of listeners and dialects there are.
"""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable


#: What processes tell each other of connections: close it; its client does not come back to it.
KICK, ABANDON = "kick", "abandon"


class Audience(StrEnum):
    """The namespaces of topics. Clients can name channels only."""

    CHANNEL = "channel"
    USER = "user"
    CLIENT = "client"
    ALL = "all"


class Publication:
    """What is published.

    Attributes:
        audience: which namespace *name* belongs to.
        name: the channel, the user's id, the connection's id, or empty for everybody.
        event: what happened.
        json: the data as JSON text; None where it is binary.
        binary: bytes that are sent as they are, in place of *json*.
        position: ``epoch-offset`` in the channel's history, where it has one.
        id: unique; a publication that arrives twice is delivered once.
        exclude: connections that do not get it.
        member: the member whose client sent it, in presence channels.
        epoch_ms: when, in milliseconds since 1970.
        origin: the instance that it came from; empty: this one.
        correlation_id: of the request in which it was published.
        inner: an event of the engine itself (a member came or went), for which dialects have words
            of their own; nobody else can publish one.
    """

    __slots__ = (
        "audience",
        "binary",
        "correlation_id",
        "epoch_ms",
        "event",
        "exclude",
        "id",
        "inner",
        "json",
        "member",
        "name",
        "origin",
        "position",
    )

    def __init__(
        self,
        audience: Audience,
        name: str,
        event: str,
        json: str | None,
        *,
        epoch_ms: int,
        id: str = "",
        binary: bytes | None = None,
        exclude: Collection[str] = (),
        member: str | None = None,
        position: str | None = None,
        origin: str = "",
        correlation_id: str | None = None,
        inner: bool = False,
    ) -> None:
        self.audience = audience
        self.name = name
        self.event = event
        self.json = json
        self.epoch_ms = epoch_ms
        self.id = id
        self.binary = binary
        self.exclude = exclude
        self.member = member
        self.position = position
        self.origin = origin
        self.correlation_id = correlation_id
        self.inner = inner

    @property
    def data(self) -> Any:
        """The data, read back from its JSON."""
        return self.binary if self.json is None else json.loads(self.json)

    @property
    def offset(self) -> int:
        """Its place in the channel's history; 0 where it has none."""
        return 0 if self.position is None else int(self.position.rpartition("-")[2])

    def __repr__(self) -> str:
        return f"<Publication {self.event} to {self.audience} {self.name} {self.position or ''}>"


def to_json(data: Any) -> str:
    """Compact JSON. Instants are ISO 8601, decimals and UUIDs are text.

    Raises:
        TypeError: for what has no form; say which attributes of a record you mean to publish.
        ValueError: for NaN and infinity, which JSON does not know, and for half a character (a lone
            surrogate), which no frame can carry.
    """
    try:
        text = "".join(_chunks(data, 0))
    except RecursionError as error:
        raise ValueError("What contains itself has no form in JSON.") from error
    if not text.isascii():
        text.encode()
    return text


#: The JSON of names and ids, the same ones again and again. Typed, for 1 and True are equal.
quoted: Callable[[str | int], str] = lru_cache(maxsize=1024, typed=True)(to_json)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, set | frozenset | tuple):
        return list(cast("Iterable[Any]", value))
    raise TypeError(
        f"{type(value).__name__} cannot be published. Publish what listeners may see of it: a "
        'mapping such as {"id": task.id, "name": task.name}.'
    )


_ENCODER = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_plain
)


def _pieces() -> Callable[[Any, int], Iterable[str]]:
    """What ``_ENCODER.encode`` joins, without the half of its time in which it makes the very same
    encoder in C for each call; itself where there is none.
    """
    make: Any = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return lambda data, _: _ENCODER.encode(data)
    # No markers: what contains itself ends in a RecursionError, which is made a ValueError above.
    quote = json.encoder.encode_basestring
    return make(None, _plain, quote, None, ":", ",", False, False, False)


_chunks = _pieces()
