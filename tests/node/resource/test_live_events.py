"""Live events: whoever listens to a model hears what happens to records that it may read."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.models import MODELS, SCHEMA, Comment, Project, Task
from velocious.authorization import Ability
from velocious.errors import RecordError
from velocious.realtime import Admit, Identity
from velocious.resource import Resource
from velocious.resource.live.desk import desk_of
from velocious.routing import Routes
from velocious.testing.client import Client

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from velocious.configuration import Configuration
    from velocious.realtime import Upgrade
    from velocious.resource.live.desk import Desk
    from velocious.testing.environment import TestEnvironment
    from velocious.testing.socket import Socket


class TaskResource(Resource):
    model = Task
    attributes = ["id", "name", "position", "project_id"]
    relationships = ["project"]

    def abilities(self) -> None:
        if self.user == "admin":
            self.can("read")
        elif self.user == "everybody":
            self.can("read")
            self.cannot("read", fields=["position"], position=[9])
        elif self.user is not None:
            self.can("read", project={"name": self.user})
            self.cannot("read", done=True)


class ProjectResource(Resource):
    model = Project
    attributes = ["name"]

    def abilities(self) -> None:
        self.can("read")


class CommentResource(Resource):
    model = Comment
    attributes = ["id", "body", "reader"]

    def abilities(self) -> None:
        self.can("read")

    def reader_attribute(self, comment: Comment) -> Any:
        return self.user


RESOURCES = (TaskResource, ProjectResource, CommentResource)


async def by_query(upgrade: Upgrade) -> Admit:
    name = upgrade.query.get("user")
    return Admit(identity=None if name is None else Identity(name))


#: Those of whom nobody can say what they may do.
UNKNOWN: set[str] = set()


def ability_of(user: Any) -> Ability:
    if user in UNKNOWN:
        raise LookupError(f"There is no {user} any more.")
    return Ability(user=user)


@asynccontextmanager
async def application(environment: TestEnvironment) -> AsyncGenerator[Configuration]:
    routes = Routes()
    routes.realtime("/realtime", upgrade=by_query)
    async with environment.application(
        models=MODELS,
        schema=SCHEMA,
        routes=routes,
        resources=RESOURCES,
        ability_resolver=ability_of,
        realtime={"connections_per_ip": 300, "connections_per_user": 300},
    ) as configuration:
        await configuration.resources.ready()
        yield configuration


class Listeners:
    """People at their sockets, by name."""

    def __init__(self, configuration: Configuration) -> None:
        self._client = Client(configuration)
        self.configuration = configuration

    @asynccontextmanager
    async def one(
        self, user: str | None = None, model: str = "Task", **params: Any
    ) -> AsyncGenerator[Socket]:
        query = "" if user is None else f"?user={user}"
        async with self._client.socket(f"/realtime{query}") as socket:
            await socket.says(
                type="sub", ch="frontend-models", params={"model": model, **params}, id=1
            )
            yield socket

    def desk(self) -> Desk:
        return desk_of(self.configuration.realtime.engines[0])

    async def told(self, socket: Socket) -> list[Any]:
        """What *socket* has been told so far: action, id and record of each event."""
        await self.desk().settled()
        await socket.says(type="ping")
        await socket.hears("pong")
        events: list[Any] = [one["data"] for one in socket.frames if one["type"] == "event"]
        none: dict[str, Any] = {}
        return [
            (one["action"], one.get("id"), one.get("record", none).get("name")) for one in events
        ]


@pytest.fixture
async def board(environment: TestEnvironment) -> Any:
    async with application(environment) as configuration:
        await Project.create(name="apollo")
        await Project.create(name="gemini")
        yield Listeners(configuration)


async def project(name: str) -> Project:
    return await Project.find_by_or_fail(name=name)


async def test_what_happens_is_told_to_who_may_read_it(board: Listeners) -> None:
    async with board.one("admin") as admin, board.one("apollo") as apollo:
        await admin.hears("sub.ok")
        await apollo.hears("sub.ok")
        task = await Task.create(name="a", project=await project("apollo"))
        other = await Task.create(name="b", project=await project("gemini"))
        assert await board.told(apollo) == [("create", task.id, "a")]
        await task.update(name="c")
        await task.save()
        assert await board.told(apollo) == [("create", task.id, "a"), ("update", task.id, "c")]
        await task.destroy()
        await other.destroy()
        assert (await board.told(apollo))[2:] == [("destroy", task.id, None)]
        assert len(await board.told(admin)) == 5


async def test_it_is_told_as_it_is_when_it_is_told(board: Listeners) -> None:
    async with board.one("apollo") as apollo:
        await apollo.hears("sub.ok")
        task = await Task.create(name="a", project=await project("apollo"))
        assert await board.told(apollo) == [("create", task.id, "a")]
        await task.update(name="c")
        assert (await board.told(apollo))[1:] == [("update", task.id, "c")]
        [event, *_] = [one for one in apollo.frames if one.get("type") == "event"]
        assert event["data"]["record"] == {
            "id": task.id,
            "name": "a",
            "position": None,
            "projectId": task.project_id,
        }


async def test_who_leaves_a_scope_is_gone_and_who_comes_is_new(board: Listeners) -> None:
    apollo, gemini = await project("apollo"), await project("gemini")
    task = await Task.create(name="a", project=apollo)
    async with board.one("apollo") as here, board.one("gemini") as there:
        await here.hears("sub.ok")
        await there.hears("sub.ok")
        await task.update(project=gemini)
        assert await board.told(here) == [("destroy", task.id, None)]
        assert await board.told(there) == [("create", task.id, "a")]
        await task.update(done=True)
        assert (await board.told(there))[1:] == [("destroy", task.id, None)]
        await task.update(name="unseen")
        await task.destroy()
        assert len(await board.told(here)) == 1
        assert len(await board.told(there)) == 2


async def test_each_save_of_a_transaction_counts(board: Listeners) -> None:
    task = await Task.create(name="a", project=await project("apollo"))
    async with board.one("apollo") as here:
        await here.hears("sub.ok")
        async with Task.transaction():
            await task.update(done=True)
            await task.update(name="b")
            assert await board.told(here) == []
        assert await board.told(here) == [("destroy", task.id, None)]


async def test_what_was_rolled_back_is_told_to_nobody(board: Listeners) -> None:
    async with board.one("admin") as admin:
        await admin.hears("sub.ok")
        with pytest.raises(RecordError):
            async with Task.transaction():
                await Task.create(name="a")
                raise RecordError("no")
        assert await board.told(admin) == []


async def test_attributes_are_limited_to_what_each_may_read(board: Listeners) -> None:
    async with board.one("admin") as admin, board.one("everybody") as everybody:
        await admin.hears("sub.ok")
        await everybody.hears("sub.ok")
        await Task.create(name="a", position=9)
        await Task.create(name="b", position=8)
        await board.told(everybody)
        records = [one["data"]["record"] for one in everybody.frames if one.get("type") == "event"]
        assert [one.get("position", "hidden") for one in records] == ["hidden", 8]
        await board.told(admin)
        records = [one["data"]["record"] for one in admin.frames if one.get("type") == "event"]
        assert [one["position"] for one in records] == [9, 8]


async def test_strangers_and_unknown_models_are_refused(board: Listeners) -> None:
    async with board.one() as stranger:
        assert (await stranger.hears("error"))["code"] == "forbidden"
    async with board.one("admin", model="Account") as admin:
        assert (await admin.hears("error"))["code"] == "unknown_model"
    async with board.one("admin") as admin:
        await admin.hears("sub.ok")
        await admin.says(type="sub", ch="__live.Task", id=2)
        assert (await admin.hears("error"))["code"] in ("bad_channel", "forbidden")


async def test_a_key_that_is_not_listed_is_not_told(board: Listeners) -> None:
    async with board.one("admin", model="Project") as admin:
        await admin.hears("sub.ok")
        made = await Project.create(name="new")
        await made.destroy()
        assert await board.told(admin) == []


async def test_each_distinct_ability_is_asked_once(board: Listeners) -> None:
    users = ["admin", "apollo", "gemini"]
    apollo = await project("apollo")
    async with listening(board, [users[number % 3] for number in range(200)]) as sockets:
        desk = board.desk()
        before = desk.evaluations
        await Task.create(name="a", project=apollo)
        await desk.settled()
        assert desk.evaluations - before == 3
        heard = [await board.told(socket) for socket in sockets]
        assert [len(one) for one in heard] == [(1, 1, 0)[number % 3] for number in range(200)]


@asynccontextmanager
async def listening(
    board: Listeners, users: list[str], **params: Any
) -> AsyncGenerator[list[Socket]]:
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(board.one(one, **params)) for one in users]
        for socket in sockets:
            await socket.hears("sub.ok")
        yield sockets


async def test_one_of_whom_nobody_can_say_what_they_may_leaves_the_others(
    board: Listeners, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("velocious.resource.live.channel.FRESH", -1.0)
    async with listening(board, ["apollo", "admin"]) as (apollo, admin):
        UNKNOWN.add("apollo")
        try:
            task = await Task.create(name="a", project=await project("apollo"))
            assert await board.told(admin) == [("create", task.id, "a")]
            assert await board.told(apollo) == [("resync", None, None)]
        finally:
            UNKNOWN.clear()


async def test_what_a_resource_works_out_is_worked_out_for_each(board: Listeners) -> None:
    async with listening(board, ["ann", "bob", "ann"], model="Comment") as sockets:
        desk = board.desk()
        await Comment.create(body="x")
        await desk.settled()
        assert desk.evaluations == 2
        for socket, name in zip(sockets, ["ann", "bob", "ann"], strict=True):
            event = await socket.hears("event")
            assert event["data"]["record"]["reader"] == name


async def test_who_comes_back_gets_what_was_missed(board: Listeners) -> None:
    apollo = await project("apollo")
    async with board.one("apollo") as here:
        await here.hears("sub.ok")
        await Task.create(name="a", project=apollo)
        position = (await here.hears("event"))["pos"]
    async with board.one("admin") as kept:
        await kept.hears("sub.ok")
        task = await Task.create(name="b", project=apollo)
        await Task.create(name="hidden")
        await board.told(kept)
        async with board.one("apollo", since=position) as back:
            await back.hears("sub.ok")
            await Task.create(name="c", project=apollo)
            told = await board.told(back)
            assert [name for *_, name in told] == ["b", "c"]
            assert told[0] == ("create", task.id, "b")
    async with board.one("apollo", since="gone-1") as lost:
        await lost.hears("sub.ok")
        assert await board.told(lost) == [("resync", None, None)]


async def test_a_client_in_python_gets_names_and_values_as_they_are(board: Listeners) -> None:
    async with board.one("admin", form="python") as admin:
        await admin.hears("sub.ok")
        await Task.create(name="a")
        assert "project_id" in (await admin.hears("event"))["data"]["record"]


async def test_a_record_too_large_to_judge_asks_for_another_look(board: Listeners) -> None:
    comment = await Comment.create(body="x" * 5000)
    async with board.one("ann", model="Comment") as ann:
        await ann.hears("sub.ok")
        await comment.destroy()
        assert await board.told(ann) == [("resync", None, None)]


async def test_saves_are_as_quick_as_ever_before_and_after(environment: TestEnvironment) -> None:
    callbacks = Task._definition.callbacks
    was = callbacks.saves_simply
    async with application(environment) as configuration:
        assert callbacks.saves_simply is was
        async with Listeners(configuration).one("admin") as admin:
            await admin.hears("sub.ok")
            assert not callbacks.saves_simply
    assert callbacks.saves_simply is was
    assert not hasattr(Task, "_tell_live_create")
