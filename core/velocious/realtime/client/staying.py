"""Staying connected: the part of a client that is the same for every kind of connection.

Law: it tries again after a random time that grows, at once when the network is back, and never
where the server said not to.
"""

from __future__ import annotations

import asyncio
import logging
import random as randomness
from abc import ABC, abstractmethod
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self, cast

from velocious.errors import NotConnectedError
from velocious.realtime.client.backoff import Backoff
from velocious.realtime.client.channel import ClientChannel, Heard
from velocious.realtime.client.pausing import pause, pause_unless
from velocious.realtime.client.state import ClientState
from velocious.realtime.client.transport import AlwaysThere
from velocious.realtime.schedule import LoopSchedule

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from velocious.realtime.client.transport import Network
    from velocious.realtime.schedule import Schedule

logger = logging.getLogger("velocious.realtime.client")

#: Statuses of HTTP after which only a person can help: asking again and again would not.
FINAL_STATUSES = frozenset({400, 401, 403, 404})


class StayingConnected(ABC):
    """A client that comes back.

    Arguments:
        connector: what opens connections; where it knows of a network, that is asked.
        network: whether there is a network at all.
        chance: gives numbers from 0 up to 1.

    Attributes:
        state: what it is doing.
        cid: the connection's id; empty without one.
        user: who the server says we are; None for nobody.
        reason: why it is not connected any more.
    """

    def __init__(
        self,
        connector: object,
        *,
        network: Network | None = None,
        schedule: Schedule | None = None,
        chance: Callable[[], float] = randomness.random,
    ) -> None:
        self.state = ClientState.DISCONNECTED
        self.cid = ""
        self.user: str | None = None
        self.reason = ""
        self.schedule = schedule or LoopSchedule()
        known: Network | None = getattr(connector, "network", None)
        self._network = network or known or AlwaysThere()
        self._backoff = Backoff(chance)
        #: Seconds that the server wants us to stay away, whatever we hear of the network.
        self._asked = 0.0
        self._channels: dict[str, ClientChannel] = {}
        self._task: asyncio.Task[None] | None = None
        self._watchers: list[Callable[[ClientState], object]] = []
        self._listeners: dict[str | None, list[Callable[[Heard], object]]] = {}

    # Beginning and ending

    async def connect(self) -> None:
        """Connect, and return once that is done.

        Raises:
            NotConnectedError: the server said not to come back.
        """
        self.start()
        await self._until(ClientState.CONNECTED)

    def start(self) -> None:
        """Begin to connect, and stay connected."""
        if self._task is None or self._task.done():
            self._backoff.reset()
            self._task = asyncio.get_running_loop().create_task(self._stay())

    async def close(self) -> None:
        """Disconnect, and stay away; safe to call twice. What waits is given up."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        self._give_up("The client was closed.")

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def on_state(self, watcher: Callable[[ClientState], object]) -> Callable[[], None]:
        """Call *watcher* with each new state. Returns what ends that."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher) if watcher in self._watchers else None

    # Listening

    def channel(self, name: str, params: dict[str, Any] | None = None) -> ClientChannel:
        """The channel *name*; the same object each time."""
        known = self._channels.get(name)
        return known or ClientChannel(self, name, params or {})

    def on(self, event: str | None, listener: Callable[[Heard], object]) -> Callable[[], None]:
        """Call *listener* with each :class:`Heard` of *event* (None: of any) that is in no channel,
        but for us, for our user or for everybody. Returns what ends that.
        """
        listeners = self._listeners.setdefault(event, [])
        listeners.append(listener)
        return lambda: listeners.remove(listener) if listener in listeners else None

    @abstractmethod
    def join(self, channel: ClientChannel) -> None:
        """*channel* is to be heard, now and after each reconnect."""

    @abstractmethod
    def part(self, channel: ClientChannel) -> None:
        """*channel* is not to be heard any more."""

    @abstractmethod
    def send(self, frame: dict[str, Any]) -> None:
        """Send a frame of the native dialect."""

    def _tell(self, frame: Mapping[str, Any]) -> None:
        """An event that is for no channel."""
        heard = Heard(str(frame.get("event")), frame.get("data"), None, frame.get("ts"))
        for one in [*self._listeners.get(heard.event, ()), *self._listeners.get(None, ())]:
            try:
                one(heard)
            except Exception:
                # One listener's mistake must not cost the others their events.
                logger.exception("A listener of the client failed")

    # Staying connected

    @abstractmethod
    async def _connect_once(self) -> float | None:
        """One connection, until it ends. Returns the seconds until the next; None: none."""

    @abstractmethod
    def _cut(self) -> None:
        """The connection has ended: nobody answers what was asked on it."""

    async def _stay(self) -> None:
        try:
            while True:
                await self._wait_for_network()
                self._asked = 0.0
                wait = await self._connect_once()
                if wait is None:
                    break
                self._set(ClientState.WAITING)
                if self._asked:
                    await pause(self.schedule, self._asked)
                await pause_unless(self.schedule, wait, self._network.news())
        finally:
            self._cut()
            self._set(ClientState.DISCONNECTED)
        self._give_up(self.reason or "The server said not to come back.")

    async def _wait_for_network(self) -> None:
        if not self._network.is_there:
            self._set(ClientState.OFFLINE)
            await self._network.wait()

    def _give_up(self, reason: str) -> None:
        self._cut()
        error = NotConnectedError(reason)
        for channel in list(self._channels.values()):
            channel.given_up(error)
        self._set(ClientState.DISCONNECTED)

    # States

    def _set(self, state: ClientState) -> None:
        if state is self.state:
            return
        self.state = state
        for watcher in list(self._watchers):
            try:
                watcher(state)
            except Exception:
                logger.exception("A watcher of the client's state failed")

    async def _until(self, wanted: ClientState) -> None:
        loop = asyncio.get_running_loop()
        reached: asyncio.Future[None] = loop.create_future()

        def look(state: ClientState) -> None:
            if not reached.done() and state in (wanted, ClientState.DISCONNECTED):
                reached.set_result(None)

        ended = self.on_state(look)
        try:
            if self.state is not wanted:
                await reached
        finally:
            ended()
        if self.state is not wanted:
            raise NotConnectedError(self.reason or "The client was closed.")


def seconds_asked(value: object) -> float:
    """How long a server wants us to stay away: a number, or the text of one."""
    found = 0.0
    if isinstance(value, str):
        with suppress(ValueError):
            found = float(value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        found = float(cast("float", value))
    # A server that asks for more than a minute gets a minute: it may be gone by then.
    return min(found, 60.0) if found > 0 else 0.0
