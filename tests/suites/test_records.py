"""The life of a record: made, saved, changed, read again, destroyed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.models import Project, Task
from tests.suites.statements import recorded_statements
from velocious.errors import (
    RecordNotFoundError,
    RecordNotPersistedError,
    SchemaNotLoadedError,
    UnknownTableError,
)
from velocious.record import Record
from velocious.testing.environment import apply_schema

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment


async def test_creates_a_row_and_knows_its_key_defaults_and_timestamps(
    tracker: Configuration,
) -> None:
    task = await Task.create(name="Write docs")
    assert task.is_persisted
    assert task.id == 1
    assert task.done is False
    assert task.created_at == task.updated_at
    stored = await Task.find(task.id)
    assert stored.attributes() == task.attributes()


async def test_sends_one_statement_for_one_create(tracker: Configuration) -> None:
    await Task.create(name="Learns the plan")
    with recorded_statements(tracker) as statements:
        await Task.create(name="Write docs")
    assert len(statements) == 1
    assert statements[0].startswith("INSERT")


async def test_sends_one_statement_for_one_update_and_one_for_a_find(
    tracker: Configuration,
) -> None:
    task = await Task.create(name="Write docs")
    with recorded_statements(tracker) as statements:
        await task.update(name="Write better docs")
        await Task.find(task.id)
    assert [sql.split()[0] for sql in statements] == ["UPDATE", "SELECT"]


async def test_sends_nothing_to_save_a_record_without_changes(tracker: Configuration) -> None:
    task = await Task.create(name="Write docs")
    before = task.updated_at
    with recorded_statements(tracker) as statements:
        await task.save()
    assert statements == []
    assert task.updated_at == before


async def test_a_new_record_is_stored_when_it_is_saved(tracker: Configuration) -> None:
    task = Task(name="Write docs")
    assert task.is_new_record
    assert task.id is None
    assert await Task.count() == 0
    assert await task.save() is task
    assert not task.is_new_record
    assert await Task.count() == 1


async def test_create_takes_a_mapping_and_keywords(tracker: Configuration) -> None:
    task = await Task.create({"name": "Write docs"}, position=3)
    assert (task.name, task.position) == ("Write docs", 3)


async def test_a_record_made_with_all_defaults_is_one_row(environment: TestEnvironment) -> None:
    class Blank(Record):
        id: Attribute[Any]

    schema = "CREATE TABLE blanks (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL)"
    async with environment.application(models=[Blank], schema=schema):
        first, second = await Blank.create(), await Blank.create()
        assert (first.id, second.id) == (1, 2)


async def test_an_update_writes_only_what_changed(tracker: Configuration) -> None:
    task = await Task.create(name="Write docs", position=1)
    other = await Task.find(task.id)
    await other.update(position=2)
    await task.update(name="Write better docs")
    stored = await Task.find(task.id)
    assert (stored.name, stored.position) == ("Write better docs", 2)


async def test_an_update_moves_updated_at_and_keeps_created_at(tracker: Configuration) -> None:
    task = await Task.create(name="Write docs")
    created = task.created_at
    await task.update(name="Write better docs")
    assert task.created_at == created
    assert task.updated_at > created


async def test_a_timestamp_given_by_hand_is_kept(tracker: Configuration) -> None:
    task = await Task.create(name="Old", created_at="2001-02-03T04:05:06+00:00")
    assert task.created_at.isoformat() == "2001-02-03T04:05:06+00:00"
    assert task.updated_at.year > 2001


async def test_a_timestamp_or_key_given_as_none_is_filled_in(tracker: Configuration) -> None:
    task = await Task.create(id=None, name="Write docs", created_at=None, updated_at="")
    assert task.id == 1
    assert task.created_at is not None
    assert task.updated_at is not None


async def test_an_own_key_is_kept(tracker: Configuration) -> None:
    task = await Task.create(id=70, name="Write docs")
    assert task.id == 70
    assert (await Task.find(70)).name == "Write docs"


async def test_a_key_is_never_given_twice(tracker: Configuration) -> None:
    task = await Task.create(name="Write docs")
    await task.destroy()
    assert (await Task.create(name="Next")).id == 2


async def test_reload_reads_the_row_again_and_drops_changes_and_relations(
    tracker: Configuration,
) -> None:
    project = await Project.create(name="Apollo")
    task = await Task.create(name="Write docs", project=project)
    await (await Task.find(task.id)).update(name="Changed elsewhere")
    task.position = 9
    assert await task.reload() is task
    assert (task.name, task.position) == ("Changed elsewhere", None)
    assert not task.is_changed()
    assert (await task.load("project")).name == "Apollo"


async def test_reload_raises_for_a_row_that_is_gone_and_for_a_new_record(
    tracker: Configuration,
) -> None:
    task = await Task.create(name="Write docs")
    await Task.where(id=task.id).delete_all()
    with pytest.raises(RecordNotFoundError, match="Couldn't find Task with 'id'=1"):
        await task.reload()
    with pytest.raises(RecordNotPersistedError, match="has not been saved"):
        await Task(name="New").reload()


async def test_saving_a_record_whose_row_is_gone_raises(tracker: Configuration) -> None:
    task = await Task.create(name="Write docs")
    await Task.where(id=task.id).delete_all()
    task.name = "Lost"
    with pytest.raises(RecordNotFoundError, match="Couldn't find Task with 'id'=1"):
        await task.save()


async def test_a_changed_primary_key_moves_the_row(tracker: Configuration) -> None:
    task = await Task.create(name="Write docs")
    await task.update(id=5)
    assert await Task.ids() == [5]
    await task.update(name="Moved")
    assert await Task.pluck("id", "name") == [(5, "Moved")]


async def test_destroy_deletes_the_row_and_says_so(tracker: Configuration) -> None:
    task = await Task.create(name="Write docs")
    assert await task.destroy() is task
    assert task.is_destroyed
    assert not task.is_persisted
    assert not task.is_new_record
    assert task.name == "Write docs"
    assert await Task.count() == 0


async def test_a_destroyed_record_can_be_neither_saved_nor_destroyed_again(
    tracker: Configuration,
) -> None:
    task = await Task.create(name="Write docs")
    await task.destroy()
    with pytest.raises(RecordNotPersistedError, match="its row was deleted"):
        await task.save()
    with pytest.raises(RecordNotPersistedError, match="has no row"):
        await task.destroy()
    with pytest.raises(RecordNotPersistedError, match="has no row"):
        await Task(name="New").destroy()


async def test_destroying_a_row_that_somebody_else_deleted_is_no_error(
    tracker: Configuration,
) -> None:
    task = await Task.create(name="Write docs")
    await Task.delete_all()
    await task.destroy()
    assert task.is_destroyed


async def test_records_of_the_same_row_are_equal_and_hash_alike(tracker: Configuration) -> None:
    task = await Task.create(name="Write docs")
    same = await Task.find(task.id)
    other = await Task.create(name="Other")
    assert task == same
    assert task != other
    assert {task, same, other} == {task, other}
    project = await Project.create(id=task.id, name="Apollo")
    assert task != project


async def test_new_records_equal_only_themselves_and_cannot_be_hashed(
    tracker: Configuration,
) -> None:
    first, second = Task(name="a"), Task(name="a")
    assert first == first
    assert first != second
    with pytest.raises(TypeError, match="has not been saved"):
        hash(first)


async def test_a_record_shows_its_key_and_never_its_values(tracker: Configuration) -> None:
    task = Task(name="secret")
    assert repr(task) == "<Task new>"
    await task.save()
    assert repr(task) == "<Task id=1>"
    await task.destroy()
    assert repr(task) == "<Task id=1 destroyed>"


async def test_an_own_table_name_and_primary_key_are_used(environment: TestEnvironment) -> None:
    class Place(Record):
        table_name = "old places"
        primary_key = "code"

    schema = 'CREATE TABLE "old places" (code VARCHAR(10) PRIMARY KEY NOT NULL, "na""me" TEXT)'
    async with environment.application(models=[Place], schema=schema):
        place = await Place.create({"code": "CPH", 'na"me': "Copenhagen"})
        assert (await Place.find("CPH")).read('na"me') == "Copenhagen"
        place.write('na"me', "Kastrup")
        await place.save()
        assert await Place.pluck("code", 'na"me') == [("CPH", "Kastrup")]
        assert (await Place.last()) == place


async def test_a_primary_key_of_another_name_is_found_by_itself(
    environment: TestEnvironment,
) -> None:
    class Country(Record):
        code: Attribute[Any]
        name: Attribute[Any]

    schema = "CREATE TABLE countries (code VARCHAR(2) PRIMARY KEY NOT NULL, name TEXT)"
    async with environment.application(models=[Country], schema=schema):
        await Country.create(code="DK", name="Denmark")
        assert (await Country.find("DK")).name == "Denmark"


async def test_a_model_whose_table_is_missing_says_what_to_run(
    environment: TestEnvironment,
) -> None:
    class Taks(Record):
        table_name = "taks"

    schema = "CREATE TABLE tasks (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT)"
    async with environment.application(models=[Taks], schema=schema):
        with pytest.raises(SchemaNotLoadedError, match="db:migrate"):
            Taks(name="x")
        with pytest.raises(UnknownTableError, match=r"no table 'taks'. Did you mean 'tasks'"):
            await Taks.count()


async def test_a_table_made_after_the_start_is_found_at_its_first_use(
    environment: TestEnvironment,
) -> None:
    class Late(Record):
        name: Attribute[Any]
        table_name = "late"

    async with environment.application(models=[Late]) as configuration:
        table = "CREATE TABLE late (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT)"
        await apply_schema(configuration, table)
        assert (await Late.create(name="here")).name == "here"


async def test_columns_added_and_removed_while_running_come_and_go(
    environment: TestEnvironment,
) -> None:
    class Moving(Record):
        a: Attribute[Any]
        b: Attribute[Any]
        c: Attribute[Any]
        table_name = "moving"

    schema = "CREATE TABLE moving (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, a TEXT, b TEXT)"
    async with environment.application(models=[Moving], schema=schema) as configuration:
        await Moving.create(a="a", b="b")
        database = configuration.database()
        await database.execute_script(
            "ALTER TABLE moving DROP COLUMN a; ALTER TABLE moving ADD COLUMN c TEXT DEFAULT 'c'"
        )
        database.forget_schema()
        moving = await Moving.first()
        assert moving is not None
        assert moving.attributes() == {"id": 1, "b": "b", "c": "c"}
        with pytest.raises(AttributeError, match="has no attribute 'a'"):
            _ = moving.a
        with pytest.raises(AttributeError, match="has no attribute 'a'"):
            moving.assign(a="x")


async def test_keys_go_on_behind_those_that_records_bring(tracker: Configuration) -> None:
    first = await Project.create(name="first")
    given = await Project.create(id=first.id + 10, name="given")
    assert (await Project.create(name="next")).id == given.id + 1
    await Project.create(id=first.id + 5, name="smaller")
    assert (await Project.create(name="after")).id == given.id + 2
    rows = [[given.id + 20, "a"], [given.id + 15, "b"]]
    await Project.insert_multiple(["id", "name"], rows)
    assert (await Project.create(name="behind many")).id == given.id + 21
    await Project.upsert_all([{"id": given.id + 30, "name": "upserted"}])
    assert (await Project.create(name="behind all")).id == given.id + 31
