"""Our server's fast socket alone, without the engine: what the engine is built on costs this."""

from __future__ import annotations

import json
import socket
from typing import Any

from benchmarks.realtime.talk import PINGS
from velocious.realtime.ready_frame import text_frame
from velocious.realtime.wire_port import FrameWriter, frame_writer
from velocious_node.http.config import ServerConfig
from velocious_node.settings import ServerSettings

listeners: set[FrameWriter] = set()


async def app(scope: Any, receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    writer, path = frame_writer(scope), scope["path"]
    assert writer is not None
    if path == "/listen":
        listeners.add(writer)
    while (message := await receive())["type"] == "websocket.receive":
        if path == "/speak":
            frame = text_frame(message["text"].encode())
            for one in listeners:
                one.write(frame)
        elif path == "/ask":
            question = json.loads(message["text"])
            answer = {"id": question["id"], "length": len(question["text"])}
            await send({"type": "websocket.send", "text": json.dumps(answer)})
    listeners.discard(writer)


async def serve(listener: socket.socket) -> None:
    await run(app, listener)


async def run(app: Any, listener: socket.socket) -> None:
    """Serve *app* as `velocious server` does."""
    from velocious_node.http.process import Server
    from velocious_node.http.stopping import Stopping

    config = config_of(app)
    await Server(config, Stopping(), lambda: None, lambda: None)._serve([listener])


def config_of(app: Any) -> ServerConfig:
    config = ServerConfig(app, ServerSettings(socket_ping_seconds=PINGS))
    config.lifespan = "off"
    return config
