"""python-socketio, with a room, on uvicorn."""

from __future__ import annotations

import socket
from typing import Any

import socketio

from benchmarks.realtime.sides.starlette import run
from benchmarks.realtime.talk import PINGS

server: Any = socketio.AsyncServer(async_mode="asgi", http_compression=False, ping_interval=PINGS)


async def listen(sid: str) -> None:
    await server.enter_room(sid, "news")


async def tell(sid: str, text: str) -> None:
    await server.emit("said", text, room="news")


async def ask(sid: str, question: dict[str, Any]) -> dict[str, Any]:
    return {"id": question["id"], "length": len(question["text"])}


async def serve(listener: socket.socket) -> None:
    for handler in (listen, tell, ask):
        server.on(handler.__name__, handler)
    await run(socketio.ASGIApp(server), listener)
