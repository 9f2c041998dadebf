"""What a client's ``find`` costs beside the same controller written by hand.

Both answer a POST of JSON with one record by its key, under the same rules, with the same
attributes. They take turns in one process, without a socket, so that what else the machine does
falls on both; then a server in a process of its own is asked, and its processor time counts.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

from benchmarks.http.contest import Load, Server
from benchmarks.http.work import Work
from velocious import Configuration
from velocious.authorization import Ability
from velocious.controller import Controller
from velocious.record import Record, belongs_to
from velocious.resource import Resource
from velocious.routing import Routes
from velocious_node import LogSettings, NodeEnvironmentHandler

if TYPE_CHECKING:
    from starlette.types import ASGIApp

SCHEMA = """
CREATE TABLE projects (id INTEGER PRIMARY KEY, name VARCHAR(255), owner_id INTEGER);
CREATE TABLE tasks (
  id INTEGER PRIMARY KEY, project_id INTEGER, name VARCHAR(255), done BOOLEAN NOT NULL DEFAULT 0,
  position INTEGER, created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL
);
"""
ATTRIBUTES = ["id", "project_id", "name", "done", "position", "created_at"]
#: For what we have an aim.
AIMS = {"find": 1.3}
ENDPOINT = "/frontend-models"


class Project(Record):
    pass


class Task(Record):
    project = belongs_to("Project")


class TaskResource(Resource):
    model = Task
    attributes = ATTRIBUTES
    filterable = ("id", "done")

    def abilities(self) -> None:
        self.can("read", project={"owner_id": self.user})


class TasksController(Controller):
    async def find(self) -> None:
        task = await Task.accessible().find(self.params["id"])
        self.render(json=task, attributes=ATTRIBUTES)

    async def index(self) -> None:
        tasks = await Task.accessible().where(done=self.params["done"]).limit(30).to_list()
        self.render(json=tasks, attributes=ATTRIBUTES)


def resolve(request: Any) -> Ability:
    return Ability(user=1)


def configuration(database: str) -> Configuration:
    routes = Routes()
    routes.post("/by-hand/find", to=(TasksController, "find"))
    routes.post("/by-hand/index", to=(TasksController, "index"))
    return Configuration(
        environment_handler=NodeEnvironmentHandler(log=LogSettings(console=False)),
        environment="test",
        databases={"default": f"sqlite:////{database.lstrip('/')}"},
        models=[Project, Task],
        resources=[TaskResource],
        routes=routes,
        ability_resolver=resolve,
        log_level="error",
    )


async def ask(app: ASGIApp, path: str, body: bytes) -> bytes:
    answer = bytearray()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        assert message.get("status", 200) == 200, message
        answer.extend(message.get("body", b""))

    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "headers": [
            (b"host", b"localhost"),
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
        ],
        "server": ("localhost", 80),
    }
    await app(scope, receive, send)
    return bytes(answer)


def commands(kind: str, payload: dict[str, Any], count: int = 1) -> bytes:
    one = {"requestId": "1", "model": "Task", "commandType": kind, "payload": payload}
    return json.dumps({"form": "python", "requests": [one] * count}).encode()


async def seconds(app: ASGIApp, path: str, body: bytes, times: int) -> float:
    began = perf_counter()
    for _ in range(times):
        await ask(app, path, body)
    return (perf_counter() - began) / times


async def main(rounds: int, times: int) -> None:
    with tempfile.TemporaryDirectory() as directory:
        database = f"{directory}/benchmark.sqlite3"
        made = configuration(database)
        async with made:
            await made.database().execute_script(SCHEMA)
            project = await Project.create(name="Apollo", owner_id=1)
            for number in range(100):
                await Task.create(name=f"Task {number}", project=project, position=number)
            await compare(made.asgi(), rounds, times)
        if sys.platform.startswith("linux"):
            compare_servers(database, rounds, times)


def cases() -> dict[str, dict[str, tuple[str, bytes]]]:
    """What is asked for, where and how by each."""
    asked = {
        "find": ({"id": 5}, "find", {"id": 5}),
        "index of 30": ({"done": False}, "index", {"where": {"done": False}, "limit": 30}),
    }
    return {
        name: {
            "by hand": (f"/by-hand/{kind}", json.dumps(given).encode()),
            "resource": (ENDPOINT, commands(kind, payload)),
        }
        for name, (given, kind, payload) in asked.items()
    }


async def compare(app: ASGIApp, rounds: int, times: int) -> None:
    for name, sides in cases().items():
        took: dict[str, list[float]] = {side: [] for side in sides}
        for _ in range(rounds):
            for side, (path, body) in sides.items():
                took[side].append(await seconds(app, path, body, times))
        show(name, took)
    batch = commands("find", {"id": 5}, 50)
    alone = await seconds(app, ENDPOINT, commands("find", {"id": 5}), times)
    together = await seconds(app, ENDPOINT, batch, max(times // 50, 1)) / 50
    print(f"50 finds in one request: {together * 1e6:.1f} us each, alone {alone * 1e6:.1f} us")


def compare_servers(database: str, rounds: int, times: int) -> None:
    """The same over connections of HTTP."""
    load, server = Load(), Server("resource", database)
    try:
        for name, sides in cases().items():
            works = {
                side: Work(side, name, "POST", path, body, None, 0)
                for side, (path, body) in sides.items()
            }
            took: dict[str, list[float]] = {side: [] for side in works}
            for _ in range(rounds):
                for side, work in works.items():
                    took[side].append(load.microseconds(server, work, times) / 1e6)
            show(f"{name}, HTTP", took)
    finally:
        server.stop()
        load.stop()


def show(name: str, took: dict[str, list[float]]) -> None:
    ratios = [b / a for a, b in zip(took["by hand"], took["resource"], strict=True)]
    ours, theirs = min(took["resource"]), min(took["by hand"])
    aim = f", aim {AIMS[name]}" if name in AIMS else ""
    print(
        f"{name:17} by hand {theirs * 1e6:7.1f} us   resource {ours * 1e6:7.1f} us   "
        f"ratio {median(ratios):.2f} (of the fastest {ours / theirs:.2f}{aim})"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--times", type=int, default=48, help="requests of a round")
    given = parser.parse_args()
    asyncio.run(main(given.rounds, given.times))
