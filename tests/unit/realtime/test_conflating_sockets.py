"""Conflating with the real way out: a socket that takes nothing for a while."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from velocious.realtime import Channel, Engine, RealtimeSettings, Slow
from velocious.realtime.asgi import WebSockets
from velocious.realtime.dialects import NativeDialect
from velocious.testing.realtime import settle


class Progress(Channel):
    pattern = "progress"
    slow = Slow.CONFLATE


class Socket:
    """A client that reads while *reads* is set."""

    def __init__(self) -> None:
        self.reads = asyncio.Event()
        self.reads.set()
        self.coming: asyncio.Queue[Any] = asyncio.Queue()
        self.coming.put_nowait({"type": "websocket.connect"})
        self.taken: list[dict[str, Any]] = []

    async def send(self, message: Any) -> None:
        await self.reads.wait()
        if "text" in message:
            self.taken.append(json.loads(message["text"]))

    def says(self, **frame: Any) -> None:
        self.coming.put_nowait({"type": "websocket.receive", "text": json.dumps(frame)})

    def events(self) -> list[tuple[str, Any]]:
        return [(one["event"], one["data"]) for one in self.taken if one["type"] == "event"]


async def test_a_socket_that_reads_again_gets_the_newest_and_then_what_comes() -> None:
    settings = RealtimeSettings(queue_messages=2, auth="none")
    engine = Engine(channels=[Progress], settings=settings)
    socket = Socket()
    scope: Any = {
        "type": "websocket",
        "path": "/realtime",
        "headers": [],
        "subprotocols": [],
        "query_string": b"",
    }
    app = WebSockets(engine, [NativeDialect()])
    running = asyncio.create_task(app(scope, socket.coming.get, socket.send))
    socket.says(type="sub", ch="progress")
    await settle()
    socket.reads.clear()
    for number in range(10):
        await engine.hub.publish("progress", "step", number)
        if number % 5 == 4:
            await engine.hub.publish("progress", "stage", number)
    socket.reads.set()
    await settle()
    await engine.hub.publish("progress", "step", 10)
    await settle()
    # One was on its way and one in the queue when there was no room any more.
    assert socket.events() == [
        ("step", 0),
        ("step", 1),
        ("step", 9),
        ("stage", 9),
        ("step", 10),
    ]
    assert [one["type"] for one in socket.taken][-6:-5] == ["sub.ok"]
    socket.coming.put_nowait({"type": "websocket.disconnect", "code": 1000})
    await running
