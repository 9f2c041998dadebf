"""One stream of an engine, as an answer to a GET."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from velocious.realtime import commands
from velocious.realtime.asgi.reading import Reading
from velocious.realtime.sse.encoding import HEADERS
from velocious.realtime.sse.sink import SseSink
from velocious.realtime.subscribing import subscribe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import Message, Receive, Send

    from velocious.realtime.connection import Connection
    from velocious.realtime.engine import Engine
    from velocious.realtime.sse.dialect import SseDialect
    from velocious.realtime.sse.positions import Positions
    from velocious.realtime.upgrade import Admit, Upgrade

#: Seconds of silence after which a comment is sent.
SILENCE = 15.0
#: Milliseconds that a client waits before it comes again.
RETRY = 3000


class EventStream:
    """Answers one GET for as long as its client listens.

    Arguments:
        channels: what to listen to from the beginning.
        positions: where to go on.
    """

    def __init__(
        self,
        engine: Engine,
        dialect: SseDialect,
        channels: Sequence[str],
        positions: Positions,
    ) -> None:
        self._engine = engine
        self._dialect = dialect
        self._channels = tuple(dict.fromkeys((*channels, *positions.of)))
        self._positions = positions

    async def run(self, upgrade: Upgrade, admitted: Admit, receive: Receive, send: Send) -> None:
        """Listen, and tell the client, until either of the two ends it."""
        headers = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        body = b"retry: %d\n\n" % RETRY
        await send({"type": "http.response.body", "body": body, "more_body": True})
        settings, reading = self._engine.settings, Reading()

        async def pass_on(message: Message) -> None:
            await send(message)
            if not message["more_body"]:
                reading.stop()

        since = {name: self._positions.since(name) for name in self._channels}
        sink = SseSink(
            pass_on, settings.queue_messages, settings.queue_bytes, reading.stop, self._positions
        )
        connection = self._engine.connect(self._dialect, sink, upgrade, admitted)
        sink.on_drained = connection.outgoing.drained
        connection.set_timer("silence", SILENCE, partial(self._fill, connection, sink))
        try:
            await reading.run(self._live(connection, since, receive))
        finally:
            await self._engine.disconnected(connection)

    async def _live(
        self, connection: Connection, since: dict[str, str | None], receive: Receive
    ) -> None:
        for name, position in since.items():
            await listen(connection, commands.Subscribe(name, since=position))
        while (await receive())["type"] != "http.disconnect":
            pass

    def _fill(self, connection: Connection, sink: SseSink) -> None:
        if sink.is_empty:
            # What was said has left: the client is there.
            connection.last_seen = self._engine.schedule.monotonic()
            sink.comment()
        connection.set_timer("silence", SILENCE, partial(self._fill, connection, sink))


async def listen(connection: Connection, command: commands.Subscribe) -> bool:
    """Subscribe *connection*, when its turn has come; whether it listens now."""
    alias = command.channel if command.alias is None else command.alias
    done = asyncio.get_running_loop().create_future()
    await connection.inbox.room()
    connection.inbox.put(partial(_subscribe, connection, command, done))
    # A connection that ends drops what waits for its turn.
    async with asyncio.timeout(_turn(connection)):
        await done
    return alias in connection.subscriptions


def _turn(connection: Connection) -> float:
    """Seconds after which whoever waits for a turn is told that it will not come."""
    settings = connection.engine.settings
    return settings.guard_timeout + (settings.call_timeout or 30)


async def _subscribe(
    connection: Connection, command: commands.Subscribe, done: asyncio.Future[Any]
) -> None:
    try:
        if connection.is_open:
            await subscribe(connection, command)
    finally:
        if not done.done():
            done.set_result(None)
