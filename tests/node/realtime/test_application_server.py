"""Realtime of an application behind its own server, heard by a websocket client of others."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.node.running_server import CONFIGURATION, server, start
from velocious.realtime.sse.parser import EventParser

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from tests.node.running_server import Running
    from velocious.realtime.sse.parser import Received

websockets = pytest.importorskip("websockets")

ROUTES = """
from velocious.realtime import Admit, Identity
from velocious.routing import Routes

async def upgrade(request):
    session = await request.session()
    return Admit(Identity(session["name"]) if session["name"] else None)

routes = Routes()
routes.post("/sign-in", to="people#sign_in")
routes.post("/tasks", to="people#add")
routes.realtime("/realtime", upgrade=upgrade)
"""
CONTROLLER = """
from velocious import Configuration
from velocious.controller import Controller

class PeopleController(Controller):
    async def sign_in(self):
        self.session["name"] = self.params["name"]
        self.head(204)

    async def add(self):
        channels = Configuration.current().channels
        await channels.publish("private-board.1", "added", self.params["name"])
        self.head(204)
"""
CHANNEL = """
from velocious.realtime import Channel

class BoardChannel(Channel):
    pattern = "private-board.{id}"

    async def authorize(self):
        return self.user == "ann"
"""
FILES = {
    "app/config/configuration.py": CONFIGURATION,
    "app/config/routes.py": ROUTES,
    "app/controllers/people_controller.py": CONTROLLER,
    "app/channels/board_channel.py": CHANNEL,
}


@asynccontextmanager
async def running(directory: Path) -> AsyncGenerator[Running]:
    for name, text in FILES.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text)
    async with server(directory) as one:
        yield one


def socket(server: Running, **headers: str) -> Any:
    origin = server.url.rstrip("/")
    address = origin.replace("http", "ws") + "/realtime"
    return websockets.connect(address, origin=origin, additional_headers=headers)


async def hears(connection: Any, kind: str) -> dict[str, Any]:
    async with asyncio.timeout(10):
        while True:
            frame = json.loads(await connection.recv())
            if frame["type"] == kind:
                return frame


async def test_a_signed_in_visitor_hears_what_a_controller_publishes(tmp_path: Path) -> None:
    import httpx

    async with running(tmp_path) as server, httpx.AsyncClient(base_url=server.url) as client:
        cookie = (await client.post("/sign-in", data={"name": "ann"})).headers["set-cookie"]
        async with socket(server, Cookie=cookie.partition(";")[0]) as ann, socket(server) as guest:
            for one in (ann, guest):
                await one.send(json.dumps({"type": "sub", "ch": "private-board.1"}))
            await hears(ann, "sub.ok")
            assert (await hears(guest, "error"))["code"] == "forbidden"
            assert (await client.post("/tasks", json={"name": "Launch"})).status_code == 204
            assert (await hears(ann, "event"))["data"] == "Launch"


async def test_a_page_of_another_site_is_refused_with_403(tmp_path: Path) -> None:
    async with running(tmp_path) as server:
        address = server.url.replace("http", "ws") + "/realtime"
        with pytest.raises(websockets.InvalidStatus) as refused:
            await websockets.connect(address, origin="https://evil.test")
        assert refused.value.response.status_code == 403


async def test_sockets_are_sent_away_when_the_server_is_told_to_stop(tmp_path: Path) -> None:
    async with running(tmp_path) as server:
        async with socket(server) as first, socket(server) as second:
            for one in (first, second):
                await hears(one, "ready")
            os.kill(server.process.pid, signal.SIGTERM)
            for one in (first, second):
                bye = await hears(one, "bye")
                assert (bye["code"], bye["reconnect"]) == (1001, True)
                assert 0 <= bye["retry_after"] <= 30
                await asyncio.wait_for(one.wait_closed(), 10)
                assert one.close_code == 1001
        assert await asyncio.wait_for(server.process.wait(), 10) == 0


async def test_streams_are_sent_away_when_the_server_is_told_to_stop(tmp_path: Path) -> None:
    import httpx

    async with running(tmp_path) as server, httpx.AsyncClient(base_url=server.url) as client:
        headers = {"accept": "text/event-stream"}
        address = "/realtime/events?channels=news"
        async with client.stream("GET", address, headers=headers) as answer:
            parser = EventParser()
            heard: list[Received] = []
            async for piece in answer.aiter_bytes():
                heard += parser.feed(piece)
                if heard and heard[-1].event == "sub.ok":
                    os.kill(server.process.pid, signal.SIGTERM)
        assert [one.event for one in heard] == ["connected", "ready", "sub.ok", "bye"]
        assert json.loads(heard[-1].data)["reconnect"] is True
        # Each comes back after a time of its own.
        assert parser.retry is not None and 0 <= parser.retry <= 30_000
        assert heard[-1].id == "news="
        assert await asyncio.wait_for(server.process.wait(), 10) == 0


async def test_a_channel_that_does_not_import_stops_the_start(tmp_path: Path) -> None:
    for name, text in {**FILES, "app/channels/broken.py": "import no_such_module"}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    process = await start(tmp_path)
    output, _ = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode != 0
    assert b"app/channels/broken.py" in output
