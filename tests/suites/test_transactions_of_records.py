"""Records in transactions: rolled back as they were, one task at a time, many tasks at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.suites.models import Project, Task
from velocious.errors import TransactionTaskError, UniqueConstraintError, ValidationError
from velocious.record import Record, validates

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment

TAGS = """
CREATE TABLE tags (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT NOT NULL);
CREATE UNIQUE INDEX unique_tag_names ON tags (name);
"""


class Failure(Exception):
    pass


async def test_a_failed_block_stores_nothing_and_makes_records_new_again(
    tracker: Configuration,
) -> None:
    task = Task(name="Write docs", position=1)
    with pytest.raises(Failure):
        async with Task.transaction():
            await task.save()
            assert task.is_persisted
            raise Failure
    assert await Task.count() == 0
    assert task.is_new_record
    assert task.id is None
    assert (task.name, task.position) == ("Write docs", 1)
    await task.save()
    assert await Task.pluck("id", "name", "position") == [(task.id, "Write docs", 1)]


async def test_a_rollback_brings_changes_back(tracker: Configuration) -> None:
    task = await Task.create(name="Write docs", position=1)
    with pytest.raises(Failure):
        async with Task.transaction():
            await task.update(name="Better docs")
            await task.update(position=2)
            task.done = True
            raise Failure
    assert task.changes() == {
        "name": ("Write docs", "Better docs"),
        "position": (1, 2),
        "done": (False, True),
    }
    await task.save()
    assert await Task.pluck("name", "position", "done") == [("Better docs", 2, True)]


async def test_a_rollback_brings_destroyed_records_back(tracker: Configuration) -> None:
    project = await Project.create(name="Apollo")
    task = await project.tasks.create(name="a")
    with pytest.raises(Failure):
        async with Task.transaction():
            await task.destroy()
            await project.destroy()
            raise Failure
    assert task.is_persisted
    assert project.is_persisted
    await task.update(name="b")
    assert await Task.pluck("name") == ["b"]


async def test_a_savepoint_rolls_back_alone(tracker: Configuration) -> None:
    async with Task.transaction():
        kept, lost = await Task.create(name="kept"), Task(name="lost")
        with pytest.raises(Failure):
            async with Task.transaction():
                await kept.update(name="changed")
                await lost.save()
                raise Failure
        assert lost.is_new_record
        assert kept.changes() == {"name": ("kept", "changed")}
        after = await Task.create(name="after")
    assert await Task.order("id").pluck("name") == ["kept", "after"]
    assert after.is_persisted


async def test_an_outer_rollback_takes_a_finished_savepoint_along(tracker: Configuration) -> None:
    task = Task(name="x")
    with pytest.raises(Failure):
        async with Task.transaction():
            async with Task.transaction():
                await task.save()
            assert task.is_persisted
            raise Failure
    assert task.is_new_record
    assert await Task.count() == 0


async def test_a_block_reads_what_it_wrote_and_others_do_not(tracker: Configuration) -> None:
    async def count_elsewhere() -> int:
        return await Task.count()

    elsewhere = asyncio.Event()
    counted: list[int] = []

    async def other() -> None:
        await elsewhere.wait()
        counted.append(await count_elsewhere())

    task = asyncio.create_task(other())
    async with Task.transaction():
        await Task.create(name="x")
        assert await Task.count() == 1
        elsewhere.set()
        await asyncio.wait([task])
    assert counted == [0]
    assert await Task.count() == 1


async def test_children_of_a_transaction_s_task_are_told_to_ask(tracker: Configuration) -> None:
    async with Task.transaction():
        results = await asyncio.gather(Task.create(name="a"), Task.count(), return_exceptions=True)
        assert [type(result) for result in results] == [TransactionTaskError] * 2
        assert "handed_over" in str(results[0])
        await Task.create(name="b")
    assert await Task.pluck("name") == ["b"]


async def test_a_transaction_handed_over_serves_its_children(tracker: Configuration) -> None:
    async with Task.transaction() as transaction:

        async def create(number: int) -> None:
            async with transaction.handed_over():
                await Task.create(name=f"t{number}")

        await asyncio.gather(*(create(number) for number in range(10)))
    assert await Task.count() == 10


async def test_a_hundred_creates_at_once_are_a_hundred_rows(tracker: Configuration) -> None:
    created = await asyncio.gather(*(Task.create(name=f"t{number}") for number in range(100)))
    assert len({task.id for task in created}) == 100
    stored = {task.id: task.name for task in await Task.to_list()}
    assert stored == {task.id: task.name for task in created}


async def test_tasks_that_roll_back_lose_only_their_own_rows(tracker: Configuration) -> None:
    async def work(number: int) -> None:
        async with Task.transaction():
            await Task.create(name=f"t{number}")
            await asyncio.sleep(0)
            await Task.create(name=f"u{number}")
            if number % 2:
                raise Failure

    await asyncio.gather(*(work(number) for number in range(20)), return_exceptions=True)
    names = await Task.pluck("name")
    kept = range(0, 20, 2)
    assert sorted(names) == sorted(f"{letter}{number}" for letter in "tu" for number in kept)


async def test_records_saved_by_many_tasks_keep_their_own_changes(tracker: Configuration) -> None:
    tasks = [await Task.create(name=f"t{number}") for number in range(20)]
    await asyncio.gather(*(task.update(position=task.id) for task in tasks))
    assert all(position == key for key, position in await Task.pluck("id", "position"))


@pytest.mark.parametrize("validated", [True, False])
async def test_find_or_create_by_makes_one_record_however_many_ask(
    environment: TestEnvironment, validated: bool
) -> None:
    class Tag(Record):
        id: Attribute[int]
        name: Attribute[str]
        validations = [validates("name", uniqueness=True)] if validated else []

    async with environment.application(models=[Tag], schema=TAGS):
        found = await asyncio.gather(*(Tag.find_or_create_by({"name": "x"}) for _ in range(20)))
        assert len({tag.id for tag in found}) == 1
        assert await Tag.count() == 1
        async with Tag.transaction():
            assert (await Tag.find_or_create_by({"name": "x"})).id == found[0].id
            await Tag.find_or_create_by({"name": "y"})
        assert await Tag.count() == 2


async def test_find_or_create_by_still_raises_for_what_is_invalid(tracker: Configuration) -> None:
    with pytest.raises(ValidationError, match="Name can't be blank"):
        await Task.find_or_create_by({"name": ""})


async def test_a_constraint_that_fails_in_a_block_of_its_own_leaves_the_rest_usable(
    environment: TestEnvironment,
) -> None:
    class Tag(Record):
        id: Attribute[int]
        name: Attribute[str]

    async with environment.application(models=[Tag], schema=TAGS):
        async with Tag.transaction():
            await Tag.create(name="x")
            again = Tag(name="x")
            with pytest.raises(UniqueConstraintError):
                async with Tag.transaction():
                    await again.save()
            again.name = "y"
            await again.save()
        assert await Tag.order("id").pluck("name") == ["x", "y"]


async def test_a_constraint_that_fails_in_a_block_leaves_the_rest_usable(
    environment: TestEnvironment,
) -> None:
    class Tag(Record):
        id: Attribute[int]
        name: Attribute[str]

    environment.needs("survives_errors")
    async with environment.application(models=[Tag], schema=TAGS):
        async with Tag.transaction():
            await Tag.create(name="x")
            again = Tag(name="x")
            with pytest.raises(UniqueConstraintError, match="same tags.name exists") as caught:
                await again.save()
            assert caught.value.columns == ("name",)
            assert again.is_new_record
            again.name = "y"
            await again.save()
        assert await Tag.order("id").pluck("name") == ["x", "y"]


async def test_after_commit_and_after_rollback_of_a_block(tracker: Configuration) -> None:
    happened: list[str] = []
    async with Task.transaction() as transaction:
        transaction.after_commit(lambda: happened.append("committed"))
        transaction.after_rollback(lambda: happened.append("rolled back"))
        await Task.create(name="x")
    assert happened == ["committed"]


async def test_two_saves_of_one_new_record_at_once_never_make_two_rows(
    tracker: Configuration,
) -> None:
    held, release = asyncio.Event(), asyncio.Event()

    async def hold_the_writer() -> None:
        async with Task.transaction():
            held.set()
            await release.wait()

    holder = asyncio.create_task(hold_the_writer())
    await held.wait()
    task = Task(name="x")
    saves = [asyncio.create_task(task.save()) for _ in range(2)]
    for _ in range(5):
        await asyncio.sleep(0)
    release.set()
    first, second = await asyncio.gather(*saves, return_exceptions=True)
    await holder
    assert first is task
    assert "is being saved by another task" in str(second)
    assert await Task.pluck("id", "name") == [(task.id, "x")]
    await task.update(name="y")
    assert await Task.pluck("name") == ["y"]
