"""Several serving processes: what crashes is started again, what is replaced loses no request."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import time
from typing import TYPE_CHECKING

import httpx
import psutil
import pytest

from tests.node.running_server import CONTROLLER, PATIENCE, Running, server, start, write_shop

if TYPE_CHECKING:
    from pathlib import Path

#: A line for each of thousands of requests would be too much for the pipe that nobody reads.
TWO = ("--workers", "2", "--no-access-log")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write_shop(tmp_path)


class Load:
    """Clients that keep asking, on kept connections, until nobody listens any more."""

    def __init__(self, url: str, clients: int = 6) -> None:
        self._url = url
        self.answers: list[object] = []
        self.failures: list[Exception] = []
        self._tasks = [asyncio.create_task(self._ask(number)) for number in range(clients)]

    async def ended(self) -> None:
        await asyncio.wait_for(asyncio.gather(*self._tasks), PATIENCE)

    def end(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def _ask(self, number: int) -> None:
        path = "/slow" if number == 0 else "/process"
        # Some keep their connection, some come on a new one each time: those meet every process.
        headers = {"connection": "close" if number % 3 == 1 else "keep-alive"}
        async with httpx.AsyncClient(base_url=self._url, timeout=PATIENCE) as client:
            while True:
                try:
                    answer = await client.get(path, headers=headers)
                except httpx.ConnectError:
                    # Nothing was accepted, so nothing was lost.
                    return
                except httpx.HTTPError as error:
                    self.failures.append(error)
                    return
                self.answers.append((answer.status_code, answer.json()))
                await asyncio.sleep(0.005)


def children(running: Running) -> set[int]:
    return {one.pid for one in psutil.Process(running.process.pid).children()}


async def until(condition: object, seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not come to pass"
        await asyncio.sleep(0.05)


async def test_several_processes_answer_and_end_together(shop: Path) -> None:
    async with server(shop, *TWO) as running:
        workers = children(running)
        load = Load(running.url)
        await until(lambda: {(200, number) for number in workers} <= {*load.answers})
        code = await running.stop()
        await load.ended()
    assert code == 0
    assert {answer for answer in load.answers if answer != (200, "finished")} == {
        (200, number) for number in workers
    }
    assert load.failures == []
    assert running.printed.count("Velocious") == running.printed.count("Stopped.") == 1
    assert not any(map(psutil.pid_exists, workers))


async def test_a_process_that_crashes_is_started_again_and_the_others_go_on(shop: Path) -> None:
    async with server(shop, *TWO) as running:
        before = children(running)
        async with httpx.AsyncClient(base_url=running.url, timeout=PATIENCE) as client:
            with pytest.raises(httpx.HTTPError):
                await client.get("/crash")
            assert (await client.get("/version")).json() == "first"
            await running.wait_for(r"Worker \d+ was ended by SIGKILL. Another is started.")
            await until(lambda: len(children(running)) == 2)
            assert len(children(running) & before) == 1
        assert await running.stop() == 0


async def test_processes_are_replaced_one_by_one_under_load(shop: Path) -> None:
    async with server(shop, *TWO) as running:
        before, load = children(running), Load(running.url)
        controller = shop / "app/controllers/status_controller.py"
        controller.write_text(CONTROLLER.replace('"finished"', '"anew"'))
        running.process.send_signal(signal.SIGHUP)
        await running.wait_for("Every worker has been replaced")
        await until(lambda: (200, "anew") in load.answers)
        assert not children(running) & before
        # What does not start replaces nothing.
        controller.write_text("class")
        kept = children(running)
        running.process.send_signal(signal.SIGHUP)
        await running.wait_for("The new worker did not start")
        assert children(running) == kept
        load.end()
        assert load.failures == []
        assert await running.stop() == 0


async def test_processes_do_not_outlive_a_supervisor_that_was_killed(shop: Path) -> None:
    async with server(shop, *TWO) as running:
        workers = children(running)
        running.process.kill()
        await until(lambda: not any(map(psutil.pid_exists, workers)))
    assert len(workers) == 2


async def test_an_application_that_does_not_start_is_not_tried_for_ever(shop: Path) -> None:
    (shop / "app/controllers/status_controller.py").write_text("class")
    process = await start(shop, "--workers", "2")
    output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 1
    assert "The server did not start." in output.decode()
    assert "Traceback" not in output.decode()


async def test_a_second_signal_ends_everything_at_once(shop: Path) -> None:
    controller = shop / "app/controllers/status_controller.py"
    controller.write_text(CONTROLLER.replace("sleep(0.6)", "sleep(60)"))
    async with server(shop, *TWO) as running:
        async with httpx.AsyncClient(base_url=running.url) as client:
            request = asyncio.create_task(client.get("/slow"))
            await asyncio.sleep(0.5)
            running.process.terminate()
            await asyncio.sleep(0.5)
            began = time.monotonic()
            code = await running.stop()
            with pytest.raises(httpx.HTTPError):
                (await request).raise_for_status()
    assert (code, time.monotonic() - began < 5) == (1, True)
    assert "some requests were cut short" in running.printed


async def test_a_unix_socket_is_served_and_removed_again(shop: Path) -> None:
    path = str(shop / "shop.sock")
    process = await start(shop, "--uds", path)
    running = Running(process)
    assert (await running.wait_for(r"unix:(\S+)"))[1] == path
    transport = httpx.AsyncHTTPTransport(uds=path)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        assert (await client.get("/version")).json() == "first"
    assert os.stat(path).st_mode & 0o777 == 0o660
    assert await running.stop() == 0
    assert not os.path.exists(path)


async def test_reload_and_workers_exclude_each_other(shop: Path) -> None:
    process = await start(shop, "--workers", "2", "--reload")
    output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode != 0
    assert re.search("--reload is for one process", output.decode())


@pytest.mark.drill
@pytest.mark.slow
async def test_twenty_restarts_under_load_lose_no_request(shop: Path) -> None:
    async with server(shop, *TWO) as running:
        load = Load(running.url, clients=12)
        for _ in range(20):
            running.process.send_signal(signal.SIGHUP)
            await running.wait_for("Every worker has been replaced")
        load.end()
        assert (load.failures, len(load.answers) > 1000) == ([], True)
        assert await running.stop() == 0


@pytest.mark.drill
@pytest.mark.slow
@pytest.mark.parametrize("options", [TWO, ("--no-access-log",)], ids=["two processes", "one"])
async def test_twenty_stops_under_load_lose_no_request(
    shop: Path, options: tuple[str, ...]
) -> None:
    for _ in range(20):
        async with server(shop, *options) as running:
            load = Load(running.url, clients=12)
            await until(lambda load=load: len(load.answers) > 50)
            assert await running.stop() == 0
            await load.ended()
        assert load.failures == []
