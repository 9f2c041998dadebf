"""Cohort loading: the first awaited load of a relationship serves all records of one result."""

from __future__ import annotations

import asyncio
import gc
import weakref
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.models import MODELS, SCHEMA, Account, Project, Task
from tests.suites.statements import recorded_statements
from velocious.record import Record, belongs_to, has_many

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment


async def fill() -> None:
    account = await Account.create(name="NASA")
    for name in ("Apollo", "Gemini", "Mercury"):
        project = await Project.create(name=name, account=account)
        for number in range(2):
            task = await project.tasks.create(name=f"{name} {number}")
            await task.comments.create(body=f"about {task.name}")


async def test_the_first_load_serves_all_records_of_the_result(tracker: Configuration) -> None:
    await fill()
    tasks = await Task.order("id")
    with recorded_statements(tracker) as statements:
        names = [(await task.load("project")).name for task in tasks]
    assert len(statements) == 1
    assert names == ["Apollo", "Apollo", "Gemini", "Gemini", "Mercury", "Mercury"]


async def test_awaiting_a_collection_serves_all_records_of_the_result(
    tracker: Configuration,
) -> None:
    await fill()
    with recorded_statements(tracker) as statements:
        for project in await Project.order("id"):
            assert [task.name for task in await project.tasks][0] == f"{project.name} 0"
            assert len(await project.tasks.load()) == 2 or project.id == 1
    assert len(statements) <= 5


async def test_the_records_that_were_loaded_are_a_cohort_of_their_own(
    tracker: Configuration,
) -> None:
    await fill()
    with recorded_statements(tracker) as statements:
        for project in await Project.all():
            for task in await project.tasks:
                assert len(await task.comments) == 1
                assert task.project is project
    assert len(statements) == 3


async def test_the_second_load_of_a_record_reads_again(tracker: Configuration) -> None:
    await fill()
    first, second, _ = await Project.order("id")
    await first.load("tasks")
    await Task.create(name="New", project_id=second.id)
    assert len(await second.load("tasks")) == 2  # what was read with the first one
    assert len(await second.load("tasks")) == 3  # read again, for this record alone
    with recorded_statements(tracker) as statements:
        await second.load("tasks")
    assert len(statements) == 1


async def test_local_edits_are_kept(tracker: Configuration) -> None:
    await fill()
    first, second, third = await Project.order("id")
    second.tasks.build(name="Mine")
    other = await Account.create(name="ESA")
    third.account = other
    await first.load("tasks")
    await first.load("account")
    assert not second.tasks.loaded
    assert third.tasks.loaded
    assert third.account is other
    assert [task.name for task in await second.tasks] == ["Gemini 0", "Gemini 1", "Mine"]


async def test_records_that_are_gone_or_of_other_results_are_left_alone(
    tracker: Configuration,
) -> None:
    await fill()
    first, second, third = await Project.order("id")
    elsewhere = await Project.find(third.id)
    await second.destroy()
    with recorded_statements(tracker) as statements:
        await first.load("tasks")
    assert len(statements) == 1
    assert not elsewhere.tasks.loaded
    assert third.tasks.loaded


async def test_records_kept_from_a_dropped_list_are_still_siblings(tracker: Configuration) -> None:
    await fill()
    tasks = [task for task in await Task.all() if not task.done]
    with recorded_statements(tracker) as statements:
        for task in sorted(tasks, key=lambda task: -task.id):
            await task.load("project")
    assert len(statements) == 1


async def test_the_first_and_the_last_record_of_a_dropped_list_are_still_siblings(
    tracker: Configuration,
) -> None:
    await fill()
    tasks = await Task.order("id")
    first, last = tasks[0], tasks[-1]
    del tasks
    with recorded_statements(tracker) as statements:
        await last.load("project")
        assert (await first.load("project")).name == "Apollo"
    assert len(statements) == 1


@pytest.mark.parametrize("places", [(), (5,), (0,), (5, 5), (0, 5), (1, 2, 5)])
async def test_a_cohort_remembers_the_records_that_outlive_their_list(
    tracker: Configuration, places: tuple[int, ...]
) -> None:
    await fill()
    tasks = await Task.order("id")
    members = tasks[0]._cohort.members
    kept = [tasks[place] for place in places]
    del tasks
    assert set(members()) == set(kept)


async def test_one_record_does_not_keep_the_result_alive(tracker: Configuration) -> None:
    await fill()
    tasks = await Task.order("id")
    watched = [weakref.ref(task) for task in tasks]
    kept = tasks[0]
    del tasks
    gc.collect()
    assert [one() is not None for one in watched] == [True, False, False, False, False, False]
    with recorded_statements(tracker) as statements:
        assert (await kept.load("project")).name == "Apollo"
    assert len(statements) == 1


async def test_it_is_switched_off_for_a_relationship(environment: TestEnvironment) -> None:
    class Shelf(Record):
        id: Attribute[int]
        books = has_many("Book", cohort=False)

    class Book(Record):
        shelf = belongs_to("Shelf", cohort=False)

    schema = """
    CREATE TABLE shelves (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL);
    CREATE TABLE books (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, shelf_id INTEGER)"""
    async with environment.application(models=[Shelf, Book], schema=schema) as configuration:
        for shelf in [await Shelf.create(), await Shelf.create()]:
            await Book.create(shelf=shelf)
        shelves, books = await Shelf.all(), await Book.all()
        with recorded_statements(configuration) as statements:
            await shelves[0].load("books")
            await books[0].load("shelf")
            assert not shelves[1].books.loaded
            for book in books:
                await book.load("shelf")
        assert len(statements) == 4


async def test_it_is_switched_off_for_the_application(environment: TestEnvironment) -> None:
    async with environment.application(
        models=MODELS, schema=SCHEMA, cohort_loading=False
    ) as configuration:
        await fill()
        projects = await Project.all()
        with recorded_statements(configuration) as statements:
            for project in projects:
                await project.tasks
        assert len(statements) == 3


async def test_a_limit_in_a_scope_is_loaded_for_one_record_alone(
    environment: TestEnvironment,
) -> None:
    class Writer(Record):
        id: Attribute[int]
        newest = has_many("Post", lambda posts: posts.order("-id").limit(1))

    class Post(Record):
        id: Attribute[int]

    schema = """
    CREATE TABLE writers (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL);
    CREATE TABLE posts (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, writer_id INTEGER)"""
    async with environment.application(models=[Writer, Post], schema=schema) as configuration:
        for _ in range(2):
            await Writer.create()
        await Post.insert_multiple(["writer_id"], [[1], [1], [2], [2]])
        first, second = await Writer.order("id")
        with recorded_statements(configuration) as statements:
            assert [post.id for post in await first.newest] == [2]
        assert len(statements) == 1
        assert not second.newest.loaded


async def test_tasks_that_ask_at_once_share_one_statement(tracker: Configuration) -> None:
    await fill()
    tasks = await Task.all()
    with recorded_statements(tracker) as statements:
        projects: list[Any] = await asyncio.gather(*[task.load("project") for task in tasks])
    assert len(statements) == 1
    assert {project.name for project in projects} == {"Apollo", "Gemini", "Mercury"}


async def test_a_load_inside_a_transaction_serves_the_others_too(tracker: Configuration) -> None:
    await fill()
    tasks = await Task.all()
    with recorded_statements(tracker) as statements:
        async with Task.transaction():
            for task in tasks:
                await task.load("project")
    assert len([sql for sql in statements if sql.startswith("SELECT")]) == 1


async def test_a_query_on_a_collection_asks_for_its_owner_alone(tracker: Configuration) -> None:
    await fill()
    first, second, _ = await Project.order("id")
    assert await first.tasks.where(done=False).count() == 2
    assert not first.tasks.loaded
    assert not second.tasks.loaded
