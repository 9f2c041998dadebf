"""Records whose home is a backend."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.suites.homes import backend_application, served
from tests.suites.models import Project, Task
from velocious import current
from velocious.errors import NotRemoteError, RecordNotFoundError, ValidationError
from velocious.realtime.client import RealtimeClient

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.suites.homes import InProcess
    from velocious.testing.environment import TestEnvironment


@pytest.fixture
async def road(environment: TestEnvironment) -> AsyncIterator[InProcess]:
    async with backend_application(environment) as (_, _, road):
        with current.use(road.server):
            apollo = await served.Project.create(name="Apollo")
            for position, name in enumerate("abc", 1):
                await served.Task.create(name=name, position=position, project=apollo)
        yield road


async def test_a_record_is_found_by_its_key(road: InProcess) -> None:
    task = await Task.find(1)
    assert (task.name, task.position, task.done) == ("a", 1, False)
    assert task.created_at.tzinfo is not None
    with pytest.raises(RecordNotFoundError):
        await Task.find(99)


async def test_fifty_finds_of_one_turn_are_one_request(road: InProcess) -> None:
    await Task.load_schema()
    before = len(road.requests)
    found = await asyncio.gather(*(Task.find(1 + number % 3) for number in range(50)))
    assert len(found) == 50
    assert len(road.requests) == before + 1


async def test_queries_are_asked_of_the_backend(road: InProcess) -> None:
    tasks = await Task.where(done=False).where(Task.position > 1).order("-name").to_list()
    assert [one.name for one in tasks] == ["c", "b"]
    assert await Task.count() == 3
    assert await Task.exists(name="b")
    assert await Task.pluck("id", "name") == [(1, "a"), (2, "b"), (3, "c")]
    preloaded = await Task.preload("project").order("id").to_list()
    assert [one.project.name for one in preloaded] == ["Apollo"] * 3


async def test_a_record_is_made_changed_and_destroyed(road: InProcess) -> None:
    task = await Task.create(name="d", project=await Project.find(1))
    assert task.id == 4
    await task.update(name="e")
    assert task.saved_changes()["name"] == ("d", "e")
    assert (await Task.find(4)).name == "e"
    await task.destroy()
    assert not await Task.exists(id=4)


async def test_what_the_backend_finds_wrong_is_a_validation_error(road: InProcess) -> None:
    task = Task(name="x" * 201)
    with pytest.raises(ValidationError) as caught:
        await task.save()
    assert caught.value.errors.codes("name") == ["too_long"]


async def test_what_only_a_database_can_do_is_refused_when_the_query_is_built(
    road: InProcess,
) -> None:
    with pytest.raises(NotRemoteError):
        Task.where("position > ?", 1)
    with pytest.raises(NotRemoteError):
        Task.query().lock()
    with pytest.raises(NotRemoteError):
        Task.group("done")
    with pytest.raises(NotRemoteError):
        await Task.update_all(done=True)
    with pytest.raises(NotRemoteError):
        Task.transaction()


async def test_related_records_are_loaded_and_built(road: InProcess) -> None:
    project = await Project.find(1)
    assert [one.name for one in await project.tasks] == ["a", "b", "c"]
    new = await project.tasks.create(name="d")
    assert new.project_id == 1
    assert await project.tasks.where(name="d").count() == 1
    task = await Task.find(1)
    assert (await task.load("project")).name == "Apollo"


async def test_built_records_are_stored_with_their_owner_in_one_request(road: InProcess) -> None:
    project = Project(name="Gemini")
    first = project.tasks.build(name="x")
    second = project.tasks.build(name="y")
    await Project.load_schema()
    before = len(road.requests)
    await project.save()
    assert len(road.requests) == before + 1
    assert first.is_persisted and second.is_persisted
    assert first.project_id == project.id
    assert [one.name for one in project.tasks] == ["x", "y"]
    assert project.tasks[0] is first


async def test_commands_go_by_a_websocket_while_it_is_open(environment: TestEnvironment) -> None:
    async with backend_application(environment, websocket=True) as (_, backend, road):
        task = await Task.create(name="a")
        assert (await Task.find(task.id)).name == "a"
        assert road.requests == []
        assert backend.transport.requests == 3
        assert road.connector is not None
        websocket = backend.settings.websocket
        assert isinstance(websocket, RealtimeClient)
        await websocket.close()
        assert await Task.count() == 1
        assert len(road.requests) == 1
