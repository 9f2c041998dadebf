"""What is saved with a record, in which order, and only once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.models import Project, ProjectDetail, Task
from tests.suites.statements import recorded_statements
from velocious.errors import ValidationError
from velocious.record import (
    Record,
    after_create,
    after_save,
    after_update,
    before_create,
    before_save,
    before_update,
    belongs_to,
    has_many,
    has_one,
)

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment

happened: list[str] = []


class Traced(Record):
    abstract = True
    name: Attribute[str]

    def note(self, event: str) -> None:
        happened.append(f"{event} {self.name}")

    @before_save
    def on_before_save(self) -> None:
        self.note("before_save")

    @before_create
    def on_before_create(self) -> None:
        self.note("before_create")

    @before_update
    def on_before_update(self) -> None:
        self.note("before_update")

    @after_create
    def on_after_create(self) -> None:
        self.note("after_create")

    @after_update
    def on_after_update(self) -> None:
        self.note("after_update")

    @after_save
    def on_after_save(self) -> None:
        self.note("after_save")


class Shelf(Traced):
    id: Attribute[int]
    books = has_many("Book")


class Book(Traced):
    id: Attribute[int]
    shelf_id: Attribute[Any]
    shelf = belongs_to("Shelf")


SHELVES = """
CREATE TABLE shelves (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT);
CREATE TABLE books (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT,
  shelf_id INTEGER NOT NULL REFERENCES shelves (id));
"""


@pytest.fixture(autouse=True)
def nothing_happened() -> None:
    happened.clear()


async def test_what_a_record_points_at_is_saved_before_it(environment: TestEnvironment) -> None:
    async with environment.application(models=[Shelf, Book], schema=SHELVES):
        book = await Book.create(name="book", shelf=Shelf(name="shelf"))
        assert book.shelf_id == book.shelf.id
        assert happened == [
            "before_save book",
            "before_save shelf",
            "before_create shelf",
            "after_create shelf",
            "after_save shelf",
            "before_create book",
            "after_create book",
            "after_save book",
        ]


async def test_what_points_at_a_record_is_saved_after_it(environment: TestEnvironment) -> None:
    async with environment.application(models=[Shelf, Book], schema=SHELVES):
        await Shelf.create(name="shelf", books=[Book(name="book")])
        assert happened == [
            "before_save shelf",
            "before_create shelf",
            "after_create shelf",
            "before_save book",
            "before_create book",
            "after_create book",
            "after_save book",
            "after_save shelf",
        ]


async def test_records_that_know_each_other_are_saved_once_from_either_side(
    environment: TestEnvironment,
) -> None:
    async with environment.application(models=[Shelf, Book], schema=SHELVES):
        shelf = Shelf(name="shelf")
        book, other = shelf.books.build(name="book"), shelf.books.build(name="other")
        await book.save()
        assert book.shelf_id == other.shelf_id == shelf.id
        assert sorted(happened) == sorted(set(happened))
        assert not [event for event in happened if "update" in event]
        assert await Book.order("name").pluck("name") == ["book", "other"]


async def test_a_changed_parent_is_updated_with_its_child(environment: TestEnvironment) -> None:
    async with environment.application(models=[Shelf, Book], schema=SHELVES):
        book = await Book.create(name="book", shelf=Shelf(name="shelf"))
        book.shelf.name = "renamed"
        happened.clear()
        await book.save()
        assert await Shelf.pluck("name") == ["renamed"]
        assert "before_update renamed" in happened


async def test_two_new_records_that_point_at_each_other_end(environment: TestEnvironment) -> None:
    class Left(Record):
        id: Attribute[int]
        right = belongs_to("Right")

    class Right(Record):
        id: Attribute[int]
        left_id: Attribute[Any]
        left = belongs_to("Left")

    schema = """
    CREATE TABLE lefts (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, right_id INTEGER);
    CREATE TABLE rights (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, left_id INTEGER)"""
    async with environment.application(models=[Left, Right], schema=schema):
        left = Left()
        left.right = Right(left=left)
        await left.save()
        assert await Left.pluck("right_id") == [left.right.id]
        await left.right.save()
        assert await Right.pluck("left_id") == [left.id]


async def test_a_parent_saved_by_hand_still_gives_its_key(tracker: Configuration) -> None:
    project = Project(name="Apollo")
    task = Task(name="Write docs", project=project)
    await project.save()
    await task.save()
    assert (await Task.find(task.id)).project_id == project.id


async def test_stored_records_move_to_a_new_owner(tracker: Configuration) -> None:
    old = await Project.create(name="Old")
    moving, orphan = await old.tasks.create(name="a"), await Task.create(name="b")
    new = await Project.create(name="New", tasks=[moving, orphan])
    assert await Task.order("id").pluck("project_id") == [new.id, new.id]
    assert await old.tasks.count() == 0


async def test_a_record_moved_elsewhere_is_not_taken_back_by_its_old_owner(
    tracker: Configuration,
) -> None:
    old, new = await Project.create(name="Old"), await Project.create(name="New")
    task = await old.tasks.create(name="a")
    await old.load("tasks")
    old.tasks[0].project = new
    await old.update(name="Renamed")
    assert (await Task.find(task.id)).project_id == new.id


async def test_a_changed_child_is_saved_with_its_loaded_owner(tracker: Configuration) -> None:
    project = await Project.create(name="Apollo")
    await project.tasks.create(name="a")
    await project.load("tasks")
    project.tasks[0].name = "b"
    await project.save()
    assert await Task.pluck("name") == ["b"]


async def test_nothing_is_saved_when_a_child_is_invalid(tracker: Configuration) -> None:
    project = Project(name="Apollo", tasks=[Task(name="fine"), Task(name="")])
    with pytest.raises(ValidationError, match="Name can't be blank") as caught:
        await project.save()
    assert caught.value.record is project.tasks[1]
    assert await Project.count() == await Task.count() == 0
    assert project.is_new_record
    assert project.tasks[0].is_new_record
    project.tasks[1].name = "mended"
    await project.save()
    assert await Task.order("id").pluck("name", "project_id") == [
        ("fine", project.id),
        ("mended", project.id),
    ]


async def test_unchanged_relations_cost_no_statement(tracker: Configuration) -> None:
    project = await Project.create(name="Apollo")
    await project.tasks.create(name="a")
    task = await Task.preload({"project": "tasks"}).first_or_fail()
    with recorded_statements(tracker) as statements:
        await task.update(name="b")
    assert len(statements) == 1


async def test_a_new_has_one_takes_the_place_of_the_one_before(tracker: Configuration) -> None:
    project = await Project.create(name="Apollo", detail=ProjectDetail(body="first"))
    other = await Project.create(name="Gemini", detail=ProjectDetail(body="other"))
    project.detail = ProjectDetail(body="second")
    await project.save()
    assert await ProjectDetail.order("id").pluck("body", "project_id") == [
        ("other", other.id),
        ("second", project.id),
    ]
    project.detail.body = "changed"
    with recorded_statements(tracker) as statements:
        await project.save()
    assert [sql.split()[0] for sql in statements] == ["BEGIN", "UPDATE", "COMMIT"]


async def test_a_replaced_has_one_without_a_rule_loses_its_key(
    environment: TestEnvironment,
) -> None:
    class Desk(Record):
        id: Attribute[int]
        lamp = has_one("Lamp")

    class Lamp(Record):
        id: Attribute[int]
        desk_id: Attribute[Any]

    schema = """
    CREATE TABLE desks (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL);
    CREATE TABLE lamps (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, desk_id INTEGER)"""
    async with environment.application(models=[Desk, Lamp], schema=schema):
        desk = await Desk.create(lamp=Lamp())
        desk.lamp = Lamp()
        await desk.save()
        assert await Lamp.order("id").pluck("id", "desk_id") == [(1, None), (2, desk.id)]
