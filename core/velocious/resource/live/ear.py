"""How a process listens to its own channels: a connection with nobody at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.realtime.connection import Connection
from velocious.realtime.dialects.base import Dialect
from velocious.realtime.sink import PLAIN
from velocious.realtime.subscribing import subscribe_to, unsubscribe_from
from velocious.realtime.upgrade import Upgrade

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from velocious.realtime import outputs
    from velocious.realtime.commands import Command
    from velocious.realtime.engine import Engine
    from velocious.realtime.publication import Publication

#: What is heard where something may have been lost.
LOST = ""


class _Words(Dialect):
    """Position and data, on a line each."""

    name = "ear"
    loose_names = True

    def decode(self, frame: str | bytes) -> Sequence[Command]:
        return ()

    def event(self, alias: str, publication: Publication) -> str | None:
        return heard_as(publication)

    def resync(self, output: outputs.Resync) -> str:
        return LOST


def heard_as(publication: Publication) -> str:
    """What is heard of *publication*."""
    return f"{publication.position or ''}\n{publication.json}"


class Ear:
    """Hears one channel: *take* gets what :func:`heard_as` makes, or LOST."""

    def __init__(self, engine: Engine, channel: str, take: Callable[[str], None]) -> None:
        self._channel = channel
        sink = _Inward(take)
        self._connection = Connection(engine, f"ear.{channel}", _Words(), sink, Upgrade())

    async def open(self) -> None:
        """Hear from now on."""
        await subscribe_to(self._connection, self._channel, quiet=True)

    async def close(self) -> None:
        """Hear no more."""
        await unsubscribe_from(self._connection, self._channel)


class _Inward:
    """The way out of the connection, which leads back in here."""

    form = PLAIN
    buffered = 0

    def __init__(self, take: Callable[[str], None]) -> None:
        self.on_drained: Callable[[], None] | None = None
        self._take = take

    def write(self, frame: Any, /) -> bool:
        self._take(frame)
        return True

    def force(self, frame: Any, /) -> None:
        self._take(frame)

    def close(self, code: int, reason: str) -> None:
        pass
