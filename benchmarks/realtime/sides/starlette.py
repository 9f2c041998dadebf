"""Starlette, the obvious way: a set of sockets and a loop over it, on uvicorn with `websockets`."""

from __future__ import annotations

import json
import socket
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from benchmarks.realtime.talk import PINGS

listeners: set[WebSocket] = set()


async def listen(socket: WebSocket) -> None:
    await socket.accept()
    listeners.add(socket)
    try:
        while True:
            await socket.receive_text()
    except WebSocketDisconnect:
        listeners.discard(socket)


async def speak(socket: WebSocket) -> None:
    await socket.accept()
    async for text in socket.iter_text():
        for one in list(listeners):
            await one.send_text(text)


async def ask(socket: WebSocket) -> None:
    await socket.accept()
    async for text in socket.iter_text():
        question = json.loads(text)
        answer = {"id": question["id"], "length": len(question["text"])}
        await socket.send_text(json.dumps(answer))


def application() -> Starlette:
    return Starlette(
        routes=[
            WebSocketRoute("/listen", listen),
            WebSocketRoute("/speak", speak),
            WebSocketRoute("/ask", ask),
        ]
    )


async def serve(listener: socket.socket) -> None:
    await run(application(), listener)


async def run(app: Any, listener: socket.socket) -> None:
    await uvicorn.Server(config_of(app))._serve([listener])


def config_of(app: Any) -> uvicorn.Config:
    """How uvicorn serves *app* as it comes, but for what is compressed and logged."""
    return uvicorn.Config(
        app,
        http="httptools",
        loop="none",
        lifespan="off",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_ping_interval=PINGS,
        access_log=False,
        log_level="warning",
        server_header=False,
    )
