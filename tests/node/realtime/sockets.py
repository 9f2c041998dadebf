"""Applications that speak over websockets, and clients of theirs."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from websockets.asyncio.client import connect

from tests.node.http_server import serving

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from starlette.types import Receive, Scope, Send
    from websockets.asyncio.client import ClientConnection

    from tests.node.http_server import Serving
    from velocious.realtime.wire_port import FrameWriter

#: Nothing that a test has not asked for.
_QUIET: dict[str, Any] = {"compression": None, "ping_interval": None, "close_timeout": 0.2}

type Application = Callable[[Scope, Receive, Send], Awaitable[None]]


async def echoing(scope: Scope, receive: Receive, send: Send) -> None:
    """Sends back what it receives."""
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        await send({**message, "type": "websocket.send"})


class Host:
    """An application whose test has its connection in hand.

    Attributes:
        received: what it was told, the disconnect included.
    """

    scope: Scope
    send: Send
    writer: FrameWriter

    def __init__(self) -> None:
        self.received: list[Any] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            return
        self.scope, self.send = scope, send
        await receive()
        await send({"type": "websocket.accept"})
        self.writer = scope["extensions"]["velocious.websocket"]
        while True:
            self.received.append(await receive())
            if self.received[-1]["type"] == "websocket.disconnect":
                return

    async def text(self, text: str) -> None:
        await self.send({"type": "websocket.send", "text": text})


@asynccontextmanager
async def connected(
    app: Application,
    parser: str | None = None,
    client: dict[str, Any] | None = None,
    **settings: Any,
) -> AsyncGenerator[tuple[ClientConnection, Serving]]:
    """A client of *app* that others have written, and the server."""
    async with (
        serving(app, parser, **settings) as running,
        connect(f"ws://127.0.0.1:{running.port}/", **{**_QUIET, **(client or {})}) as socket,
    ):
        yield socket, running
