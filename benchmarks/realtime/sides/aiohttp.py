"""aiohttp, with a set of sockets and a loop over it."""

from __future__ import annotations

import asyncio
import json
import socket

from aiohttp import WSMsgType, web

listeners: set[web.WebSocketResponse] = set()


async def answer(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse(compress=False)
    await socket.prepare(request)
    path = request.path
    if path == "/listen":
        listeners.add(socket)
    try:
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                break
            if path == "/speak":
                for one in list(listeners):
                    await one.send_str(message.data)
            elif path == "/ask":
                question = json.loads(message.data)
                reply = {"id": question["id"], "length": len(question["text"])}
                await socket.send_str(json.dumps(reply))
    finally:
        listeners.discard(socket)
    return socket


async def serve(listener: socket.socket) -> None:
    app = web.Application()
    for path in ("/listen", "/speak", "/ask"):
        app.router.add_get(path, answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    await asyncio.get_running_loop().create_future()
