"""What records behind a backend do beside being read and written: commands, files, rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from tests.suites import attachments as files
from tests.suites.homes import ADDRESS, backend_application, copy_of, may_do_everything, served
from tests.suites.models import Project, Task
from velocious import current
from velocious.errors import (
    AccessDeniedError,
    AttributeNotSelectedError,
    CommandRefusedError,
    QueryError,
    RecordNotFoundError,
)
from velocious.frontend_model import FrontendModel, call
from velocious.record import Record, belongs_to, translates
from velocious.resource import Resource, command

if TYPE_CHECKING:
    from velocious.testing.environment import TestEnvironment


class GuardedTaskResource(Resource):
    model = served.Task
    attributes = ("id", "name", "done", "shout")
    writable = ("name", "project_id")
    filterable = ("name",)
    relationships = ("project",)

    def abilities(self) -> None:
        self.can(["read", "create", "update", "finish"])
        self.cannot("read", name="hidden")
        self.cannot("update", name="locked", reason="This task is locked.")

    def shout_attribute(self, task: Any) -> str:
        return task.name.upper()

    @command(on="member")
    async def finish(self, task: Any, suffix: str = "") -> Any:
        await task.update(done=True, name=f"{task.name}{suffix}")
        return {"task": task, "number": 5}

    @command(on="collection", action="read")
    async def summary(self, at_least: int = 0) -> Any:
        return {"names": await served.Task.pluck("name"), "at_least": at_least}


class ProjectResource(Resource):
    model = served.Project
    attributes = ("id", "name")

    def abilities(self) -> None:
        self.can("read")


GUARDED: dict[str, Any] = {"resources": (GuardedTaskResource, ProjectResource)}


async def test_commands_of_a_resource_are_called(sqlite_environment: TestEnvironment) -> None:
    async with backend_application(sqlite_environment, **GUARDED):
        task = await Task.create(name="a")
        answer = await call(task, "finish", suffix="!")
        assert answer["number"] == 5
        assert isinstance(answer["task"], Task)
        assert (answer["task"].name, answer["task"].done) == ("a!", True)
        assert await call(Task, "summary", at_least=2) == {"names": ["a!"], "at_least": 2}
        with pytest.raises(CommandRefusedError) as caught:
            await call(task, "explode")
        assert caught.value.refusal == "unknown_resource_command"


async def test_a_command_of_a_local_model_is_refused(sqlite_environment: TestEnvironment) -> None:
    async with backend_application(sqlite_environment) as (_, _, road):
        with current.use(road.server), pytest.raises(QueryError, match="database 'default'"):
            await call(served.Task, "finish")


async def test_rules_of_the_backend_hold(sqlite_environment: TestEnvironment) -> None:
    async with backend_application(sqlite_environment, **GUARDED) as (_, _, road):
        with current.use(road.server):
            await served.Task.create(name="hidden")
            await served.Task.create(name="locked")
        assert await Task.count() == 1
        with pytest.raises(RecordNotFoundError):
            await Task.find(1)
        locked = await Task.find(2)
        with pytest.raises(AccessDeniedError, match=r"This task is locked\."):
            await locked.update(name="free")
        assert locked.changes() == {"name": ("locked", "free")}
        with pytest.raises(AccessDeniedError):
            await locked.destroy()
        assert locked.is_persisted


async def test_what_is_not_shown_was_not_selected(sqlite_environment: TestEnvironment) -> None:
    async with backend_application(sqlite_environment, **GUARDED) as (_, _, road):
        with current.use(road.server):
            project = await served.Project.create(name="Apollo")
            await served.Task.create(name="a", project=project)
        task = await Task.find(1)
        assert task.read("shout") == "A"
        with pytest.raises(AttributeNotSelectedError):
            _ = task.project_id
        # The backend goes along the relationship, whose key it does not show.
        assert (await task.load("project")).name == "Apollo"
        (preloaded,) = await Task.preload("project").to_list()
        assert isinstance(preloaded.project, Project)


async def test_what_may_not_be_asked_is_refused_with_a_code(
    sqlite_environment: TestEnvironment,
) -> None:
    async with backend_application(sqlite_environment, **GUARDED):
        with pytest.raises(CommandRefusedError) as caught:
            await Task.where(id=5).to_list()
        assert caught.value.refusal == "not_exposed"
        with pytest.raises(CommandRefusedError) as caught:
            await Task.create(name="a", done=True)
        assert caught.value.refusal == "not_writable"


async def test_a_part_of_a_record_is_selected(sqlite_environment: TestEnvironment) -> None:
    async with backend_application(sqlite_environment) as (_, _, road):
        with current.use(road.server):
            await served.Task.create(name="a")
        (task,) = await Task.select("id", "name").to_list()
        assert task.name == "a"
        with pytest.raises(AttributeNotSelectedError):
            _ = task.done
        await task.update(name="b")
        assert (await Task.find(1)).name == "b"


async def test_all_rows_come_by_pages_where_one_answer_does_not_hold_them(
    sqlite_environment: TestEnvironment,
) -> None:
    class Few(GuardedTaskResource):
        filterable = ("id", "name", "done")
        sortable = ("name",)
        pluckable = ("id", "name")
        max_page_size = 3
        page_size = 2

    async with backend_application(sqlite_environment, resources=(Few, ProjectResource)) as (
        _,
        _,
        road,
    ):
        with current.use(road.server):
            rows = [[f"task {number}", False] for number in range(10)]
            await served.Task.insert_multiple(["name", "done"], rows)
        assert len(await Task.to_list()) == 10
        assert len(await Task.order("-name").limit(7).to_list()) == 7
        assert len(await Task.pluck("name")) == 10
        assert [one.name async for one in Task.find_each(4)] == [f"task {n}" for n in range(10)]


async def test_files_are_attached_and_fetched(sqlite_environment: TestEnvironment) -> None:
    theirs = copy_of(files)
    resource: Any = type(
        "UserResource",
        (Resource,),
        {
            "model": theirs.User,
            "attributes": ("id", "name"),
            "writable": ("name", "avatar"),
            "attachments": ("avatar",),
            "abilities": may_do_everything,
        },
    )
    async with backend_application(
        sqlite_environment,
        served_models=theirs.MODELS,
        schema=[theirs.CreateTables],
        resources=(resource,),
        client_models=files.MODELS,
        attachments={"main": {"driver": "database"}},
    ):
        user = await files.User.create(name="Ann", avatar={"content": b"png", "filename": "a.png"})
        assert not user.avatar.is_queued
        assert await user.avatar.download() == b"png"
        await user.avatar.attach({"content": b"other", "filename": "b.png"})
        assert await (await files.User.find(user.id)).avatar.download() == b"other"


def note_model() -> Any:
    class Note(Record):
        translations = translates("title")

    return Note


async def test_translated_attributes_come_in_the_backend_s_locale(
    sqlite_environment: TestEnvironment,
) -> None:
    theirs, ours = note_model(), note_model()
    schema = """
    CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL);
    CREATE TABLE note_translations (
      id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, note_id INTEGER NOT NULL,
      locale VARCHAR(10) NOT NULL, title TEXT
    );
    """
    body = {"attributes": ["id"], "translated": ["title"], "writable": ["title"]}
    resource: Any = type(
        "NoteResource", (Resource,), {**body, "model": theirs, "abilities": may_do_everything}
    )
    async with backend_application(
        sqlite_environment,
        served_models=[theirs],
        schema=schema,
        resources=(resource,),
        client_models=[ours],
    ) as (_, _, road):
        note = await ours.create(title="Hello")
        assert note.title == "Hello"
        await note.update(title="Good day")
        assert (await ours.find(note.id)).title == "Good day"
        with current.use(road.server):
            (stored,) = await theirs.preload("translations").to_list()
            assert stored.title == "Good day"


async def test_a_class_that_knows_what_is_shown_does_not_ask(
    sqlite_environment: TestEnvironment,
) -> None:
    class Task(FrontendModel):
        __resource__: ClassVar[dict[str, Any]] = {
            "attributes": {"id": {"type": "integer"}, "name": {"type": "string"}},
        }
        project = belongs_to("Project")

    class Project(FrontendModel):
        __resource__: ClassVar[dict[str, Any]] = {
            "attributes": {"id": {"type": "integer"}, "name": {"type": "string"}},
        }

    async with backend_application(sqlite_environment, **GUARDED) as (_, _, road):
        with current.use(road.server):
            project = await served.Project.create(name="Apollo")
            await served.Task.create(name="a", project=project)
        given = {"backend": {"backend": ADDRESS, "request": road}}
        async with sqlite_environment.client(databases=given):
            road.requests.clear()
            new = Task(name="before anything was asked")
            assert new.is_new_record
            (task,) = await Task.where(name="a").preload("project").to_list()
            assert isinstance(task.project, Project)
            assert len(road.requests) == 1


async def test_what_is_shown_later_is_noticed(sqlite_environment: TestEnvironment) -> None:
    class Growing(GuardedTaskResource):
        attributes = ("id", "name")

    async with backend_application(sqlite_environment, resources=(Growing, ProjectResource)) as (
        _,
        _,
        road,
    ):
        await Task.create(name="a")
        with pytest.raises(AttributeNotSelectedError):
            _ = (await Task.find(1)).project_id
        with current.use(road.server):
            exposure = road.server.resources.find("Task")
            exposure.readable = (*exposure.readable, "done", "project_id")
            exposure._checked_for = None
            await exposure.ready()
        task = await Task.find(1)
        assert (task.done, task.project_id) == (False, None)
