"""What happens to records behind a backend, as it happens."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.homes import backend_application, served
from tests.suites.models import Project, Task
from tests.suites.waiting import until
from velocious import current
from velocious.errors import NotRemoteError, QueryError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.suites.homes import InProcess
    from velocious.testing.environment import TestEnvironment


@pytest.fixture
async def road(sqlite_environment: TestEnvironment) -> AsyncIterator[InProcess]:
    async with backend_application(sqlite_environment, websocket=True) as (_, _, road):
        yield road


async def test_a_class_is_told_of_its_records(road: InProcess) -> None:
    told: list[Any] = []
    await Task.on_create(lambda task: told.append(("create", task.name)))
    await Task.on_update(lambda task: told.append(("update", task.name)))
    await Task.on_destroy(lambda key: told.append(("destroy", key)))
    with current.use(road.server):
        task = await served.Task.create(name="a")
    await until(lambda: len(told) == 1)
    with current.use(road.server):
        await task.update(name="b")
    await until(lambda: len(told) == 2)
    with current.use(road.server):
        await task.destroy()
    await until(lambda: len(told) == 3)
    assert told == [("create", "a"), ("update", "b"), ("destroy", 1)]


async def test_who_has_stopped_is_told_no_more(road: InProcess) -> None:
    told: list[Any] = []
    first = await Task.on_create(lambda task: told.append(1))
    await Task.on_create(lambda task: told.append(2))
    first.stop()
    await Task.create(name="a")
    await until(lambda: told)
    assert told == [2]


async def test_a_record_follows_what_happens_to_it(road: InProcess) -> None:
    mine, other = await Task.create(name="mine"), await Task.create(name="other")
    mine.position = 5
    told: list[Any] = []

    async def note(task: Task) -> None:
        told.append(task)

    await mine.on_update(note)
    await mine.on_destroy(note)
    with current.use(road.server):
        await (await served.Task.find(other.id)).update(name="another")
        theirs = await served.Task.find(mine.id)
        await theirs.update(name="ours")
    await until(lambda: told)
    assert told == [mine]
    assert mine.name == "ours"
    assert mine.changes() == {"position": (None, 5)}
    with current.use(road.server):
        await theirs.destroy()
    await until(lambda: mine.is_destroyed)


async def test_a_listener_that_fails_costs_nobody_else_the_event(road: InProcess) -> None:
    told: list[Any] = []

    def fail(task: Task) -> None:
        raise ArithmeticError(task.name)

    await Task.on_create(fail)
    await Task.on_create(told.append)
    await Task.create(name="a")
    await until(lambda: told)


async def test_a_live_query_follows_the_backend(road: InProcess) -> None:
    results = aiter(Task.where(done=False).preload("project").order("id").live())
    assert await anext(results) == []
    with current.use(road.server):
        project = await served.Project.create(name="Apollo")
        task = await served.Task.create(name="a", project=project)
    while not (found := await asyncio.wait_for(anext(results), 5)):
        pass
    assert [(one.name, one.project.name) for one in found] == [("a", "Apollo")]
    with current.use(road.server):
        await project.update(name="Gemini")
    while (await asyncio.wait_for(anext(results), 5))[0].project.name != "Gemini":
        pass
    with current.use(road.server):
        await task.update(done=True)
    while await asyncio.wait_for(anext(results), 5):
        pass


async def test_what_happened_while_the_connection_was_cut_is_read_again(road: InProcess) -> None:
    results = aiter(Project.order("id").live())
    assert await anext(results) == []
    assert road.connector is not None
    await road.connector.cut()
    with current.use(road.server):
        await served.Project.create(name="meanwhile")
    while not (found := await asyncio.wait_for(anext(results), 10)):
        pass
    assert found[0].name == "meanwhile"


async def test_without_a_realtime_client_nothing_is_live(
    sqlite_environment: TestEnvironment,
) -> None:
    async with backend_application(sqlite_environment):
        with pytest.raises(NotRemoteError, match="realtime client"):
            Task.query().live()
        with pytest.raises(NotRemoteError, match="realtime client"):
            await Task.on_create(print)


async def test_a_local_model_says_how_else_it_tells(road: InProcess) -> None:
    with current.use(road.server), pytest.raises(QueryError, match="after_commit"):
        await served.Task.on_create(print)
