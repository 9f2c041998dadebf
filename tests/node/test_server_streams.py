"""Streams and files of a real server, to clients that read slowly or go away."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx

from tests.node.running_server import CONFIGURATION, server

if TYPE_CHECKING:
    from pathlib import Path

CONTROLLER = """
import asyncio
from velocious.controller import Controller

class FeedController(Controller):
    made = 0
    closed = False

    async def events(self):
        async def ticks():
            try:
                while True:
                    yield "tick"
                    await asyncio.sleep(0.05)
            finally:
                FeedController.closed = True
        self.event_stream(ticks())

    async def flood(self):
        async def pieces():
            for _ in range(1000):
                FeedController.made += 1
                yield b"x" * 65536
        self.stream(pieces())

    async def file(self):
        await self.send_file("big.bin")

    async def state(self):
        self.render(json=[FeedController.made, FeedController.closed])
"""
ROUTES = """
from velocious.routing import Routes

routes = Routes()
for name in ("events", "flood", "file", "state"):
    routes.get(f"/{name}", to=f"feed#{name}")
"""


def application(folder: Path) -> Path:
    files = {
        "app/config/configuration.py": CONFIGURATION,
        "app/config/routes.py": ROUTES,
        "app/controllers/feed_controller.py": CONTROLLER,
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "big.bin").write_bytes(bytes(range(256)) * 8192)
    return folder


async def test_streams_end_with_their_clients_and_wait_for_slow_ones(tmp_path: Path) -> None:
    async with (
        server(application(tmp_path)) as running,
        httpx.AsyncClient(base_url=running.url, timeout=20) as client,
    ):
        async with client.stream("GET", "/events") as events:
            lines = events.aiter_lines()
            while await anext(lines) != "data: tick":
                pass
            assert "content-encoding" not in events.headers
        # Squeezed, it would fit into what sockets hold.
        whole_bytes = {"accept-encoding": "identity"}
        async with client.stream("GET", "/flood", headers=whole_bytes) as flood:
            pieces = flood.aiter_bytes()
            await anext(pieces)
            # Nobody reads on: what is made must stay within what sockets hold.
            await asyncio.sleep(0.5)
            made, _ = (await client.get("/state")).json()
            assert made < 500
        async with asyncio.timeout(10):
            while not (await client.get("/state")).json()[1]:
                pass
        part = await client.get("/file", headers={"range": "bytes=-1000"})
        whole = await client.get("/file")
    assert part.status_code == 206
    assert whole.content.endswith(part.content)
    assert len(whole.content) == 2_097_152
