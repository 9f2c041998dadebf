"""What of a record would be saved, and what the last save changed."""

from __future__ import annotations

import asyncio
from copy import copy
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.models import Project, Task
from tests.suites.statements import recorded_statements
from velocious.errors import RelationshipNotLoadedError
from velocious.record import Record

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment

NOTES = """
CREATE TABLE notes (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  data JSON_TEXT, day DATETIME, price DECIMAL_TEXT(8, 2)
);
"""


class Note(Record):
    id: Attribute[Any]
    data: Attribute[Any]
    day: Attribute[Any]
    price: Attribute[Any]


async def test_changes_tell_the_stored_and_the_new_value(tracker: Configuration) -> None:
    task = await Task.create(name="Write docs", position=1)
    task.assign(name="Better docs", done=True)
    assert task.changes() == {"name": ("Write docs", "Better docs"), "done": (False, True)}
    assert task.is_changed()
    assert task.is_changed("name")
    assert not task.is_changed("position")


async def test_setting_a_value_back_to_the_original_is_no_change(tracker: Configuration) -> None:
    task = await Task.create(name="Write docs")
    task.name = "Better docs"
    task.name = "Write docs"
    assert task.changes() == {}
    assert not task.is_changed()
    with recorded_statements(tracker) as statements:
        await task.save()
    assert statements == []


async def test_equal_values_of_other_types_are_no_change(tracker: Configuration) -> None:
    task = await Task.create(name="5", position=5, done=False)
    task.assign(name="5", position="5", done="no")
    assert not task.is_changed()
    task.assign(position=5.0, done=0)
    assert not task.is_changed()


async def test_zero_is_a_value_and_not_none(tracker: Configuration) -> None:
    task = await Task.create(name="x")
    task.position = 0
    assert task.changes() == {"position": (None, 0)}
    await task.save()
    assert (await Task.find(task.id)).position == 0


async def test_none_replaces_a_value(tracker: Configuration) -> None:
    task = await Task.create(name="Write docs", position=3)
    await task.update(position=None)
    assert (await Task.find(task.id)).position is None


async def test_a_new_record_is_changed_and_a_saved_one_is_not(tracker: Configuration) -> None:
    task = Task(name="Write docs")
    assert task.is_changed()
    assert task.changes() == {"name": (None, "Write docs")}
    await task.save()
    assert not task.is_changed()
    assert task.changes() == {}


async def test_saved_changes_tell_what_the_last_save_wrote(tracker: Configuration) -> None:
    task = await Task.create(name="Write docs")
    assert task.saved_changes()["name"] == (None, "Write docs")
    await task.update(name="Better docs")
    saved = task.saved_changes()
    assert saved["name"] == ("Write docs", "Better docs")
    assert set(saved) == {"name", "updated_at"}
    await task.save()
    assert task.saved_changes() == {}
    assert (await Task.find(task.id)).saved_changes() == {}


async def test_the_same_instant_in_another_zone_is_no_change(environment: TestEnvironment) -> None:
    async with environment.application(models=[Note], schema=NOTES):
        note = await Note.create(day=datetime(2026, 3, 1, 12, tzinfo=UTC))
        note.day = "2026-03-01T13:00:00+01:00"
        assert not note.is_changed()
        note.day = "2026-03-01T13:00:01+01:00"
        assert note.is_changed("day")


async def test_a_list_or_dict_changed_in_place_is_saved(environment: TestEnvironment) -> None:
    async with environment.application(models=[Note], schema=NOTES):
        note = await Note.create(data={"tags": ["a"]})
        note.data["tags"].append("b")
        assert note.changes() == {"data": ({"tags": ["a"]}, {"tags": ["a", "b"]})}
        await note.save()
        assert (await Note.find(note.id)).data == {"tags": ["a", "b"]}


async def test_an_object_held_across_saves_is_still_the_attribute(
    environment: TestEnvironment,
) -> None:
    async with environment.application(models=[Note], schema=NOTES):
        tags: list[str] = []
        note = await Note.create(data=tags)
        for letter in "abc":
            tags.append(letter)
            await note.save()
        assert (await Note.find(note.id)).data == ["a", "b", "c"]


async def test_reading_json_that_another_program_wrote_is_no_change(
    environment: TestEnvironment,
) -> None:
    async with environment.application(models=[Note], schema=NOTES) as configuration:
        database = configuration.database()
        await database.execute("INSERT INTO notes (data) VALUES (?)", ['{ "a": 1,\n "b": [] }'])
        note = await Note.find(1)
        assert note.data == {"a": 1, "b": []}
        assert not note.is_changed()
        with recorded_statements(configuration) as statements:
            await note.save()
        assert statements == []
        note.data["a"] = True
        assert note.is_changed()
        await note.save()
        assert (await Note.find(1)).data["a"] is True


async def test_a_value_that_cannot_be_stored_is_a_change(tracker: Configuration) -> None:
    task = await Task.create(name="Write docs")
    task.name = "NUL \0 inside"
    assert task.is_changed()
    assert task.is_changed("name")
    assert task.changes() == {"name": ("Write docs", "NUL \0 inside")}


async def test_changes_of_one_object_are_unknown_to_another(tracker: Configuration) -> None:
    task = await Task.create(name="Write docs")
    other = await Task.find(task.id)
    task.name = "Better docs"
    assert not other.is_changed()


async def test_a_changed_relationship_is_a_change_of_its_key(tracker: Configuration) -> None:
    apollo, gemini = await Project.create(name="Apollo"), await Project.create(name="Gemini")
    task = await Task.create(name="Write docs", project=apollo)
    task.project = gemini
    assert task.changes() == {"project_id": (apollo.id, gemini.id)}
    task.project = apollo
    assert not task.is_changed()


@pytest.mark.parametrize("new", [True, False])
async def test_what_is_assigned_while_a_save_waits_is_kept(
    tracker: Configuration, new: bool
) -> None:
    task = Task(name="a") if new else await Task.create(name="a")
    task.assign(name="b", position=1)
    held, release = asyncio.Event(), asyncio.Event()

    async def hold_the_writer() -> None:
        async with Task.transaction():
            held.set()
            await release.wait()

    holder = asyncio.create_task(hold_the_writer())
    await held.wait()
    saving = asyncio.create_task(task.save())
    for _ in range(5):
        await asyncio.sleep(0)
    task.assign(name="c", done=True)
    release.set()
    await asyncio.gather(holder, saving)
    assert await Task.pluck("name", "position", "done") == [("b", 1, False)]
    assert task.changes() == {"name": ("b", "c"), "done": (False, True)}
    await task.save()
    assert await Task.pluck("name", "position", "done") == [("c", 1, True)]


async def test_restoring_a_relationship_set_to_none_forgets_the_none(
    tracker: Configuration,
) -> None:
    apollo = await Project.create(name="Apollo")
    task = await Task.create(name="a", project=apollo)
    for names in ((), ("project_id",)):
        task.project = None
        task.restore(*names)
        assert not task.is_changed()
        with pytest.raises(RelationshipNotLoadedError):
            assert task.project
        assert await task.load("project") == apollo


async def test_a_copy_has_changes_of_its_own(tracker: Configuration) -> None:
    task = await Task.create(name="a")
    task.name = "b"
    task.comments.build(body="mine")
    other = copy(task)
    other.name = "c"
    other.comments.build(body="the copy's")
    assert (task.changes(), other.changes()) == ({"name": ("a", "b")}, {"name": ("a", "c")})
    await task.save()
    assert await task.comments.pluck("body") == ["mine"]
    assert (other.name, other == task) == ("c", True)
