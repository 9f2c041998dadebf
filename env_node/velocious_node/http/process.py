"""The server of one process: uvicorn's, with an orderly end.

Law: nothing that was accepted is lost or cut while the grace lasts: what the kernel has taken for
us is answered, clients on kept connections are told to come on another one, and only then sockets
and databases close.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import contextmanager
from signal import SIGINT, SIGTERM
from typing import TYPE_CHECKING

import uvicorn

from velocious.routing.probes import STOPPING
from velocious_node.http.door import somebody_waits

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Generator

    from velocious_node.http.config import ServerConfig
    from velocious_node.http.stopping import Stopping

logger = logging.getLogger("velocious.http")

SIGNALS = (SIGINT, SIGTERM)
#: Seconds in which connections that wait in the kernel are still taken, at least and at most, and
#: seconds between two looks.
ACCEPTING, ACCEPTING_AT_MOST, LOOKING = 0.05, 1.0, 0.02
#: Seconds for websockets to say good-bye, and for cancelled tasks to clean up.
CLOSING, CLEANING = 3.0, 2.0


class Server(uvicorn.Server):
    """Stops quietly: a signal ends :meth:`serve`, not the process.

    Attributes:
        cut: how many requests had to be cut short in the end.
    """

    config: ServerConfig

    def __init__(
        self,
        config: ServerConfig,
        stopping: Stopping,
        started: Callable[[], None],
        shut: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self.stopping = stopping
        self.cut = 0
        self._announce = started
        self._shut = shut

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce()

    def stop(self) -> None:
        """Stop in order; asked for a second time: at once."""
        if self.should_exit:
            self.force_exit = True
        self.should_exit = True

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        loop = asyncio.get_running_loop()
        try:
            for number in SIGNALS:
                loop.add_signal_handler(number, self.stop)
        except (NotImplementedError, RuntimeError, ValueError):
            # Windows, or not the main thread: the caller stops us in its own way.
            logger.debug("signals are left to the caller")
            yield
            return
        try:
            yield
        finally:
            for number in SIGNALS:
                loop.remove_signal_handler(number)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        settings = self.config.settings
        self.lifespan.state[STOPPING] = True
        self.config.encoded_headers.append((b"connection", b"close"))
        await self._until(lambda: False, settings.drain_seconds)
        self._shut()
        self.stopping.begin()
        await self._until(lambda: False, ACCEPTING)
        await self._until(lambda: not any(map(somebody_waits, sockets or ())), ACCEPTING_AT_MOST)
        self._close_listeners(sockets)
        self._shut_down(websockets=False)
        await self._until(lambda: self._running == 0, settings.grace_seconds)
        self.cut = self._running
        self._shut_down(websockets=True)
        await self._until(lambda: len(self.server_state.tasks) <= self.cut, CLOSING)
        await self._end_the_rest()
        await self.lifespan.shutdown()

    @property
    def _running(self) -> int:
        """How many requests run, or connections wait for one. A request whose client has gone
        counts, too: what it does is not to be cut.
        """
        websockets = sum(map(_is_websocket, self.server_state.connections))
        tasks, connections = len(self.server_state.tasks), len(self.server_state.connections)
        return max(tasks, connections) - websockets

    def _close_listeners(self, sockets: list[socket.socket] | None) -> None:
        for server in self.servers:
            server.close()
        for listener in sockets or ():
            listener.close()

    def _shut_down(self, *, websockets: bool) -> None:
        for connection in list(self.server_state.connections):
            if _is_websocket(connection) == websockets:
                connection.shutdown()

    async def _until(self, done: Callable[[], bool], seconds: float) -> None:
        """Wait until *done*, for *seconds* at most, or until there is no more time at all."""
        clock = asyncio.get_running_loop().time
        end = clock() + seconds
        while clock() < end and not done() and not self.force_exit:
            await self.on_tick(0)
            await asyncio.sleep(min(LOOKING, max(end - clock(), 0)))

    async def _end_the_rest(self) -> None:
        tasks = list(self.server_state.tasks)
        if tasks:
            logger.error("%d requests did not end in time and are cut short.", len(tasks))
        for task in tasks:
            task.cancel("the server stops")
        if tasks:
            await asyncio.wait(tasks, timeout=CLEANING)
        for connection in list(self.server_state.connections):
            connection.transport.abort()


def _is_websocket(connection: object) -> bool:
    return hasattr(connection, "handshake_complete")
