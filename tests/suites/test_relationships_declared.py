"""Declaring relationships: other names, keys and tables, and what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.suites.models import Account, Comment, Project, Task
from velocious.errors import (
    ConfigurationError,
    UnknownModelError,
)
from velocious.record import Record, belongs_to, has_many

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment


async def test_a_relationship_with_another_name_uses_its_own_key(tracker: Configuration) -> None:
    project = await Project.create(name="Apollo")
    task = await Task.create(name="Write docs", reviewed_by=project)
    assert (task.reviewed_by_id, task.project_id) == (project.id, None)
    assert await project.reviewed_tasks == [task]
    assert await project.tasks == []


async def test_a_tree_points_at_its_own_table(environment: TestEnvironment) -> None:
    class Folder(Record):
        id: Attribute[int]
        name: Attribute[str]
        parent = belongs_to("Folder", foreign_key="parent_id")
        children = has_many("Folder", foreign_key="parent_id")

    schema = """CREATE TABLE folders (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
      name TEXT, parent_id INTEGER REFERENCES folders (id))"""
    async with environment.application(models=[Folder], schema=schema):
        root = await Folder.create(
            name="root", children=[Folder(name="a"), Folder(name="b", children=[Folder(name="c")])]
        )
        stored = await Folder.preload({"children": "children"}).find_by_or_fail(id=root.id)
        assert [child.name for child in stored.children] == ["a", "b"]
        assert [child.name for child in stored.children[1].children] == ["c"]
        assert await Folder.where(parent={"parent": {"name": "root"}}).pluck("name") == ["c"]
        assert await Folder.where(children={"name": "c"}).pluck("name") == ["b"]


async def test_a_key_that_is_no_id_joins_tables_by_what_it_is(environment: TestEnvironment) -> None:
    class Country(Record):
        code: Attribute[str]
        name: Attribute[str]
        primary_key = "id"
        cities = has_many("City", primary_key="code", foreign_key="country_code")

    class City(Record):
        name: Attribute[str]
        country = belongs_to("Country", primary_key="code", foreign_key="country_code")

    schema = """
    CREATE TABLE countries (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, code TEXT, name TEXT);
    CREATE TABLE cities (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
      country_code TEXT, name TEXT)"""
    async with environment.application(models=[Country, City], schema=schema):
        denmark = await Country.create(code="DK", name="Denmark")
        city = await City.create(name="Copenhagen", country=denmark)
        assert await denmark.cities == [city]
        assert await City.where(country={"name": "Denmark"}).to_list() == [city]
        assert await City.where(country=denmark).to_list() == [city]
        assert (await City.preload("country").first_or_fail()).country == denmark


async def test_an_unknown_model_is_named_when_the_relationship_is_used(
    environment: TestEnvironment,
) -> None:
    class Letter(Record):
        id: Attribute[int]
        envelope = belongs_to("Envelop")

    class Envelope(Record):
        id: Attribute[int]

    schema = """
    CREATE TABLE letters (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, envelope_id INTEGER);
    CREATE TABLE envelopes (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL)"""
    async with environment.application(models=[Letter, Envelope], schema=schema):
        letter = await Letter.create(envelope_id=1)
        with pytest.raises(UnknownModelError, match="Letter needs.*'Envelop'.*'Envelope'"):
            await letter.load("envelope")


def test_an_unknown_dependent_is_refused_when_it_is_declared() -> None:
    with pytest.raises(ConfigurationError, match="dependent='destory' is unknown.*destroy"):
        has_many("Task", dependent="destory")


def test_an_unknown_option_is_refused_when_it_is_declared() -> None:
    with pytest.raises(TypeError, match="foreignkey"):
        has_many("Task", foreignkey="x")  # pyright: ignore[reportCallIssue]


async def test_a_missing_foreign_key_column_is_named(environment: TestEnvironment) -> None:
    class Letter(Record):
        id: Attribute[int]
        envelope = belongs_to("Envelope")

    class Envelope(Record):
        id: Attribute[int]
        letters = has_many("Letter")

    schema = """
    CREATE TABLE letters (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, envelop_id INTEGER);
    CREATE TABLE envelopes (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL)"""
    async with environment.application(models=[Letter, Envelope], schema=schema):
        envelope = await Envelope.create()
        with pytest.raises(AttributeError, match="Letter has no attribute 'envelope_id'"):
            Letter(envelope=envelope)
        with pytest.raises(AttributeError, match="Letter has no attribute 'envelope_id'"):
            await envelope.letters
        with pytest.raises(AttributeError, match="Letter has no attribute 'envelope_id'"):
            await Letter.where(envelope={"id": 1}).to_list()


async def test_deep_chains_are_read_from_one_record(tracker: Configuration) -> None:
    account = await Account.create(name="NASA")
    project = await Project.create(name="Apollo", account=account)
    task = await Task.create(name="Write docs", project=project)
    comment = await Comment.create(task_id=task.id, body="Soon")
    await comment.load({"task": {"project": "account"}})
    assert comment.task.project.account == account
