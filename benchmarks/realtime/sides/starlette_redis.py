"""Starlette and redis-py, the obvious way: who speaks publishes, each process reads and loops over
its own sockets.
"""

from __future__ import annotations

import asyncio
import socket

from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from benchmarks.realtime.group import GROUP, REDIS_URL
from benchmarks.realtime.sides.starlette import listen, listeners, run

NEWS = f"{GROUP}:news"
redis = Redis.from_url(REDIS_URL)


async def speak(socket: WebSocket) -> None:
    await socket.accept()
    async for text in socket.iter_text():
        await redis.publish(NEWS, text)


async def tell() -> None:
    async with redis.pubsub(ignore_subscribe_messages=True) as heard:
        await heard.subscribe(NEWS)
        async for message in heard.listen():
            text = message["data"].decode()
            for one in list(listeners):
                await one.send_text(text)


async def serve(listener: socket.socket) -> None:
    routes = [WebSocketRoute("/listen", listen), WebSocketRoute("/speak", speak)]
    telling = asyncio.create_task(tell())
    try:
        await run(Starlette(routes=routes), listener)
    finally:
        telling.cancel()
        await redis.aclose()
