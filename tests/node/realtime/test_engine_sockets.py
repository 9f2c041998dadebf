"""The engine behind a real server: on the fast way out, and on the one that every server has."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.node.http_server import serving
from tests.suites.waiting import until
from velocious.realtime import Channel, Engine, Keep, RealtimeSettings, Reject
from velocious.realtime.asgi import WebSockets
from velocious.realtime.dialects import NativeDialect
from velocious.realtime.wire_port import EXTENSION

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

QUIET: dict[str, Any] = {"compression": None, "ping_interval": None, "close_timeout": 0.2}


class Board(Channel):
    pattern = "board:{id}"
    history = Keep()


class Portable:
    """Takes the fast way away, as any other server does."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.get("extensions", {}).pop(EXTENSION, None)
        if scope["type"] == "websocket":
            await self._app(scope, receive, send)


@pytest.fixture(params=["fast", "portable"])
def served(request: pytest.FixtureRequest) -> Any:
    """Makes the ASGI application of an engine."""

    def make(engine: Engine) -> Any:
        app = WebSockets(engine, [NativeDialect()])
        if request.param == "portable":
            return Portable(app)

        async def only_sockets(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "websocket":
                assert EXTENSION in scope["extensions"]
                await app(scope, receive, send)

        return only_sockets

    return make


async def heard(socket: Any, kind: str) -> Any:
    """The next frame of type *kind*."""
    async with asyncio.timeout(5):
        while True:
            frame = json.loads(await socket.recv())
            if frame["type"] == kind:
                return frame


class TestSockets:
    async def test_hear_what_is_published(self, served: Any) -> None:
        engine = Engine(channels=[Board])
        async with serving(served(engine)) as server:
            url = f"ws://127.0.0.1:{server.port}/"
            async with connect(url, **QUIET) as ann, connect(url, **QUIET) as bob:
                for socket in (ann, bob):
                    await socket.send(json.dumps({"type": "sub", "id": 1, "ch": "board:1"}))
                    assert (await heard(socket, "sub.ok"))["id"] == 1
                await engine.hub.publish("board:1", "moved", {"to": "ä" * 300})
                for socket in (ann, bob):
                    assert (await heard(socket, "event"))["data"] == {"to": "ä" * 300}
            await until(lambda: not engine.connections and not engine.hub.topics)

    async def test_are_closed_with_the_engines_code(self, served: Any) -> None:
        engine = Engine()
        async with (
            serving(served(engine)) as server,
            connect(f"ws://127.0.0.1:{server.port}/", **QUIET) as socket,
        ):
            await heard(socket, "ready")
            await engine.hub.kick(connection=next(iter(engine.connections)))
            assert (await heard(socket, "bye"))["code"] == 4006
            with pytest.raises(ConnectionClosed) as closed:
                await socket.recv()
            assert closed.value.rcvd is not None
            assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4006, "Signed out")

    @pytest.mark.parametrize("status", [401, 429, 503])
    async def test_are_refused_with_an_answer_of_http(self, served: Any, status: int) -> None:
        async def upgrade(_: Any) -> Reject:
            return Reject(status, "No")

        async with serving(served(Engine(upgrade=upgrade))) as server:
            with pytest.raises(InvalidStatus) as refused:
                await connect(f"ws://127.0.0.1:{server.port}/", **QUIET)
            assert refused.value.response.status_code == status
            assert refused.value.response.body == b"No"
            wait = refused.value.response.headers.get("retry-after")
            assert wait == (None if status == 401 else "5")

    async def test_that_never_read_end_and_delay_nobody(self, served: Any) -> None:
        settings = RealtimeSettings(queue_bytes=200_000, queue_messages=256)
        gone = asyncio.Event()

        async def on_close(_: Any) -> None:
            gone.set()

        engine = Engine(channels=[Board], settings=settings, on_close=on_close)
        async with serving(served(engine)) as server:
            url = f"ws://127.0.0.1:{server.port}/"
            async with (
                connect(url, **QUIET, max_queue=1) as deaf,
                connect(url, **QUIET) as quick,
            ):
                for socket in (deaf, quick):
                    await socket.send(json.dumps({"type": "sub", "ch": "board:1"}))
                    await heard(socket, "sub.ok")
                for number in range(1500):
                    await engine.hub.publish("board:1", "moved", [number, "x" * 10_000])
                    assert (await heard(quick, "event"))["data"][0] == number
                    if engine.hub.statistics.evictions:
                        break
                assert engine.hub.statistics.evictions == 1
                assert engine.hub.statistics.closed["too_slow"] == 1
                await engine.hub.publish("board:1", "moved", ["after"])
                assert (await heard(quick, "event"))["data"] == ["after"]
                await asyncio.wait_for(gone.wait(), 10)
                assert len(engine.connections) == 1

    async def test_that_read_again_in_time_hear_why_they_were_sent_away(self, served: Any) -> None:
        settings = RealtimeSettings(queue_bytes=200_000, queue_messages=256)
        engine = Engine(channels=[Board], settings=settings)
        async with serving(served(engine)) as server:
            url = f"ws://127.0.0.1:{server.port}/"
            async with connect(url, **QUIET, max_queue=1) as deaf:
                await deaf.send(json.dumps({"type": "sub", "ch": "board:1"}))
                await heard(deaf, "sub.ok")
                for number in range(3000):
                    await engine.hub.publish("board:1", "moved", [number, "x" * 10_000])
                    await asyncio.sleep(0)
                    if engine.hub.statistics.evictions:
                        break
                assert engine.hub.statistics.evictions == 1
                frames: list[Any] = []
                with pytest.raises(ConnectionClosed) as closed:
                    async with asyncio.timeout(5):
                        while True:
                            frames.append(json.loads(await deaf.recv()))
                assert closed.value.rcvd is not None
                assert closed.value.rcvd.code == 4005
                numbers = [one["data"][0] for one in frames if one["type"] == "event"]
                assert numbers == list(range(len(numbers)))
                assert frames[-1] == {
                    "type": "bye",
                    "code": 4005,
                    "reason": "reads too slowly",
                    "reconnect": True,
                }
