"""Everything realtime of one application in one process: one hub, and an engine for each entrance.

Law: it is made when somebody asks for it, starts when it is first used, and ends with the
configuration; after that another one is made.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from velocious.realtime.application_hub import ApplicationHub
from velocious.realtime.channels import Channels
from velocious.realtime.dialects.named import dialect_named
from velocious.realtime.engine import Engine
from velocious.realtime.providers.memory import MemoryProvider
from velocious.realtime.random_ids import RandomIds
from velocious.realtime.schedule import LoopSchedule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from velocious.clock import Clock
    from velocious.realtime.application_hub import Later
    from velocious.realtime.channel import Channel
    from velocious.realtime.dialects.base import Dialect
    from velocious.realtime.entrance import Entrance
    from velocious.realtime.providers.base import Provider
    from velocious.realtime.router import SocketRouter
    from velocious.realtime.schedule import Schedule
    from velocious.realtime.settings import RealtimeSettings
    from velocious.realtime.signer import ChannelSigner
    from velocious.realtime.tickets import TicketStore


class ApplicationRealtime:
    """The realtime side of an application.

    Arguments:
        keys: gives the keys that channels are signed with, the first one signs.
        later: puts a call off until the running transaction is committed.
        provider: what connects the processes; none by default.

    Attributes:
        settings: limits and deadlines.
        hub: ``configuration.channels``.

    Raises:
        ConfigurationError: two channels have the same pattern.
    """

    def __init__(
        self,
        settings: RealtimeSettings,
        channels: Iterable[type[Channel]],
        *,
        keys: Callable[[], Sequence[str | bytes]],
        later: Later,
        schedule: Schedule | None = None,
        provider: Provider | None = None,
    ) -> None:
        # Imported here: an application without realtime needs no random ids.
        from os import urandom

        self.settings = settings
        self._schedule = schedule or LoopSchedule()
        self._provider = (
            provider or settings.provider or MemoryProvider(urandom(8).hex(), self._schedule)
        )
        self.hub = ApplicationHub(
            Channels(channels),
            self._provider,
            self._schedule,
            RandomIds(urandom),
            later=later,
            ready=self._ready,
        )
        self.hub.publish_limit = settings.publish_limit
        self._keys = keys
        self._engines: dict[Entrance, Engine] = {}
        self._dialects: dict[str, Dialect] = {}
        self._starting = asyncio.Lock()
        self._is_started = False
        self._tickets: TicketStore | None = None
        self.is_stopped = False

    def engine(self, entrance: Entrance) -> Engine:
        """The engine of *entrance*.

        Raises:
            DuplicateMessageError: two routers handle the same type of message.
        """
        engine = self._engines.get(entrance)
        if engine is None:
            engine = self._engines[entrance] = self._make_engine(entrance)
        return engine

    @property
    def engines(self) -> Sequence[Engine]:
        return list(self._engines.values())

    def dialects(self, entrance: Entrance) -> Sequence[Dialect]:
        """What clients of *entrance* may speak. Raises ConfigurationError for unknown names."""
        return [self.dialect(one) if isinstance(one, str) else one for one in entrance.dialects]

    def dialect(self, name: str) -> Dialect:
        """The dialect called *name*: one for all who speak it, so that they share what is encoded
        for them.
        """
        found = self._dialects.get(name)
        if found is None:
            found = self._dialects[name] = dialect_named(name, self.hub.channels)
        return found

    def signer(self) -> ChannelSigner:
        """What signs for connections. Raises MissingSecretError where the application has none."""
        # Imported here: applications without signed channels need none of it.
        from velocious.realtime.signer import ChannelSigner

        given = self.settings.secret
        if given is None:
            return ChannelSigner(self._keys())
        return ChannelSigner([given] if isinstance(given, str) else given)

    def ticket_store(self, clock: Clock) -> TicketStore:
        """Where used tickets are noted: by what connects the processes, or here where nothing does.

        Raises:
            ConfigurationError: the processes are connected by something that knows of no tickets.
        """
        if self._tickets is None:
            # Imported here: few applications have tickets.
            from velocious.realtime.application_tickets import application_tickets

            self._tickets = application_tickets(self._provider, self._ready, clock)
        return self._tickets

    async def start(self) -> None:
        """Begin; safe to call as often as one likes. After the end nothing begins."""
        await self._ready()
        for engine in () if self.is_stopped else self.engines:
            await engine.start()

    async def stop(self) -> None:
        """Send everybody away, and end for good; safe to call twice."""
        self.is_stopped = True
        for engine in self.engines:
            await engine.stop()
        if self._is_started:
            self._is_started = False
            await self._provider.stop()

    async def _ready(self) -> None:
        """What is published goes out from now on."""
        if self._is_started:
            return
        async with self._starting:
            if not self._is_started and not self.is_stopped:
                await self._provider.start(self.hub.deliver, self.hub.broken)
                self._is_started = True

    def _make_engine(self, entrance: Entrance) -> Engine:
        return Engine(
            hub=self.hub,
            settings=self.settings,
            schedule=self._schedule,
            signer=self.signer,
            routers=[_made(one) for one in entrance.routers],
            messages=entrance.messages,
            upgrade=entrance.upgrade,
            authenticate=entrance.authenticate,
            handshake=entrance.handshake,
            recheck=entrance.recheck,
            on_open=entrance.on_open,
            on_message=entrance.on_message,
            on_close=entrance.on_close,
        )


def _made(router: SocketRouter | type[SocketRouter]) -> SocketRouter:
    return router() if isinstance(router, type) else router
