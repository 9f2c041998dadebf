"""The client over real sockets."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from tests.node.http_server import serving
from velocious.errors import NotConnectedError, RemoteFault
from velocious.realtime import Channel, Engine, Keep, MessageRegistry, Reject
from velocious.realtime.asgi import WebSockets
from velocious.realtime.client import ClientState, RealtimeClient
from velocious.realtime.dialects import NativeDialect
from velocious_node.realtime import WebsocketConnector


class Board(Channel):
    pattern = "board:{id}"
    history = Keep()


def messages() -> MessageRegistry:
    made = MessageRegistry()

    @made.on("echo")
    async def echo(context: Any) -> Any:
        return context.data

    return made


def served(engine: Engine) -> Any:
    sockets = WebSockets(engine, [NativeDialect()])

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await sockets(scope, receive, send)

    return app


async def test_talks_and_listens() -> None:
    engine = Engine(channels=[Board], messages=messages())
    async with (
        serving(served(engine)) as server,
        RealtimeClient(f"ws://127.0.0.1:{server.port}/", WebsocketConnector()) as client,
        client.channel("board:1") as board,
    ):
        assert await client.call("echo", "ä" * 1000) == "ä" * 1000
        with pytest.raises(RemoteFault):
            await client.call("nope")
        heard = asyncio.ensure_future(anext(aiter(board)))
        await asyncio.sleep(0)
        await engine.hub.publish("board:1", "moved", 7)
        assert (await asyncio.wait_for(heard, 5)).data == 7


async def test_comes_back_to_what_it_missed_when_its_socket_breaks() -> None:
    engine = Engine(channels=[Board])
    async with (
        serving(served(engine)) as server,
        RealtimeClient(
            f"ws://127.0.0.1:{server.port}/", WebsocketConnector(), chance=lambda: 0.1
        ) as client,
        client.channel("board:1") as board,
    ):
        everything: asyncio.Queue[int] = asyncio.Queue()
        board.on("n", lambda heard: everything.put_nowait(heard.data))
        await engine.hub.publish("board:1", "n", 1)
        assert await asyncio.wait_for(everything.get(), 5) == 1
        (connection,) = engine.connections.values()
        connection.sink.close(1012, "a new version")
        await engine.disconnected(connection)
        await engine.hub.publish("board:1", "n", 2)
        assert await asyncio.wait_for(everything.get(), 5) == 2
        assert client.state is ClientState.CONNECTED


async def test_is_told_what_http_says() -> None:
    async def upgrade(_: Any) -> Reject:
        return Reject(403, "No")

    async with serving(served(Engine(upgrade=upgrade))) as server:
        client = RealtimeClient(f"ws://127.0.0.1:{server.port}/", WebsocketConnector())
        with pytest.raises(NotConnectedError, match="403"):
            await client.connect()


async def test_waits_where_nobody_listens() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        client = RealtimeClient(
            f"ws://127.0.0.1:{held.getsockname()[1]}/?ticket=secret", WebsocketConnector()
        )
        waiting = asyncio.Event()
        client.on_state(lambda state: state is ClientState.WAITING and waiting.set())
        client.start()
        await asyncio.wait_for(waiting.wait(), 5)
        assert "secret" not in client.reason
        await client.close()
