"""What records behind a backend cost: requests of fifty finds, and the time of one.

Client and server are two applications in one process, without a socket, so that only their own work
is counted: ``python -m benchmarks.frontend_model``.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from statistics import median
from time import perf_counter
from typing import Any

from velocious import Configuration, current
from velocious.frontend_model import FrontendModel
from velocious.http_client import HttpAnswer, HttpRequest
from velocious.record import Record
from velocious.resource import Resource
from velocious.testing.client import Client
from velocious_node import NodeEnvironmentHandler

SCHEMA = """
CREATE TABLE tasks (
  id INTEGER PRIMARY KEY, name VARCHAR(255), done BOOLEAN NOT NULL DEFAULT 0, position INTEGER
);
"""
ADDRESS = "http://backend.test"
COUNT = 50


class Task(Record):
    pass


class TaskResource(Resource):
    model = Task
    attributes = filterable = ("id", "name", "done", "position")

    def abilities(self) -> None:
        self.can("read")


def frontend_model() -> Any:
    """A class of the same name, as a client has it."""

    class Task(FrontendModel):
        pass

    return Task


async def main(rounds: int) -> None:
    """Measure, and print."""
    handler = NodeEnvironmentHandler()
    with tempfile.TemporaryDirectory() as directory:
        url = f"sqlite:///{directory}/tasks.sqlite3"
        async with Configuration(
            environment_handler=handler,
            environment="production",
            databases={"default": url},
            log_level="error",
            secret="s" * 32,
        ) as preparing:
            await preparing.database().execute_script(SCHEMA)
        server = Configuration(
            environment_handler=handler,
            environment="production",
            databases={"default": url},
            models=[Task],
            resources=[TaskResource],
            http={"hosts": ["backend.test"]},
            log_level="error",
            secret="s" * 32,
        )
        async with server:
            await Task.insert_multiple(["name"], [[f"task {one}"] for one in range(COUNT)])
            await measure(server, handler, rounds)


async def measure(server: Configuration, handler: Any, rounds: int) -> None:
    """Ask *server* from a client beside it."""
    client = Client(server, base_url=ADDRESS)
    asked: list[HttpRequest] = []

    async def send(request: HttpRequest) -> HttpAnswer:
        asked.append(request)
        with current.use(server):
            answer = await client.request(
                request.method, request.url, headers=request.headers, body=request.body
            )
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return HttpAnswer(answer.status, headers, answer.body)

    remote = frontend_model()
    backend = {"backend": ADDRESS, "request": send}
    async with Configuration(
        environment_handler=handler,
        environment="production",
        databases={"backend": backend},
        log_level="error",
        secret="s" * 32,
    ):
        await remote.load_schema()
        alone = await timed(rounds, lambda: one_after_another(remote))
        asked.clear()
        together = await timed(rounds, lambda: at_once(remote))
        print(f"{COUNT} finds of one turn: {len(asked) / rounds:g} request")
        print(f"one after another: {alone / COUNT * 1e6:7.1f} us each")
        print(f"of one turn:       {together / COUNT * 1e6:7.1f} us each")


async def one_after_another(remote: Any) -> None:
    """Each find waits for the one before."""
    for key in range(1, COUNT + 1):
        await remote.find(key)


async def at_once(remote: Any) -> None:
    """All finds in one turn of the loop."""
    await asyncio.gather(*(remote.find(key) for key in range(1, COUNT + 1)))


async def timed(rounds: int, work: Any) -> float:
    """The seconds that *work* takes, in the middle of *rounds*."""
    took: list[float] = []
    for _ in range(rounds):
        began = perf_counter()
        await work()
        took.append(perf_counter() - began)
    return median(took)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20, help="rounds that are measured")
    asyncio.run(main(parser.parse_args().rounds))
