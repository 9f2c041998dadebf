"""What the guide to frontend models says is run, with a backend in the same process."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from tests.node.guides import python_blocks, run
from tests.suites.homes import ADDRESS, InProcess, ServerConnector, may_do_everything
from tests.suites.models import SCHEMA
from tests.suites.waiting import until
from velocious import current
from velocious.realtime.client import RealtimeClient
from velocious.record import Record, belongs_to, has_many
from velocious.resource import Resource, command

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration
    from velocious.testing.environment import TestEnvironment

GUIDE = "docs/frontend-models.md"


class Project(Record):
    tasks = has_many("Task")


class Task(Record):
    project = belongs_to("Project")


def resource(model: Any, *names: str, **more: Any) -> Any:
    lists = ("attributes", "writable", "filterable", "sortable", "pluckable")
    body = dict.fromkeys(lists, names) | {"model": model, "abilities": may_do_everything}
    return type(f"{model.__name__}Resource", (Resource,), {**body, **more})


@command(on="member", action="update")
async def finish(self: Any, task: Any, suffix: str = "") -> Any:
    return await task.update(done=True, name=f"{task.name}{suffix}")


@command(on="collection", action="read")
async def total(self: Any, done: bool) -> int:
    return await Task.where(done=done).count()


RESOURCES = (
    resource(Project, "id", "name", relationships=["tasks"]),
    resource(
        Task,
        *("id", "name", "done", "position", "project_id"),
        relationships=["project"],
        finish=finish,
        total=total,
    ),
)


@pytest.fixture
async def server(sqlite_environment: TestEnvironment) -> AsyncIterator[Configuration]:
    async with sqlite_environment.application(
        models=[Project, Task], schema=SCHEMA, resources=RESOURCES
    ) as configuration:
        yield configuration


async def test_the_guide_s_client_works(
    server: Configuration, sqlite_environment: TestEnvironment
) -> None:
    blocks = python_blocks(GUIDE)
    scope = run("\n".join(blocks))
    async with scope["client"](sqlite_environment.handler(), InProcess(server)):
        names, plucked, found, left = await scope["work"]()
        assert (names, plucked) == (["Apollo"], ["Write better docs"])
        assert (found, left) == (1, 1)
        task = await scope["Task"].create(name="Launch", project_id=1)
        assert await scope["finish"](task) == ("Launch!", 1)
        assert scope["Account"].is_frontend
        other = {"backend": ADDRESS, "request": InProcess(server)}
        assert await scope["names_there"](other) == ["Launch", "Launch!"]


async def test_the_guide_s_events_arrive(
    server: Configuration, sqlite_environment: TestEnvironment
) -> None:
    scope = run("\n".join(python_blocks(GUIDE)))
    road = InProcess(server)
    socket = RealtimeClient("ws://backend.test/realtime", ServerConnector(server))
    given = {"default": {"backend": ADDRESS, "request": road, "websocket": socket}}
    models = [scope["Project"], scope["Task"]]
    async with (
        socket,
        sqlite_environment.client(models=models, databases=given) as client,
    ):
        assert client.backends["default"].settings.websocket is socket
        task = await scope["Task"].create(name="a")
        told: list[Any] = []
        shown: list[Any] = []

        def tell(*what: Any) -> None:
            told.append(what)

        await scope["follow"](task, tell)
        showing = asyncio.create_task(scope["board"](shown.append))
        await until(lambda: shown)
        with current.use(server):
            await (await Task.find(1)).update(name="b")
            await Task.create(name="c")
        await until(lambda: len(told) == 2)
        assert {*told} == {("updated", "b"), ("created", "c")}
        await until(lambda: [one.name for one in shown[-1]] == ["b", "c"])
        showing.cancel()
