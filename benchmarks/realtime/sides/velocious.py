"""Velocious's engine, on its own server."""

from __future__ import annotations

import socket
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from benchmarks.realtime.sides.floor import run
from benchmarks.realtime.talk import PINGS
from velocious.realtime.asgi.websockets import WebSockets
from velocious.realtime.channel import Channel
from velocious.realtime.dialects.native import NativeDialect
from velocious.realtime.engine import Engine
from velocious.realtime.identity import Identity
from velocious.realtime.providers.base import Provider
from velocious.realtime.router import RouteBuilder, SocketRouter
from velocious.realtime.settings import RealtimeSettings
from velocious.realtime.upgrade import Admit, Upgrade

#: Only what one address may do is more than by default: all clients come from here.
MANY = 1_000_000


class Router(SocketRouter):
    def configure(self, routes: RouteBuilder) -> None:
        routes.on("tell", self.tell)
        routes.on("ask", self.ask)

    async def tell(self, context: Any) -> None:
        data = context.data
        await context.connection.hub.publish(data["channel"], "said", data["text"])

    async def ask(self, context: Any) -> dict[str, Any]:
        return {"id": context.data["id"], "length": len(context.data["text"])}


async def serve(
    listener: socket.socket,
    channels: Iterable[type[Channel]] = (),
    provider: Provider | None = None,
) -> None:
    async with application(channels, provider) as app:
        await run(app, listener)


@asynccontextmanager
async def application(
    channels: Iterable[type[Channel]] = (), provider: Provider | None = None
) -> AsyncGenerator[WebSockets]:
    names = iter(range(MANY))

    async def upgrade(_: Upgrade) -> Admit:
        name = str(next(names))
        return Admit(Identity(name, name))

    engine = Engine(
        channels=channels,
        routers=[Router()],
        provider=provider,
        settings=RealtimeSettings(
            connections_per_ip=MANY,
            messages_per_second=MANY,
            message_burst=MANY,
            heartbeat_interval=PINGS,
            heartbeat_timeout=2 * PINGS,
        ),
        upgrade=upgrade,
    )
    await engine.start()
    try:
        yield WebSockets(engine, [NativeDialect()])
    finally:
        await engine.stop()
