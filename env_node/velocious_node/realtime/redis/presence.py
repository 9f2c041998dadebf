"""Who is in which channel, in all processes.

Law: Redis decides who came and who went, and publishes it in the same step, so that all processes
hear of it in one order. Each process has a lease; what belongs to one that has ended is cleared
away by any other. While Redis is away a process knows its own people only.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from velocious.errors import ProviderUnavailableError
from velocious.realtime.announcement import announcement
from velocious.realtime.presence import Change, Member, MemoryPresence, Transition
from velocious.realtime.publication import to_json
from velocious_node.realtime.redis import scripts
from velocious_node.realtime.redis.server import FAILURES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from velocious.realtime.publication import Publication
    from velocious_node.realtime.redis.names import Names
    from velocious_node.realtime.redis.outbox import Outbox
    from velocious_node.realtime.redis.settings import RedisSettings

    #: Sends a command: through the queue, or before anything else while Redis comes back.
    type Ask = Callable[..., Awaitable[Any]]
    #: An announcement as it is published.
    type Write = Callable[[Publication], str]

logger = logging.getLogger("velocious.realtime")


class RedisPresence:
    """Presence in Redis.

    Arguments:
        write: makes the envelope of an announcement, which every process delivers, this one too.
        new_id: makes ids of announcements, and names of leases.
        epoch_ms: now.
    """

    def __init__(
        self,
        outbox: Outbox,
        names: Names,
        settings: RedisSettings,
        *,
        write: Write,
        new_id: Callable[[], str],
        epoch_ms: Callable[[], int],
    ) -> None:
        self._outbox = outbox
        self._names = names
        self._settings = settings
        self._write = write
        self._new_id = new_id
        self._epoch_ms = epoch_ms
        self._lease = ""
        #: Leases of this process that have ended, but may have left members behind.
        self._former: list[str] = []
        self._memory = MemoryPresence()
        #: Channel → connection → member: those of this process.
        self._mine: dict[str, dict[str, Member]] = {}
        self._entered: set[str] = set()
        #: Whether Redis knows what we know.
        self.is_current = False

    # The port

    async def join(self, channel: str, member: Member, connection: str) -> Transition | None:
        here = await self._memory.join(channel, member, connection)
        self._mine.setdefault(channel, {})[connection] = member
        try:
            return await self._join(self._outbox.put, channel, member, connection)
        except ProviderUnavailableError:
            self.is_current = False
            return here

    async def leave(self, channel: str, connection: str) -> Transition | None:
        here = await self._memory.leave(channel, connection)
        mine = self._mine.get(channel, {})
        member = mine.pop(connection, None)
        if not mine:
            self._mine.pop(channel, None)
        if member is None:
            return None
        try:
            return await self._leave(self._outbox.put, channel, connection, member.id)
        except ProviderUnavailableError:
            self.is_current = False
            return here

    async def members(self, channel: str) -> Sequence[Member]:
        try:
            found = await self._outbox.run(scripts.MEMBERS, self._names.presence(channel))
        except ProviderUnavailableError:
            return await self._memory.members(channel)
        infos, there = _pairs(found[0]), dict(_pairs(found[1]))
        return [Member(id.decode(), _read_info(info), int(there.get(id, 1))) for id, info in infos]

    # The lease

    async def begin(self) -> None:
        """Redis is here, or here again: see :meth:`_begin`. Raises what the connection raises."""
        await self._begin(self._outbox.now)

    async def _begin(self, ask: Ask) -> None:
        """All of this process are there, under a new lease, and what an older one left is gone."""
        self.is_current = True
        try:
            await self._enter_all(ask)
        except BaseException:
            self.is_current = False
            raise

    async def _enter_all(self, ask: Ask) -> None:
        if self._lease:
            self._former.append(self._lease)
        self._lease, self._entered = self._new_id(), set()
        await ask(*scripts.BEGIN.on((self._names.leases,)), self._lease, self._lease_ms)
        for channel, connections in list(self._mine.items()):
            for connection, member in list(connections.items()):
                # It may have gone while we asked about others.
                if connection in self._mine.get(channel, {}):
                    await self._join(ask, channel, member, connection)
        while self._former:
            await self._clear(ask, self._former[0])
            self._former.pop(0)

    async def tend(self) -> None:
        """Keep the lease, and clear up behind those that have ended. Called from time to time."""
        if not self._outbox.is_up:
            return
        ask = self._outbox.put
        try:
            kept = await ask(*scripts.RENEW.on((self._names.leases,)), self._lease, self._lease_ms)
            if not kept:
                # We were thought dead: whoever cleared up may not be done yet, with the old lease.
                await self._begin(ask)
            for lease in await ask(*scripts.ENDED.on((self._names.leases,))):
                if lease.decode() != self._lease:
                    await self._clear(ask, lease.decode())
        except (*FAILURES, ProviderUnavailableError) as error:
            logger.debug("The lease could not be kept: %s", error)

    async def end(self) -> None:
        """This process is done: nothing is left behind."""
        if not self._lease or not self._outbox.is_up:
            return
        try:
            await self._clear(self._outbox.put, self._lease)
        except (*FAILURES, ProviderUnavailableError) as error:
            logger.warning("Members are cleared away later, by others: %s", error)

    @property
    def _lease_ms(self) -> int:
        return round(self._settings.lease * 1000)

    async def _clear(self, ask: Ask, lease: str) -> None:
        """Remove whoever came with *lease*; safe to be done by many at once."""
        found = await ask("SMEMBERS", self._names.channels_of(lease))
        for channel in sorted(one.decode() for one in found):
            who = self._names.presence(channel)[0]
            for connection, belongs in _pairs(await ask("HGETALL", who)):
                of, _, member = belongs.decode().partition(":")
                if of == lease:
                    await self._leave(ask, channel, connection.decode(), member, lease)
        await ask("DEL", self._names.channels_of(lease))
        await ask("ZREM", self._names.leases, lease)

    # Steps

    async def _join(
        self, ask: Ask, channel: str, member: Member, connection: str
    ) -> Transition | None:
        # Before the first one is there, so that whoever clears up finds the channel; and again
        # where the lease is another one by then.
        while channel not in self._entered:
            lease = self._lease
            await ask("SADD", self._names.channels_of(lease), channel)
            if lease == self._lease:
                self._entered.add(channel)
        change, there = await ask(
            *scripts.JOIN.on(self._names.presence(channel)),
            connection,
            self._lease,
            member.id,
            to_json(member.info),
            self._names.place(channel),
            self._said(channel, Change.ADDED, member, connection),
            self._said(channel, Change.UPDATED, member, connection),
        )
        if change == b"another":
            raise ValueError(f"Connection {connection} is in the channel as another member.")
        if not change:
            return None
        now = Member(member.id, member.info, there)
        return Transition(Change(change.decode()), now, told=True)

    async def _leave(
        self, ask: Ask, channel: str, connection: str, member: str, lease: str = ""
    ) -> Transition | None:
        gone = Member(member, None, 0)
        change = await ask(
            *scripts.LEAVE.on(self._names.presence(channel)),
            connection,
            lease,
            self._names.place(channel),
            self._said(channel, Change.REMOVED, gone),
            member,
        )
        return Transition(Change.REMOVED, gone, told=True) if change else None

    def _said(
        self, channel: str, change: Change, member: Member, exclude: str | None = None
    ) -> str:
        return self._write(
            announcement(
                channel,
                Transition(change, member),
                epoch_ms=self._epoch_ms(),
                id=self._new_id(),
                exclude=exclude,
            )
        )


def _pairs(flat: Sequence[bytes] | dict[bytes, bytes]) -> list[tuple[bytes, bytes]]:
    if isinstance(flat, dict):
        return list(flat.items())
    return list(zip(flat[::2], flat[1::2], strict=True))


def _read_info(text: bytes) -> Any:
    return json.loads(text)
