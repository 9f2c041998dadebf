"""An ASGI application whose websockets are connections of an engine."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from velocious.realtime.asgi.choosing import chosen
from velocious.realtime.asgi.framed_sink import FramedSink
from velocious.realtime.asgi.queued_sink import QueuedSink
from velocious.realtime.asgi.upgrades import upgrade_of
from velocious.realtime.upgrade import Reject
from velocious.realtime.wire_port import frame_writer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import Receive, Scope, Send

    from velocious.realtime.connection import Connection
    from velocious.realtime.dialects.base import Dialect
    from velocious.realtime.engine import Engine


class WebSockets:
    """Answers websockets.

    Arguments:
        engine: what the connections belong to.
        dialects: those that clients may choose by ``Sec-WebSocket-Protocol``; the first one is for
            clients that offer nothing.
    """

    def __init__(self, engine: Engine, dialects: Sequence[Dialect]) -> None:
        self.engine = engine
        self.dialects = tuple(dialects)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        upgrade = upgrade_of(scope)
        choice = chosen(self.dialects, upgrade.subprotocols)
        admitted = await self.engine.admit(upgrade)
        await receive()
        if isinstance(admitted, Reject) or choice is None:
            rejected = admitted if isinstance(admitted, Reject) else Reject(400, "Bad subprotocol")
            await _deny(scope, send, rejected)
            return
        dialect, subprotocol = choice
        await send({"type": "websocket.accept", "subprotocol": subprotocol})
        cut = asyncio.Event()
        sink = _sink(self.engine, scope, send, cut)
        connection = self.engine.connect(dialect, sink, upgrade, admitted)
        sink.on_drained = lambda: connection.current.outgoing.drained()
        try:
            await self._read(connection, receive, cut)
        finally:
            await self.engine.disconnected(connection)

    async def _read(self, connection: Connection, receive: Receive, cut: asyncio.Event) -> None:
        engine = self.engine
        while not cut.is_set():
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            engine.receive(connection, message["bytes"] if text is None else text)
            inbox = connection.current.inbox
            if inbox.is_full:
                await inbox.room()


def _sink(engine: Engine, scope: Scope, send: Send, cut: asyncio.Event) -> FramedSink | QueuedSink:
    settings = engine.settings
    queued = QueuedSink(send, settings.queue_messages, settings.queue_bytes, cut.set)
    writer = frame_writer(scope)
    return queued if writer is None else FramedSink(writer, settings.queue_bytes, queued.close)


async def _deny(scope: Scope, send: Send, rejected: Reject) -> None:
    """An HTTP answer where the server can give one; a close, which is 403, where it cannot."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008, "reason": rejected.body[:100]})
        return
    headers: list[Any] = [(b"content-type", b"text/plain; charset=utf-8")]
    if rejected.status == 503:
        headers.append((b"retry-after", b"5"))
    start = "websocket.http.response.start"
    await send({"type": start, "status": rejected.status, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": rejected.body.encode()})
