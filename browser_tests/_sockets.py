"""A server of realtime beside the tests, in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.node.http_server import serving
from velocious import Configuration
from velocious.realtime import Channel, Engine, Keep, MessageRegistry
from velocious.realtime.asgi import WebSockets
from velocious.realtime.dialects import NativeDialect
from velocious.routing import Routes
from velocious_node import NodeEnvironmentHandler

if TYPE_CHECKING:
    from collections.abc import Coroutine, Generator

PATIENCE = 30.0


class Board(Channel):
    pattern = "board:{id}"
    history = Keep()


class Sockets:
    """The server, as the tests reach it from their own thread.

    Attributes:
        engine: what answers sockets.
        url: where.
        configuration: the application that answers streams of events.
        events_url: where.
    """

    def __init__(self) -> None:
        messages = MessageRegistry()
        messages.on("echo")(_echo)
        self.engine = Engine(channels=[Board], messages=messages)
        self.configuration = _streams()
        self.url = ""
        self.events_url = ""
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._end = asyncio.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(PATIENCE)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()

    def do(self, what: Coroutine[Any, Any, Any]) -> Any:
        """The result of *what*, in the server's thread."""
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(PATIENCE)

    async def cut(self) -> None:
        """End every connection as a broken network would."""
        for engine in (self.engine, *self.configuration.realtime.engines):
            for connection in list(engine.connections.values()):
                connection.sink.close(1012, "cut")
                await engine.disconnected(connection)

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        sockets = WebSockets(self.engine, [NativeDialect()])
        streams = self.configuration.asgi()

        async def app(scope: Any, receive: Any, send: Any) -> None:
            await (sockets if scope["type"] == "websocket" else streams)(scope, receive, send)

        async with self.configuration, serving(app) as server:
            self.url = f"ws://127.0.0.1:{server.port}/"
            self.events_url = f"http://127.0.0.1:{server.port}/realtime/events"
            self._ready.set()
            await self._end.wait()


def _streams() -> Configuration:
    """An application whose streams the pages of every site may hear."""
    routes = Routes()
    routes.realtime("/realtime", on="both")
    names = ["content-type", "last-event-id"]
    return Configuration(
        environment_handler=NodeEnvironmentHandler(),
        environment="test",
        routes=routes,
        channels=[Board],
        secret="a secret that nobody knows, of more than 32 characters",
        http={"cors": {"origins": ["*"], "headers": names}},
    )


async def _echo(context: Any) -> Any:
    return context.data


@contextmanager
def sockets() -> Generator[Sockets]:
    """A server that runs until the block ends."""
    made = Sockets()
    made.start()
    try:
        yield made
    finally:
        made.stop()
