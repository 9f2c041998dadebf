"""A server of the tests' own in this process, and clients that speak to it byte by byte."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from velocious_node import ServerSettings
from velocious_node.http.config import ServerConfig
from velocious_node.http.delivery import Delivery
from velocious_node.http.door import Door
from velocious_node.http.listening import listen
from velocious_node.http.process import Server
from velocious_node.http.stopping import Stopping

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.types import ASGIApp, Receive, Scope, Send

PARSERS = ("httptools", "h11")
PATIENCE = 10.0
#: Seconds after which a server has nothing more to say.
SILENCE = 0.5


class Serving:
    """A server that answers on a port of this machine."""

    def __init__(self, server: Server, port: int) -> None:
        self.server = server
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.task: asyncio.Task[None] | None = None
        self._clients: list[Client] = []

    async def connect(self) -> Client:
        """A new connection; it is closed with the server at the latest."""
        client = Client(*await asyncio.open_connection("127.0.0.1", self.port))
        self._clients.append(client)
        return client

    async def ask(self, *pieces: bytes, pause: float = 0.0) -> bytes:
        """All that comes back for *pieces* until the server closes or falls silent."""
        client = await self.connect()
        reading = asyncio.create_task(client.rest(pause * len(pieces) + SILENCE))
        for piece in pieces:
            # What comes after the server's close breaks the connection, and its answer is lost.
            if not client.is_closed:
                client.write(piece)
                await asyncio.sleep(pause)
        return await reading

    def close_clients(self) -> None:
        for client in self._clients:
            client.close()

    async def stopped(self) -> None:
        """Tell it to stop, and wait until it has."""
        self.server.stop()
        assert self.task is not None
        await asyncio.wait_for(self.task, PATIENCE)


class Client:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self._writer = writer
        self.is_closed = False

    def write(self, data: bytes) -> None:
        self._writer.write(data)

    async def rest(self, silence: float = PATIENCE) -> bytes:
        """What comes until the server closes the connection or is silent for *silence* seconds."""
        data = b""
        with suppress(TimeoutError):
            while piece := await asyncio.wait_for(self.reader.read(65536), silence):
                data += piece
            self.is_closed = True
        return data

    async def response(self) -> bytes:
        """The next answer; it must have a Content-Length."""
        head = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), PATIENCE)
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        return head + await asyncio.wait_for(self.reader.readexactly(length), PATIENCE)

    def close(self) -> None:
        self._writer.close()


@asynccontextmanager
async def serving(
    app: ASGIApp, parser: str | None = None, **settings: Any
) -> AsyncGenerator[Serving]:
    """*app*, served under the given limits."""
    stopping = Stopping()
    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    started = asyncio.Event()
    config = ServerConfig(Delivery(app, stopping), ServerSettings(**settings), parser)
    config.lifespan = "off"
    door = Door(listener, is_ours=True)
    running = Serving(Server(config, stopping, started.set, door.shut), port)
    # serve() would take the signals of the test run itself.
    running.task = asyncio.create_task(running.server._serve([listener]))
    try:
        await asyncio.wait_for(started.wait(), PATIENCE)
        yield running
    finally:
        running.close_clients()
        if not running.task.done():
            await running.stopped()


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Says which request it was given; it waits as long as a path like ``/wait/0.3`` says."""
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body += message["body"]
        more = message["more_body"]
    if scope["path"].startswith("/wait/"):
        await asyncio.sleep(float(scope["path"].rpartition("/")[2]))
    headers = dict(scope["headers"])
    text = b"<%s %s %s>" % (scope["method"].encode(), scope["path"].encode(), body)
    if b"x-late" in headers:
        text += b"late header"
    length = str(len(text)).encode()
    start_headers = [(b"content-length", length), (b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 200, "headers": start_headers})
    await send({"type": "http.response.body", "body": text})
