"""An ASGI application whose websockets are connections of an engine."""

from __future__ import annotations

from contextvars import copy_context
from typing import TYPE_CHECKING, Any

from velocious.realtime.asgi.choosing import chosen
from velocious.realtime.asgi.framed_sink import FramedSink
from velocious.realtime.asgi.queued_sink import QueuedSink
from velocious.realtime.asgi.reading import Reading
from velocious.realtime.asgi.upgrades import upgrade_of
from velocious.realtime.receiving import receive
from velocious.realtime.upgrade import Reject
from velocious.realtime.wire_port import frame_writer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.types import Receive, Scope, Send

    from velocious.realtime.connection import Connection
    from velocious.realtime.dialects.base import Dialect, Objection
    from velocious.realtime.engine import Engine
    from velocious.realtime.upgrade import Upgrade


class WebSockets:
    """Answers websockets.

    Arguments:
        engine: what the connections belong to.
        dialects: those that clients may choose by ``Sec-WebSocket-Protocol``; the first one is for
            clients that offer nothing.
        read: makes of an ASGI scope what the upgrade hook gets.
    """

    def __init__(
        self,
        engine: Engine,
        dialects: Sequence[Dialect],
        read: Callable[[Scope], Upgrade] = upgrade_of,
    ) -> None:
        self.engine = engine
        self.dialects = tuple(dialects)
        self._upgrade_of = read

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        upgrade = self._upgrade_of(scope)
        choice = chosen(self.dialects, upgrade.subprotocols)
        admitted = await self.engine.admit(upgrade)
        await receive()
        if isinstance(admitted, Reject) or choice is None:
            rejected = admitted if isinstance(admitted, Reject) else Reject(400, "Bad subprotocol")
            await _deny(scope, send, rejected)
            return
        dialect, subprotocol = choice
        await send({"type": "websocket.accept", "subprotocol": subprotocol})
        objection = dialect.objection(upgrade)
        if objection is not None:
            await _object(send, objection)
            return
        reading = Reading()
        sink = _sink(self.engine, scope, send, reading)
        connection = self.engine.connect(dialect, sink, upgrade, admitted)
        connection.sink.on_drained = lambda: connection.current.outgoing.drained()
        writer = frame_writer(scope)
        if writer is not None:
            writer.on_message = _taking(connection)
        try:
            await reading.run(self._read(connection, receive))
        finally:
            await self.engine.disconnected(connection)

    async def _read(self, connection: Connection, receive: Receive) -> None:
        engine = self.engine
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            engine.receive(connection, message["bytes"] if text is None else text)
            current = connection.current
            if current.is_full:
                await current.room()


def _taking(connection: Connection) -> Callable[[str | bytes], bool]:
    """What takes a message as soon as it has come, in the context of the application's task."""
    run = copy_context().run

    def take(message: str | bytes) -> bool:
        current = connection.successor or connection
        if current.inbox.is_full or (current.opening is not None and current.opening.is_full):
            return False
        run(receive, current, message)
        return True

    return take


def _sink(engine: Engine, scope: Scope, send: Send, reading: Reading) -> FramedSink | QueuedSink:
    settings = engine.settings
    queued = QueuedSink(send, settings.queue_messages, settings.queue_bytes, reading.stop)
    writer = frame_writer(scope)
    return queued if writer is None else FramedSink(writer, settings.queue_bytes, queued.close)


async def _object(send: Send, objection: Objection) -> None:
    """Tell a client that it is not understood: in its words, since it reads no answer of HTTP."""
    for frame in objection.frames:
        await send({"type": "websocket.send", "text" if isinstance(frame, str) else "bytes": frame})
    await send({"type": "websocket.close", "code": objection.code, "reason": objection.reason})


async def _deny(scope: Scope, send: Send, rejected: Reject) -> None:
    """An HTTP answer where the server can give one; a close, which is 403, where it cannot."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008, "reason": rejected.body[:100]})
        return
    headers: list[Any] = [(b"content-type", b"text/plain; charset=utf-8")]
    if rejected.status in (429, 503):
        headers.append((b"retry-after", b"5"))
    start = "websocket.http.response.start"
    await send({"type": start, "status": rejected.status, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": rejected.body.encode()})
