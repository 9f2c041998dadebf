"""``ForeignProvider``: this process among those of another system, in the form they have.

Law: they know neither positions nor leases. Nothing is remembered, so whoever comes back is told
that something may be missing; and members are those of this process.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from os import urandom
from typing import TYPE_CHECKING, Any

from velocious.errors import EnvelopeError
from velocious.realtime.history import Missed
from velocious.realtime.presence import MemoryPresence
from velocious.realtime.random_ids import RandomIds
from velocious.realtime.schedule import LoopSchedule
from velocious_node.realtime.redis.link import link_to
from velocious_node.realtime.redis.outbox import Outbox
from velocious_node.realtime.redis.server import Server
from velocious_node.realtime.redis.settings import RedisSettings
from velocious_node.realtime.redis.subscriber import Subscriber
from velocious_node.realtime.redis.tickets import RedisTickets

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from velocious.realtime.envelopes import Codec, Wire
    from velocious.realtime.history import History, Keep
    from velocious.realtime.presence import Presence
    from velocious.realtime.providers.base import Broken, Deliver
    from velocious.realtime.publication import Publication
    from velocious.realtime.tickets import TicketStore
    from velocious_node.realtime.redis.server import Client

logger = logging.getLogger("velocious.realtime")


class NoHistory:
    """Remembers nothing, and says so."""

    def __init__(self, new_id: Callable[[], str]) -> None:
        self._new_id = new_id

    async def add(self, publication: Publication, keep: Keep) -> None:
        pass

    async def since(self, channel: str, position: str | None, keep: Keep) -> Missed:
        return Missed(f"{self._new_id()}-0")


class ForeignProvider:
    """Connects this process with those of another system through Redis.

    ::

        ForeignProvider("redis://localhost:6379/0", codec=IgnisCodec())

    Arguments:
        options: see :class:`RedisSettings`; prefix and secret are theirs to have, not ours.

    Raises:
        ConfigurationError: *redis* is neither a URL nor a client.
    """

    def __init__(
        self, redis: str | Client, *, codec: Codec, origin: str | None = None, **options: Any
    ) -> None:
        self.origin = origin or urandom(8).hex()
        self._settings = settings = RedisSettings(**options)
        self._codec = codec
        self._ids = RandomIds(urandom)
        self._schedule = LoopSchedule()
        self.presence: Presence = MemoryPresence()
        self.history: History = NoHistory(self._ids.publication)
        server = Server(redis)
        self._outbox = Outbox(link_to(server, settings.timeout), settings, repair=self._repair)
        self.tickets: TicketStore = RedisTickets(self._outbox, settings.prefix)
        self._subscriber = Subscriber(
            server,
            settings,
            always=codec.channels,
            patterns=codec.patterns,
            heard=self._heard,
            up=lambda: self._broken(None),
            down=lambda: self._own.clear(),
        )
        #: What we published ourselves and will hear again, where nobody says who is speaking.
        self._own: Counter[tuple[str, str]] = Counter()
        self._deliver: Deliver = lambda publication: None
        self._broken: Broken = lambda channel: None

    async def start(self, deliver: Deliver, broken: Broken) -> None:
        self._deliver, self._broken = deliver, broken
        await asyncio.gather(self._outbox.start(), self._subscriber.start())

    async def stop(self) -> None:
        await self._subscriber.stop()
        await self._outbox.stop()

    async def publish(
        self, publication: Publication, keep: Keep | None, local: Callable[[], None]
    ) -> None:
        local()
        wire = self._codec.write(publication, self.origin)
        if wire is None:
            return
        self._remember(wire)
        future = self._outbox.put("PUBLISH", wire.channel, wire.text)
        await asyncio.wait([future])
        if future.exception() is not None:
            self._own.pop((wire.channel, wire.text), None)
            # Their form has no word for it: only our own log says so.
            logger.warning("%s did not reach the other processes", publication)

    def _remember(self, wire: Wire) -> None:
        heard = wire.channel in self._codec.channels or self._subscriber.hears(wire.channel)
        if not self._codec.names_origin and heard and self._subscriber.is_up:
            self._own[wire.channel, wire.text] += 1

    def interested(self, channel: str) -> Awaitable[None] | None:
        place = self._codec.place(channel)
        return None if place is None else self._subscriber.want(place)

    def uninterested(self, channel: str) -> None:
        place = self._codec.place(channel)
        if place is None:
            return
        self._subscriber.forget(place)
        for key in [key for key in self._own if key[0] == place]:
            del self._own[key]

    def _heard(self, place: str, data: bytes) -> None:
        try:
            self._take(place, data)
        except (EnvelopeError, ValueError, TypeError, RecursionError) as error:
            logger.warning("%s At %s.", error, place)

    def _take(self, place: str, data: bytes) -> None:
        if len(data) > self._settings.message_limit:
            raise EnvelopeError(f"it has {len(data)} bytes")
        text = data.decode()
        if self._own.get((place, text)):
            self._own[place, text] -= 1
            if not self._own[place, text]:
                del self._own[place, text]
            return
        now = self._schedule.epoch_ms()
        heard = self._codec.read(place, text, id=self._ids.publication(), epoch_ms=now)
        if heard.origin != self.origin:
            self._deliver(heard)

    async def _repair(self) -> bool:
        return False
