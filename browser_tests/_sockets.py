"""A server of realtime beside the tests, in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.node.http_server import serving
from velocious.realtime import Channel, Engine, Keep, MessageRegistry
from velocious.realtime.asgi import WebSockets
from velocious.realtime.dialects import NativeDialect

if TYPE_CHECKING:
    from collections.abc import Coroutine, Generator

PATIENCE = 30.0


class Board(Channel):
    pattern = "board:{id}"
    history = Keep()


class Sockets:
    """The server, as the tests reach it from their own thread.

    Attributes:
        engine: what answers.
        url: where.
    """

    def __init__(self) -> None:
        messages = MessageRegistry()
        messages.on("echo")(_echo)
        self.engine = Engine(channels=[Board], messages=messages)
        self.url = ""
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
        for connection in list(self.engine.connections.values()):
            connection.sink.close(1012, "cut")
            await self.engine.disconnected(connection)

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        sockets = WebSockets(self.engine, [NativeDialect()])

        async def app(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "websocket":
                await sockets(scope, receive, send)

        async with serving(app) as server:
            self.url = f"ws://127.0.0.1:{server.port}/"
            self._ready.set()
            await self._end.wait()


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
