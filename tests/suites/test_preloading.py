"""Preloading: one statement for each relationship, whatever is loaded already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.models import Account, Comment, Project, ProjectDetail, Task
from tests.suites.statements import recorded_statements
from velocious.errors import UnknownRelationshipError, UnsupportedValueError
from velocious.record import Record, has_many, has_one

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment


async def fill() -> None:
    account = await Account.create(name="NASA")
    for name in ("Apollo", "Gemini"):
        project = await Project.create(name=name, account=account)
        for number in range(3):
            task = await project.tasks.create(name=f"{name} {number}", position=number)
            await task.comments.create(body=f"about {task.name}")
    await Project.create(name="Empty", account=account, detail=ProjectDetail(body="none"))


async def test_one_statement_per_level(tracker: Configuration) -> None:
    await fill()
    await Project.preload({"tasks": "comments"}, "account", "detail").to_list()
    with recorded_statements(tracker) as statements:
        projects = await Project.preload({"tasks": "comments"}, "account", "detail").order("id")
    assert len(statements) == 5
    assert [[task.name for task in project.tasks] for project in projects][0][1] == "Apollo 1"
    assert [comment.body for comment in projects[1].tasks[0].comments] == ["about Gemini 0"]
    assert {project.account.name for project in projects} == {"NASA"}
    assert [project.detail and project.detail.body for project in projects] == [None, None, "none"]
    assert list(projects[2].tasks) == []


@pytest.mark.parametrize(
    "shape",
    [
        [{"project": "account"}],
        [{"project": {"account": True}}],
        [{"project": ["account"]}],
        ["project.account"],
        ["project", ["project.account"]],
        [("project", {"project": {"account": None}})],
    ],
)
async def test_every_way_to_write_a_nested_preload(tracker: Configuration, shape: Any) -> None:
    await fill()
    task = await Task.preload(*shape).first_or_fail()
    assert task.project.account.name == "NASA"


async def test_records_of_one_parent_share_one_object(tracker: Configuration) -> None:
    await fill()
    tasks = await Task.preload("project").where(project={"name": "Apollo"})
    assert len({id(task.project) for task in tasks}) == 1


async def test_preloaded_children_know_their_parent_without_a_statement(
    tracker: Configuration,
) -> None:
    await fill()
    project = await Project.preload("tasks").first_or_fail()
    with recorded_statements(tracker) as statements:
        assert all(task.project is project for task in project.tasks)
    assert statements == []


async def test_a_scope_narrows_and_sorts_what_is_preloaded(tracker: Configuration) -> None:
    await fill()
    await Task.where(name="Apollo 2").to_list()
    await (await Task.find_by_or_fail(name="Apollo 1")).update(done=True)
    project = await Project.preload("open_tasks").first_or_fail()
    assert [task.name for task in project.open_tasks] == ["Apollo 2", "Apollo 0"]


async def test_a_limit_in_a_scope_counts_for_each_owner(environment: TestEnvironment) -> None:
    class Writer(Record):
        id: Attribute[int]
        newest = has_one("Post", lambda posts: posts.order("-id").limit(1))
        newest_two = has_many("Post", lambda posts: posts.order("-id").limit(2))

    class Post(Record):
        id: Attribute[int]
        writer_id: Attribute[int]

    schema = """
    CREATE TABLE writers (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL);
    CREATE TABLE posts (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, writer_id INTEGER)"""
    async with environment.application(models=[Writer, Post], schema=schema):
        for writer in [await Writer.create(), await Writer.create()]:
            for _ in range(3):
                await Post.create(writer_id=writer.id)
        writers = await Writer.preload("newest", "newest_two").order("id")
        assert [writer.newest.id for writer in writers] == [3, 6]
        assert [[post.id for post in writer.newest_two] for writer in writers] == [[3, 2], [6, 5]]


async def test_what_is_loaded_already_stays_and_is_not_doubled(tracker: Configuration) -> None:
    await fill()
    project = await Project.preload("tasks", "tasks", ["tasks"]).first_or_fail()
    assert len(project.tasks) == 3
    await project.load("tasks", {"tasks": "comments"})
    assert len(project.tasks) == 3
    assert len(project.tasks[0].comments) == 1


@pytest.mark.parametrize("rows", [True, False])
async def test_an_unknown_name_is_refused_even_without_rows(
    tracker: Configuration, rows: bool
) -> None:
    if rows:
        await fill()
    with pytest.raises(UnknownRelationshipError, match="Task has no.*'projct'.*mean 'project'"):
        await Task.preload("projct").to_list()
    with pytest.raises(UnknownRelationshipError, match="Project has no.*'acount'.*mean 'account'"):
        await Task.preload({"project": "acount"}).to_list()


async def test_something_that_names_no_relationship_is_refused(tracker: Configuration) -> None:
    with pytest.raises(UnsupportedValueError, match="5 does not name a relationship"):
        Task.preload(5)


@pytest.mark.parametrize("count", [1, 255, 256, 257, 3000])
async def test_any_number_of_owners_is_one_statement(tracker: Configuration, count: int) -> None:
    await Project.insert_multiple(["name"], [[f"p{number}"] for number in range(count)])
    ids = await Project.ids()
    await Task.insert_multiple(["name", "project_id"], [[f"t{key}", key] for key in ids])
    with recorded_statements(tracker) as statements:
        projects = await Project.preload("tasks").to_list()
    assert len(statements) == 2
    assert all(project.tasks[0].name == f"t{project.id}" for project in projects)


async def test_a_dangling_key_preloads_none(environment: TestEnvironment) -> None:
    class Loose(Record):
        pass

    from velocious.record import belongs_to

    class Piece(Record):
        id: Attribute[int]
        loose = belongs_to("Loose")

    schema = """
    CREATE TABLE looses (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL);
    CREATE TABLE pieces (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, loose_id INTEGER)"""
    async with environment.application(models=[Loose, Piece], schema=schema):
        await Piece.create(loose_id=99)
        piece = await Piece.preload("loose").first_or_fail()
        assert piece.loose is None


async def test_comments_of_all_tasks_are_preloaded_for_a_loaded_record(
    tracker: Configuration,
) -> None:
    await fill()
    project = await Project.find(1)
    with recorded_statements(tracker) as statements:
        await project.load({"tasks": ["comments", "project"]})
    assert len(statements) == 2
    assert await Comment.count() == 6
