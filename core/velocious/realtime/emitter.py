"""``Emitter``: what code publishes with, in a process that has connections or in one that has none.

Law: the hub of a server and the emitters of workers, cron and commands have the same methods, so
that a service depends on one type.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import RealtimeError
from velocious.realtime.names import check_name
from velocious.realtime.publication import KICK, Audience, Publication, to_json

if TYPE_CHECKING:
    from collections.abc import Collection

    from velocious.realtime.message import Message

#: Bytes of a publication's data.
PUBLISH_LIMIT = 64 * 1024


class Emitter(ABC):
    """Publishes.

    Attributes:
        correlation_id: sent along to other processes, for their logs; never to clients.
    """

    publish_limit: int = PUBLISH_LIMIT
    correlation_id: str | None = None

    @abstractmethod
    async def send(self, publication: Publication) -> None:
        """Bring *publication* to everybody it is for, in all processes."""

    @abstractmethod
    def epoch_ms(self) -> int:
        """Now, in milliseconds since 1970."""

    @abstractmethod
    def new_id(self) -> str:
        """A unique name for a publication."""

    async def publish(
        self,
        channel: str,
        event: str,
        data: Any = None,
        *,
        exclude: Collection[str] = (),
        id: str | None = None,
    ) -> None:
        """Tell everybody in *channel* of *event*.

        Arguments:
            data: anything JSON has a form for; instants and decimals become text; bytes are sent as
                they are to dialects that can.
            exclude: connections that are left out.
            id: a publication with an id that was used within five minutes is dropped, so that
                saying something twice is safe.

        Raises:
            ChannelNameError: *channel* cannot be a name.
            RealtimeError: the data is too long.
        """
        # Names that code chooses may be those of any dialect.
        check_name(channel, loose=True)
        await self.send(self._made(Audience.CHANNEL, channel, event, data, exclude, id))

    async def to_client(self, connection: str, event: str, data: Any = None) -> None:
        """Tell one connection, wherever it is."""
        await self.send(self._made(Audience.CLIENT, connection, event, data))

    async def to_user(self, user: object, event: str, data: Any = None) -> None:
        """Tell all connections of a user: *user* is an id, or has one."""
        await self.send(self._made(Audience.USER, user_id(user), event, data))

    async def broadcast(
        self, event: str, data: Any = None, *, exclude: Collection[str] = ()
    ) -> None:
        """Tell everybody who is connected, and authenticated where that is asked for."""
        await self.send(self._made(Audience.ALL, "", event, data, exclude))

    async def kick(
        self, *, user: object = None, connection: str | None = None, reason: str = "Signed out"
    ) -> None:
        """Close all connections of *user*, or *connection*, in all processes: after a sign-out, or
        when a role has changed. Their clients do not come back by themselves.
        """
        audience, name = (
            (Audience.USER, user_id(user)) if connection is None else (Audience.CLIENT, connection)
        )
        publication = self._made(audience, name, KICK, {"reason": reason})
        publication.inner = True
        await self.send(publication)

    async def emit(self, message: Message, channel: str, data: Any) -> None:
        """Publish *message*, with data that fits its schema.

        Raises:
            Fault: it does not fit; nothing is sent.
        """
        await self.publish(channel, message.name, message.checked(data))

    def _made(
        self,
        audience: Audience,
        name: str,
        event: str,
        data: Any,
        exclude: Collection[str] = (),
        id: str | None = None,
    ) -> Publication:
        is_binary = isinstance(data, bytes | bytearray | memoryview)
        text = None if is_binary else to_json(data)
        binary = bytes(cast("bytes", data)) if is_binary else None
        size = len(text) if text is not None else len(binary or b"")
        if size > self.publish_limit:
            raise RealtimeError(
                f"{event!r} has {size} characters of data; {self.publish_limit} are allowed. "
                "Publish an id, and let listeners fetch the rest."
            )
        return Publication(
            audience,
            name,
            event,
            text,
            epoch_ms=self.epoch_ms(),
            id=id or self.new_id(),
            binary=binary,
            exclude=frozenset(exclude) if exclude else (),
            correlation_id=self.correlation_id,
        )


class StandaloneEmitter(Emitter):
    """Publishes from a process that has no connections of its own."""

    @abstractmethod
    async def start(self) -> None:
        """Begin; safe to call as often as one likes."""

    @abstractmethod
    async def stop(self) -> None:
        """Send what waits, and end; safe to call twice."""


def user_id(user: object) -> str:
    """The id of *user*, as text: an id itself, or something that has one."""
    return str(user if isinstance(user, str | int) else getattr(user, "id", user))
