"""What resources answer, judged by the frontend models of velocious for JavaScript."""

from __future__ import annotations

from contextlib import asynccontextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from tests.node.realtime.foreign_client import foreign_client, needs
from tests.node.resource.serving import serving
from tests.suites.exposing import MODELS, RESOURCES, SCHEMA
from tests.suites.models import Account, Comment, Project, Task
from tests.suites.publishing import publishing
from velocious.realtime import Admit, Identity
from velocious.routing import Routes

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from tests.node.realtime.foreign_client import ForeignClient
    from velocious.configuration import Configuration
    from velocious.realtime import Upgrade
    from velocious.testing.environment import TestEnvironment


async def _admit(upgrade: Upgrade) -> Admit:
    return Admit(Identity("ann"))


class Judge:
    """Runs JavaScript in which Task, Project and Comment are frontend models."""

    def __init__(self, client: ForeignClient) -> None:
        self._client = client
        self._keys = count()

    async def says(self, code: str) -> dict[str, Any]:
        key = next(self._keys)
        await self._client.do("run", key=key, code=code)
        return await self._client.hears("done", key=key)

    async def gives(self, code: str) -> Any:
        said = await self.says(code)
        assert "error" not in said, said
        return said["result"]

    async def fails(self, code: str) -> str:
        return (await self.says(code))["error"]


def _routes() -> Routes:
    routes = Routes()
    routes.realtime("/websocket", dialects=["velocious"], upgrade=_admit, requests=True)
    return routes


@asynccontextmanager
async def judging(environment: TestEnvironment, way: str) -> AsyncGenerator[Judge]:
    needs("velocious")
    routes = _routes()
    async with environment.application(
        models=MODELS, schema=SCHEMA, resources=RESOURCES, routes=routes
    ) as configuration:
        nasa = await Account.create(name="NASA")
        apollo = await Project.create(name="Apollo", account=nasa)
        secret = await Project.create(name="Secret")
        for name, project in (("a", apollo), ("b", secret), ("c", None)):
            await Task.create(name=name, project=project)
        await Task.create(name="hidden", project=apollo)
        await Comment.create(task_id=1, body="public")
        await Comment.create(task_id=1, body="private")
        async with judge_of(configuration, way) as judge:
            yield judge


@asynccontextmanager
async def judge_of(configuration: Configuration, way: str) -> AsyncGenerator[Judge]:
    async with (
        serving(configuration.asgi()) as url,
        foreign_client("frontend_models.mjs", url, way) as client,
    ):
        await client.hears("there")
        yield Judge(client)


@pytest.fixture(params=["http", "websocket"])
async def judge(request: Any, environment: TestEnvironment) -> AsyncIterator[Judge]:
    async with judging(environment, request.param) as found:
        yield found


async def test_finds_one_record_by_its_key(judge: Judge) -> None:
    found = await judge.gives("return await Task.find(1)")
    assert found["attributes"]["name"] == "a"
    assert "date" in found["attributes"]["createdAt"]
    assert await judge.fails("return await Task.find(4)") == "Task not found with id=4"


async def test_finds_by_hashes_and_relationships(judge: Judge) -> None:
    names = "(await {}.toArray()).map((task) => task.readAttribute('name'))"
    by = "Task.where({project: {account: {name: 'NASA'}}})"
    assert await judge.gives(f"return {names.format(by)}") == ["a"]
    by = "Task.where({name: ['a', 'c'], done: false}).sort('-name')"
    assert await judge.gives(f"return {names.format(by)}") == ["c", "a"]
    by = "Task.where({projectId: null})"
    assert await judge.gives(f"return {names.format(by)}") == ["c"]
    by = "Task.search(['project'], 'name', 'like', 'A%').joins({project: true})"
    assert await judge.gives(f"return {names.format(by)}") == ["a"]
    by = "Task.ransack({name_gteq: 'b', s: 'name desc'})"
    assert await judge.gives(f"return {names.format(by)}") == ["c", "b"]
    by = "Task.order([['done', 'asc'], ['name', 'desc']]).limit(2)"
    assert await judge.gives(f"return {names.format(by)}") == ["c", "b"]
    by = "Task.order('name').page(2).perPage(1)"
    assert await judge.gives(f"return {names.format(by)}") == ["b"]
    assert await judge.gives("return (await Task.findBy({name: 'b'})).readAttribute('id')") == 2
    assert await judge.gives("return await Task.findBy({name: 'hidden'})") is None
    first = "return (await Task.first()).readAttribute('id')"
    last = "return (await Task.last()).readAttribute('id')"
    assert [await judge.gives(first), await judge.gives(last)] == [1, 3]
    assert await judge.gives("return await Task.count()") == 3
    assert await judge.gives("return await Task.order('name').pluck('name')") == ["a", "b", "c"]


async def test_loads_relationships_with_their_own_rules(judge: Judge) -> None:
    code = "return await Task.preload({project: ['tasks'], comments: true}).sort('name').toArray()"
    a, b, c = await judge.gives(code)
    assert a["related"]["project"]["attributes"]["shouted"] == "APOLLO"
    tasks = a["related"]["project"]["related"]["tasks"]
    assert [one["attributes"]["name"] for one in tasks] == ["a"]
    assert [one["attributes"]["body"] for one in a["related"]["comments"]] == ["public"]
    assert b["related"]["project"] is None
    assert c["related"]["comments"] == []
    later = "const task = await Task.find(1); return await task.relationshipOrLoad('project')"
    assert (await judge.gives(later))["attributes"]["name"] == "Apollo"


async def test_reads_what_it_selected_and_nothing_else(judge: Judge) -> None:
    code = "return await Task.select({Task: ['name'], Project: ['id']}).preload('project').find(1)"
    found = await judge.gives(code)
    assert found["attributes"] == {"id": 1, "name": "a"}
    assert found["related"]["project"]["attributes"] == {"id": 1}
    unread = "return (await Task.select(['id']).find(1)).readAttribute('name')"
    assert await judge.fails(unread) == "Task#name was not selected"


async def test_creates_updates_and_destroys(judge: Judge) -> None:
    made = await judge.gives("return await Task.create({name: 'new', projectId: 1})")
    key = made["attributes"]["id"]
    assert (await Task.find(key)).name == "new"
    code = f"const task = await Task.find({key}); await task.update({{done: true}}); return task"
    changed = await judge.gives(code)
    assert changed["attributes"]["done"] is True
    code = f"const t = await Task.find({key}); t.setAttribute('name', 'n2'); return await t.save()"
    assert (await judge.gives(code))["attributes"]["name"] == "n2"
    await judge.gives(f"await (await Task.find({key})).destroy()")
    assert not await Task.exists(id=key)


async def test_hears_why_it_may_not(judge: Judge) -> None:
    assert "blank" in await judge.fails("await Task.create({name: ''})")
    assert "position" in await judge.fails("await Task.create({name: 'x', position: 1})")
    assert "position" in await judge.fails("await Task.where({position: 1}).toArray()")
    assert "position" in await judge.fails("await Task.sort('position').toArray()")
    locked = "const t = await Task.find(1); await t.update({name: 'locked'})"
    assert await judge.fails(locked) == "This task is locked."
    denied = await judge.fails("await Task.create({name: 'forbidden'})")
    assert denied == "You may not create this Task."


async def test_runs_commands_of_the_application(judge: Judge) -> None:
    code = """return await Task.executeCustomCommand({
        commandName: 'finish', commandType: 'finish', memberId: 1,
        payload: {suffix: '!'}, resourcePath: Task.resourcePath()})"""
    answer = await judge.gives(code)
    assert answer["status"] == "success"
    assert (await Task.find(1)).name == "a!"
    code = """return await Task.executeCustomCommand({
        commandName: 'summary', commandType: 'summary',
        payload: {}, resourcePath: Task.resourcePath()})"""
    assert (await judge.gives(code))["tasks"] == 3


async def test_calls_of_one_moment_are_one_request(judge: Judge) -> None:
    code = "return (await Promise.all([Task.find(1), Task.count(), Project.find(1)])).length"
    assert await judge.gives(code) == 3


@pytest.mark.parametrize("way", ["http", "websocket"])
async def test_saves_records_with_what_belongs_to_them(
    environment: TestEnvironment, way: str
) -> None:
    needs("velocious")
    async with publishing(environment, routes=_routes()) as configuration:
        async with judge_of(configuration, way) as judge:
            code = """
                const book = new Book({code: "a", title: "Hello"});
                book.getRelationshipByName("chapters").setLoaded([
                    new Chapter({name: "one"}), new Chapter({name: "two"})]);
                await book.save();
                const [one, two] = book.getRelationshipByName("chapters").loaded();
                one.setAttribute("name", "ONE");
                two.markForDestruction();
                await book.save();
                return book"""
            book = await judge.gives(code)
            assert book["attributes"]["title"] == "Hello"
            related = [one["attributes"]["name"] for one in book["related"]["chapters"]]
            assert related == ["ONE"]
            refused = """
                const book = await Book.preload("chapters").find(1);
                book.getRelationshipByName("chapters").build({name: "refused"});
                await book.save()"""
            assert await judge.fails(refused) == "No such name."


@pytest.mark.parametrize("way", ["http", "websocket"])
async def test_attaches_and_downloads_files(environment: TestEnvironment, way: str) -> None:
    needs("velocious")
    async with publishing(environment, routes=_routes()) as configuration:
        async with judge_of(configuration, way) as judge:
            code = """
                const book = await Book.create({code: "a"});
                const file = new File(["bytes of a file"], "a.txt", {type: "text/plain"});
                await book.update({cover: file});
                const found = await book.cover().download();
                const direct = await fetch(book.cover().downloadUrl());
                return [found.filename(), Buffer.from(found.content()).toString(),
                        await direct.text()]"""
            assert await judge.gives(code) == ["a.txt", "bytes of a file", "bytes of a file"]
