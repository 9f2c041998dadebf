"""The server as a process: what it prints, answers and does when it is told to stop."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import httpx
import pytest

from velocious.version import __version__
from velocious_node.http.listening import BindError, listen
from velocious_node.http.server import address

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator
    from pathlib import Path

CONFIGURATION = """
from velocious import Configuration

def configuration(environment_handler):
    return Configuration(
        environment_handler=environment_handler,
        directory=__file__.rpartition("/app/")[0],
        databases={"default": "sqlite:///:memory:"},
    )
"""
ROUTES = """
from velocious.routing import Routes

routes = Routes()
routes.get("/version", to="status#version")
routes.get("/slow", to="status#slow")
routes.get("/long", to="status#long")
"""
CONTROLLER = """
import asyncio
from velocious.controller import Controller

class StatusController(Controller):
    async def version(self):
        self.render(json="first")

    async def slow(self):
        await asyncio.sleep(0.6)
        self.render(json="finished")

    async def long(self):
        self.render(json=["a line of some length"] * 1000)
"""
PATIENCE = 30


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    files = {
        "app/config/configuration.py": CONFIGURATION,
        "app/config/routes.py": ROUTES,
        "app/controllers/status_controller.py": CONTROLLER,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


class Running:
    """A `velocious server` that has printed where it answers."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.printed = ""
        self.url = ""

    async def wait_for(self, pattern: str) -> re.Match[str]:
        """The next place in what it prints that looks like *pattern*."""
        assert self.process.stdout is not None
        before = len(self.printed)
        async with asyncio.timeout(PATIENCE):
            while (found := re.search(pattern, self.printed[before:])) is None:
                line = await self.process.stdout.readline()
                assert line, f"It ended without printing {pattern!r}: {self.printed}"
                self.printed += line.decode()
        return found

    async def stop(self, number: int = signal.SIGTERM) -> int:
        """Send it a signal and wait; its exit code."""
        self.process.send_signal(number)
        output, _ = await asyncio.wait_for(self.process.communicate(), PATIENCE)
        self.printed += output.decode()
        return self.process.returncode or 0


@asynccontextmanager
async def server(shop: Path, *options: str) -> AsyncGenerator[Running]:
    process = await _start(shop, *options)
    running = Running(process)
    try:
        running.url = (await running.wait_for(r"http://\S+"))[0]
        yield running
    finally:
        if process.returncode is None:
            process.terminate()
            await asyncio.wait_for(process.communicate(), PATIENCE)


async def _start(shop: Path, *options: str) -> Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "velocious_node", "server", "--port", "0", *options),
        cwd=shop,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "VELOCIOUS_ENV": "development", "PYTHONDONTWRITEBYTECODE": "1"},
    )


async def test_it_says_what_runs_and_where_and_answers_there(shop: Path) -> None:
    async with server(shop) as running, httpx.AsyncClient(base_url=running.url) as client:
        answer = await client.get("/version")
        await running.stop()
    assert f"Velocious {__version__} · development · http://127.0.0.1:" in running.printed
    assert answer.json() == "first"
    assert "server" not in answer.headers
    assert re.search(r"velocious\.http: GET /version 200 \d+\.\d ms", running.printed)
    assert "GET /version 200" in (shop / "log/development.log").read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_request_that_runs_is_finished_before_it_stops(shop: Path, number: int) -> None:
    async with server(shop) as running, httpx.AsyncClient(base_url=running.url) as client:
        request = asyncio.create_task(client.get("/slow"))
        await asyncio.sleep(0.3)
        code = await running.stop(number)
        answer = await request
    assert (code, answer.json()) == (0, "finished")
    assert running.printed.endswith("Stopped.\n")


async def test_long_answers_are_compressed_for_those_who_can_read_that(shop: Path) -> None:
    async with server(shop) as running, httpx.AsyncClient(base_url=running.url) as client:
        zipped = await client.get("/long", headers={"accept-encoding": "gzip"})
        plain = await client.get("/long", headers={"accept-encoding": "identity"})
    assert zipped.headers["content-encoding"] == "gzip"
    assert int(zipped.headers["content-length"]) < len(plain.content) / 10
    assert "content-encoding" not in plain.headers
    assert zipped.json() == plain.json()


async def test_a_port_that_is_taken_is_explained_with_who_has_it_and_what_else(shop: Path) -> None:
    async with server(shop) as running:
        port = running.url.rpartition(":")[2]
        process = await _start(shop, "--port", port)
        output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 1
    assert f"The port {port} of '127.0.0.1' is taken by " in output.decode()
    assert f"(process {running.process.pid})" in output.decode()
    assert f"velocious server --port {int(port) + 1}" in output.decode()
    assert "Traceback" not in output.decode()


async def test_a_route_that_leads_nowhere_is_explained_before_it_serves(shop: Path) -> None:
    (shop / "app/config/routes.py").write_text(ROUTES.replace("#slow", "#slwo"))
    process = await _start(shop)
    output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 1
    assert "StatusController has no action 'slwo'. Did you mean 'slow'?" in output.decode()
    assert "Traceback" not in output.decode()


async def test_reload_serves_the_changed_application_and_survives_a_broken_one(
    shop: Path,
) -> None:
    controller = shop / "app/controllers/status_controller.py"
    async with server(shop, "--reload") as running:
        async with httpx.AsyncClient(base_url=running.url, timeout=PATIENCE) as client:
            assert (await client.get("/version")).json() == "first"
            controller.write_text("class")
            await running.wait_for("could not be imported")
            controller.write_text(CONTROLLER.replace('"first"', '"second"'))
            # The socket stays open: a request that comes meanwhile waits for the new process.
            assert (await client.get("/version")).json() == "second"
        assert await running.stop() == 0
    with pytest.raises(OSError, match=r"refused|failed"):
        await asyncio.open_connection("127.0.0.1", int(running.url.rpartition(":")[2]))


@pytest.mark.parametrize(
    ("host", "port", "said"),
    [
        ("nowhere.invalid", 0, "'nowhere.invalid' is no address of this machine"),
        ("192.0.2.1", 0, "'192.0.2.1' is no address of this machine"),
        ("127.0.0.1", 99999, "There is no port 99999"),
    ],
)
def test_a_place_where_nobody_can_listen_is_explained(host: str, port: int, said: str) -> None:
    with pytest.raises(BindError, match=said):
        listen(host, port)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:"),
        ("localhost", "http://127.0.0.1:"),
        ("0.0.0.0", "http://127.0.0.1:"),
    ],
)
def test_the_address_is_one_that_a_browser_can_open(host: str, url: str) -> None:
    with listen(host, 0) as listener:
        assert address(listener) == f"{url}{listener.getsockname()[1]}"


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
def test_an_address_of_ipv6_stands_in_brackets() -> None:
    try:
        listener = listen("::1", 0)
    except BindError:
        pytest.skip("this machine has no ::1")
    with listener:
        assert address(listener) == f"http://[::1]:{listener.getsockname()[1]}"
