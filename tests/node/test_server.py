"""The server as a process: what it prints, answers and does when it is told to stop."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.node.running_server import CONTROLLER, PATIENCE, ROUTES, server, start, write_shop
from velocious.version import __version__
from velocious_node.http.listening import BindError, listen
from velocious_node.http.server import address

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write_shop(tmp_path)


async def test_it_says_what_runs_and_where_and_answers_there(shop: Path) -> None:
    async with server(shop) as running, httpx.AsyncClient(base_url=running.url) as client:
        answer = await client.get("/version")
        assert (await client.get("/loop")).json() == "uvloop"
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
        process = await start(shop, "--port", port)
        output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 1
    assert f"The port {port} of '127.0.0.1' is taken by " in output.decode()
    assert f"(process {running.process.pid})" in output.decode()
    assert f"velocious server --port {int(port) + 1}" in output.decode()
    assert "Traceback" not in output.decode()


async def test_production_does_not_start_before_it_is_ready(shop: Path) -> None:
    for options in ((), ("--workers", "2")):
        process = await start(shop, "--environment", "production", *options)
        output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
        assert process.returncode == 1
        assert "The application is not ready for production" in output.decode()
        assert "There is no secret" in output.decode()
        assert "Traceback" not in output.decode()


async def test_a_route_that_leads_nowhere_is_explained_before_it_serves(shop: Path) -> None:
    (shop / "app/config/routes.py").write_text(ROUTES.replace("#slow", "#slwo"))
    process = await start(shop)
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
