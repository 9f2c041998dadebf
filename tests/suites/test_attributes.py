"""Reading and assigning attributes, and the names nobody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.models import Project, Task
from velocious.errors import UnknownAttributeError, VelociousError
from velocious.record import Record

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment

PEOPLE = """
CREATE TABLE people (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT, email TEXT, "save" TEXT
);
"""


class Person(Record):
    name: Attribute[str]

    @property
    def email(self) -> str:
        return str(self.read("email")).lower()

    @email.setter
    def email(self, value: str) -> None:
        self.write("email", value.strip())


async def test_assign_sets_many_attributes_and_saves_nothing(tracker: Configuration) -> None:
    task = await Task.create(name="Write docs")
    assert task.assign({"name": "Better docs"}, position=4) is task
    assert (task.name, task.position) == ("Better docs", 4)
    assert await Task.pluck("name", "position") == [("Write docs", None)]


@pytest.mark.parametrize("wrong", ["nmae", "Name", "projct"])
async def test_an_unknown_attribute_is_refused_with_close_matches(
    tracker: Configuration, wrong: str
) -> None:
    task = await Task.create(name="Write docs")
    right = "project" if wrong == "projct" else "name"
    with pytest.raises(UnknownAttributeError, match=f"Task has no attribute '{wrong}'.*'{right}'"):
        Task(**{wrong: "x"})
    with pytest.raises(UnknownAttributeError, match=f"Did you mean.*'{right}'"):
        task.assign({wrong: "x"})
    with pytest.raises(UnknownAttributeError, match=f"Did you mean.*'{right}'"):
        await task.update({wrong: "x"})
    with pytest.raises(UnknownAttributeError, match=f"Did you mean.*'{right}'"):
        getattr(task, wrong)
    with pytest.raises(UnknownAttributeError, match=f"Did you mean.*'{right}'"):
        getattr(Task, wrong)


async def test_a_misspelt_assignment_is_an_error_and_no_value_that_nobody_saves(
    tracker: Configuration,
) -> None:
    task = await Task.create(name="Write docs")
    with pytest.raises(AttributeError, match="nmae"):
        task.nmae = "x"  # pyright: ignore[reportAttributeAccessIssue]
    assert not task.is_changed()


async def test_read_and_write_refuse_unknown_names_too(tracker: Configuration) -> None:
    task = Task(name="Write docs")
    with pytest.raises(UnknownAttributeError, match="'nmae'. Did you mean 'name'"):
        task.read("nmae")
    with pytest.raises(UnknownAttributeError, match="'nmae'. Did you mean 'name'"):
        task.write("nmae", 1)


@pytest.mark.parametrize("name", ["errors", "_row", "save", "is_new_record", "__class__", "id "])
async def test_mass_assignment_reaches_attributes_only(tracker: Configuration, name: str) -> None:
    with pytest.raises(UnknownAttributeError):
        Task().assign({name: "x"})


async def test_an_unknown_attribute_is_an_attribute_error_for_python(
    tracker: Configuration,
) -> None:
    task = Task()
    assert not hasattr(task, "nope")
    assert getattr(task, "nope", "absent") == "absent"
    assert issubclass(UnknownAttributeError, VelociousError)


async def test_a_property_of_the_model_stands_before_the_column(
    environment: TestEnvironment,
) -> None:
    async with environment.application(models=[Person], schema=PEOPLE):
        person = await Person.create(email="  Ada@Example.COM ")
        assert person.email == "ada@example.com"
        assert person.read("email") == "Ada@Example.COM"
        assert await Person.where(email="Ada@Example.COM").exists()


async def test_a_column_named_like_a_method_is_reached_with_read_and_write(
    environment: TestEnvironment,
) -> None:
    async with environment.application(models=[Person], schema=PEOPLE):
        person = await Person.create(name="Ada", save="often")
        assert person.read("save") == "often"
        person.write("save", "rarely")
        await person.save()
        await person.update({"save": "often"})
        stored = await Person.find_by_or_fail(save="often")
        assert stored.read("save") == "often"
        assert stored.attributes()["save"] == "often"


async def test_a_new_record_shows_the_defaults_of_its_table(environment: TestEnvironment) -> None:
    class Setting(Record):
        id: Attribute[Any]
        name: Attribute[Any]
        made: Attribute[Any]
        price: Attribute[Any]

    schema = """CREATE TABLE settings (
      id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
      name TEXT DEFAULT 'it''s', active BOOLEAN DEFAULT TRUE, count INTEGER DEFAULT 7,
      rate REAL DEFAULT 1.5, price DECIMAL_TEXT(8, 2) DEFAULT '1.10', empty TEXT DEFAULT NULL,
      made DATETIME DEFAULT CURRENT_TIMESTAMP, zero INTEGER DEFAULT 0, no BOOLEAN DEFAULT 0)"""
    async with environment.application(models=[Setting], schema=schema):
        new = Setting()
        shown = ("it's", True, 7, 1.5, None, 0, False)
        names = ("name", "active", "count", "rate", "empty", "zero", "no")
        assert tuple(new.read(name) for name in names) == shown
        assert str(new.price) == "1.10"
        assert new.made is None
        await new.save()
        assert tuple(new.read(name) for name in names) == shown
        assert new.made is not None
        assert (await Setting.find(new.id)).attributes() == new.attributes()


async def test_none_given_for_a_column_with_a_default_is_stored_as_null(
    environment: TestEnvironment,
) -> None:
    class Setting(Record):
        pass

    schema = """CREATE TABLE settings (
      id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
      name TEXT DEFAULT 'x', size INTEGER DEFAULT 7)"""
    async with environment.application(models=[Setting], schema=schema):
        setting = await Setting.create(name=None, size=None)
        assert setting.attributes() == {"id": 1, "name": None, "size": None}
        assert await Setting.pluck("name", "size") == [(None, None)]


async def test_a_generated_column_is_read_back_after_saving(environment: TestEnvironment) -> None:
    class Box(Record):
        area: Attribute[Any]

    schema = """CREATE TABLE boxes (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
      width INTEGER, height INTEGER, area INTEGER GENERATED ALWAYS AS (width * height) STORED)"""
    async with environment.application(models=[Box], schema=schema):
        box = await Box.create(width=2, height=3)
        assert box.area == 6


async def test_a_subclass_knows_its_own_table_alone(environment: TestEnvironment) -> None:
    class Animal(Record):
        id: Attribute[Any]
        legs: Attribute[Any]
        name: Attribute[Any]

    class Bird(Animal):
        span: Attribute[Any]

    schema = """
    CREATE TABLE animals (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, legs INTEGER, name TEXT);
    CREATE TABLE birds (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT, span REAL)"""
    async with environment.application(models=[Animal, Bird], schema=schema):
        bird = await Bird.create(name="Heron", span=1.7)
        assert (bird.name, bird.span) == ("Heron", 1.7)
        assert (await Animal.create(name="Cat", legs=4)).legs == 4
        with pytest.raises(UnknownAttributeError, match="Bird has no attribute 'legs'"):
            _ = bird.legs
        with pytest.raises(UnknownAttributeError, match="Bird has no attribute 'legs'"):
            Bird(legs=2)
        with pytest.raises(UnknownAttributeError, match="Bird has no attribute 'legs'"):
            _ = Bird.legs


async def test_two_models_may_share_a_table(environment: TestEnvironment) -> None:
    class Worker(Record):
        id: Attribute[Any]
        table_name = "people"

    class Customer(Record):
        name: Attribute[Any]
        table_name = "people"

    async with environment.application(models=[Worker, Customer], schema=PEOPLE):
        worker = await Worker.create(name="Ada")
        assert (await Customer.find(worker.id)).name == "Ada"
        assert worker != await Customer.find(worker.id)


async def test_attributes_lists_every_column_with_its_value(tracker: Configuration) -> None:
    project = await Project.create(name="Apollo")
    project.position = 2
    assert project.attributes() == {"id": 1, "account_id": None, "name": "Apollo", "position": 2}
