"""The package `websockets` with its own ``broadcast``."""

from __future__ import annotations

import asyncio
import json
import socket

from websockets.asyncio.server import ServerConnection, broadcast
from websockets.asyncio.server import serve as start
from websockets.exceptions import ConnectionClosed

from benchmarks.realtime.talk import PINGS

listeners: set[ServerConnection] = set()


async def answer(socket: ServerConnection) -> None:
    assert socket.request is not None
    path = socket.request.path
    if path == "/listen":
        listeners.add(socket)
    try:
        async for text in socket:
            if path == "/speak":
                broadcast(listeners, text)
            elif path == "/ask":
                question = json.loads(text)
                reply = {"id": question["id"], "length": len(question["text"])}
                await socket.send(json.dumps(reply))
    except ConnectionClosed:
        pass
    finally:
        listeners.discard(socket)


async def serve(listener: socket.socket) -> None:
    async with start(answer, sock=listener, compression=None, ping_interval=PINGS):
        await asyncio.get_running_loop().create_future()
