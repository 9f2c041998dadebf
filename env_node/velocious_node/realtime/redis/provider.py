"""``RedisProvider``: the processes of an application hear of each other through Redis.

Law: whoever is connected here is told, whether Redis is there or not; and nobody misses anything
without being told so.
"""

from __future__ import annotations

import asyncio
import logging
from os import urandom
from typing import TYPE_CHECKING, Any

from velocious.errors import EnvelopeError
from velocious.realtime.envelopes import NativeEnvelope
from velocious.realtime.history import read_position
from velocious.realtime.random_ids import RandomIds
from velocious.realtime.schedule import LoopSchedule
from velocious_node.realtime.redis import scripts
from velocious_node.realtime.redis.history import RedisHistory
from velocious_node.realtime.redis.link import link_to
from velocious_node.realtime.redis.names import Names
from velocious_node.realtime.redis.outbox import Outbox
from velocious_node.realtime.redis.presence import RedisPresence
from velocious_node.realtime.redis.returning import Returning
from velocious_node.realtime.redis.server import Server
from velocious_node.realtime.redis.settings import RedisSettings
from velocious_node.realtime.redis.subscriber import Subscriber
from velocious_node.realtime.redis.tears import Tears
from velocious_node.realtime.redis.tickets import RedisTickets

if TYPE_CHECKING:
    from collections.abc import Callable

    from velocious.realtime.history import History, Keep
    from velocious.realtime.presence import Presence
    from velocious.realtime.providers.base import Broken, Deliver
    from velocious.realtime.publication import Publication
    from velocious.realtime.schedule import Schedule
    from velocious.realtime.tickets import TicketStore
    from velocious_node.realtime.redis.server import Client

logger = logging.getLogger("velocious.realtime")


class RedisProvider:
    """Connects processes through one Redis, or a cluster.

    ::

        Configuration(realtime={"provider": RedisProvider("redis://localhost:6379/0")}, …)

    Arguments:
        redis: a URL, or a client of redis-py's asyncio, whose address and password are used.
        options: see :class:`RedisSettings`.

    Raises:
        ConfigurationError: *redis* is neither.
    """

    def __init__(
        self,
        redis: str | Client,
        *,
        origin: str | None = None,
        schedule: Schedule | None = None,
        settings: RedisSettings | None = None,
        **options: Any,
    ) -> None:
        self.settings = chosen = settings or RedisSettings(**options)
        self.origin = origin or urandom(8).hex()
        self._schedule = schedule or LoopSchedule()
        self._names = Names(chosen.prefix)
        self._envelope = NativeEnvelope(chosen.secret)
        self._ids = RandomIds(urandom)
        server = Server(redis)
        self._outbox = Outbox(
            link_to(server, chosen.timeout), chosen, repair=self._repair, down=self._down
        )
        self._subscriber = Subscriber(
            server,
            chosen,
            always=[self._names.everybody],
            heard=self._heard,
            up=self._heard_again,
            down=self._deaf,
        )
        self.tickets: TicketStore = RedisTickets(self._outbox, chosen.prefix)
        self._tears = Tears(self._outbox, self._names, self._envelope, self.origin)
        self._redis_presence = RedisPresence(
            self._outbox,
            self._names,
            chosen,
            # From nobody: every process delivers it, this one too.
            write=lambda publication: self._envelope.write(publication, ""),
            new_id=self._new_id,
            epoch_ms=self._schedule.epoch_ms,
        )
        self._redis_history = RedisHistory(
            self._outbox, self._names, self._envelope, self.origin, self._new_id
        )
        self.presence: Presence = self._redis_presence
        self.history: History = self._redis_history
        self._returning = Returning(self._is_next)
        #: Channel → the last position that was heard.
        self._last: dict[str, tuple[str, int]] = {}
        self._deliver: Deliver = _nobody
        self._broken: Broken = _nobody
        self._tending: asyncio.Task[None] | None = None

    # Beginning and end

    async def start(self, deliver: Deliver, broken: Broken) -> None:
        if self._tending is not None:
            return
        self._deliver, self._broken = deliver, broken
        self._tending = asyncio.create_task(self._tend())
        await asyncio.gather(self._outbox.start(), self._subscriber.start())

    async def stop(self) -> None:
        tending, self._tending = self._tending, None
        if tending is None:
            return
        tending.cancel()
        await asyncio.gather(tending, return_exceptions=True)
        await self._redis_presence.end()
        await self._subscriber.stop()
        await self._outbox.stop()

    async def _tend(self) -> None:
        while True:
            await asyncio.sleep(self.settings.renew)
            try:
                await self._redis_presence.tend()
            except Exception:
                logger.exception("Clearing up behind other processes failed")

    # Publishing

    async def publish(
        self, publication: Publication, keep: Keep | None, local: Callable[[], None]
    ) -> None:
        if keep is not None:
            await self._publish_kept(publication, keep, local)
            return
        local()
        future = self._outbox.run(
            scripts.TELL,
            self._names.history_of(publication),
            self._outbox.history_run,
            self._new_id(),
            self._names.place_of(publication),
            self._envelope.write(publication, self.origin),
        )
        # It goes out whether or not somebody waits for that.
        future.add_done_callback(lambda done: self._told(done, publication))
        await asyncio.wait([future])

    def _told(self, future: asyncio.Future[Any], publication: Publication) -> None:
        if future.cancelled() or future.exception() is not None:
            self._tears.add(publication)

    async def _publish_kept(
        self, publication: Publication, keep: Keep, local: Callable[[], None]
    ) -> None:
        place = self._names.place(publication.name)
        hears = self._subscriber.hears(place)
        generation = self._subscriber.generation if hears else 0
        self._returning.expect(publication, local, generation)
        future = self._redis_history.put(publication, keep)
        future.add_done_callback(lambda done: self._kept(done, publication))
        await asyncio.wait([future])

    def _kept(self, future: asyncio.Future[Any], publication: Publication) -> None:
        if future.cancelled() or future.exception() is not None:
            self._tears.add(publication)
            self._returning.refused(publication.id, self._new_id())
            return
        generation = self._subscriber.generation if self._subscriber.is_up else 0
        self._returning.kept(publication.id, future.result().decode(), generation)

    # Listening

    def interested(self, channel: str) -> asyncio.Future[None] | None:
        return self._subscriber.want(self._names.place(channel))

    def uninterested(self, channel: str) -> None:
        self._last.pop(channel, None)
        self._subscriber.forget(self._names.place(channel))
        self._returning.lost(channel)

    def _heard(self, place: str, data: bytes) -> None:
        try:
            self._take(data)
        except EnvelopeError as error:
            logger.warning("%s At %s.", error, place)

    def _take(self, data: bytes) -> None:
        if len(data) > self.settings.message_limit:
            raise EnvelopeError(f"it has {len(data)} bytes")
        text, position = _decoded(data), None
        if not text.startswith("{"):
            position, _, text = text.partition(" ")
        # What has a position is new, whatever its age: Redis has just given it.
        heard = self._envelope.read(text, now_ms=self._schedule.epoch_ms())
        if isinstance(heard, str):
            self._broken(heard or None)
            return
        if position is not None:
            self._take_kept(heard, position)
        elif heard.origin != self.origin:
            self._deliver(heard)

    def _take_kept(self, heard: Publication, position: str) -> None:
        read = read_position(position)
        if read is None:
            raise EnvelopeError("its position is none")
        last = self._last.get(heard.name)
        if last is not None and last[0] == read[0] and read[1] <= last[1]:
            return
        self._last[heard.name] = read
        if last is not None and read != (last[0], last[1] + 1):
            self._broken(heard.name)
        if heard.origin == self.origin:
            self._returning.came(heard.id, position)
        else:
            heard.position = position
            self._deliver(heard)

    def _is_next(self, publication: Publication) -> bool:
        """Whether *publication* of our own, which is not heard of Redis, may be delivered now: what
        came after it must not have been. Whoever listens is told where something is missing.
        """
        name, read = publication.name, read_position(publication.position or "")
        last = self._last.get(name)
        if read is None:
            return True
        is_late = last is not None and last[0] == read[0] and read[1] <= last[1]
        is_next = last is not None and read == (last[0], last[1] + 1)
        if not is_next and (last is not None or not self._subscriber.is_up):
            self._broken(name)
        if not is_late:
            self._last[name] = read
        return not is_late

    # Losing and finding Redis

    async def _repair(self) -> bool:
        """With a new connection: whether there was anything to do."""
        if not self._redis_presence.is_current:
            await self._redis_presence.begin()
            return True
        return await self._tears.tell()

    def _down(self) -> None:
        # Nobody keeps our lease: it may end while we are away.
        self._redis_presence.is_current = False

    def _heard_again(self) -> None:
        self._last.clear()
        self._broken(None)

    def _deaf(self) -> None:
        self._returning.lost()

    def _new_id(self) -> str:
        return self._ids.publication()


def _nobody(_: Any) -> None:
    """Before the start."""


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise EnvelopeError("it is no UTF-8") from None
