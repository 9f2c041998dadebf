"""``RedisEmitter``: publishes from processes that have no connections: workers, cron, commands."""

from __future__ import annotations

from os import urandom
from typing import TYPE_CHECKING, Any, Self

from velocious.realtime.emitter import StandaloneEmitter
from velocious.realtime.envelopes import NativeEnvelope
from velocious.realtime.random_ids import RandomIds
from velocious.realtime.schedule import LoopSchedule
from velocious_node.realtime.redis import scripts
from velocious_node.realtime.redis.link import link_to
from velocious_node.realtime.redis.names import Names
from velocious_node.realtime.redis.outbox import Outbox
from velocious_node.realtime.redis.server import Server
from velocious_node.realtime.redis.settings import RedisSettings

if TYPE_CHECKING:
    from velocious.realtime.envelopes import Codec
    from velocious.realtime.publication import Publication
    from velocious_node.realtime.redis.server import Client


class RedisEmitter(StandaloneEmitter):
    """Tells the clients of all servers, with one connection to Redis.

    ::

        async with RedisEmitter("redis://localhost:6379/0", prefix="rt:shop") as channels:
            await channels.publish("orders", "order.paid", {"id": 5})

    Arguments:
        options: see :class:`RedisSettings`; the same as the servers have.
        codec: how other systems' servers read it; by default as ours do.

    Raises:
        ConfigurationError: *redis* is neither a URL nor a client.
    """

    def __init__(self, redis: str | Client, *, codec: Codec | None = None, **options: Any) -> None:
        settings = RedisSettings(**options)
        # ignis calls all processes without a server so.
        self.origin = urandom(8).hex() if codec is None else "emitter"
        self._codec = codec
        self._names = Names(settings.prefix)
        self._envelope = NativeEnvelope(settings.secret)
        self._schedule = LoopSchedule()
        self._ids = RandomIds(urandom)
        link = link_to(Server(redis), settings.timeout)
        self._outbox = Outbox(link, settings, repair=_nothing)

    async def start(self) -> None:
        """Connect; safe to call twice. Where Redis is away it is tried again for ever."""
        await self._outbox.start()

    async def stop(self) -> None:
        """Send what waits, and end; safe to call twice."""
        await self._outbox.stop()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def send(self, publication: Publication) -> None:
        """Raises ProviderUnavailableError: nobody may have been told."""
        if self._codec is not None:
            wire = self._codec.write(publication, self.origin)
            if wire is not None:
                await self._outbox.put("PUBLISH", wire.channel, wire.text)
            return
        await self._outbox.run(
            scripts.TELL,
            self._names.history_of(publication),
            self._outbox.history_run,
            self._ids.publication(),
            self._names.place_of(publication),
            self._envelope.write(publication, self.origin),
        )

    def epoch_ms(self) -> int:
        return self._schedule.epoch_ms()

    def new_id(self) -> str:
        return self._ids.publication()


async def _nothing() -> bool:
    return False
