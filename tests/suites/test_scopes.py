"""Scopes: queries with a name, on classes, queries and collections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.models import Project, Task
from velocious.errors import UnknownAttributeError
from velocious.record import Record, scope

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment


async def fill() -> Project:
    project = await Project.create(name="Apollo")
    for number in range(1, 5):
        await Task.create(name=f"t{number}", position=number, done=number > 2, project=project)
    await Task.create(name="other", position=9)
    return project


async def test_a_scope_starts_a_query_of_its_class(tracker: Configuration) -> None:
    await fill()
    assert await Task.open().order("id").pluck("name") == ["t1", "t2", "other"]
    assert await Task.above(3).order("id").pluck("name") == ["t4", "other"]


async def test_scopes_chain_with_queries_and_each_other(tracker: Configuration) -> None:
    await fill()
    assert await Task.where(name=["t1", "t3"]).open().pluck("name") == ["t1"]
    assert await Task.open().above(1).order("-position").pluck("name") == ["other", "t2"]
    assert await Task.query().above(position=8).pluck("name") == ["other"]


async def test_scopes_work_on_collections(tracker: Configuration) -> None:
    project = await fill()
    assert await project.tasks.open().above(1).pluck("name") == ["t2"]


async def test_scopes_are_inherited_overridden_and_not_shared_with_parents(
    environment: TestEnvironment,
) -> None:
    class Base(Record):
        abstract = True
        size: Attribute[int]

        @scope
        def large(query: Any) -> Any:
            return query.where(size=3)

    class Shirt(Base):
        table_name = "clothes"

        @scope
        def large(query: Any) -> Any:
            return query.where(size=2)

        @scope
        def small(query: Any) -> Any:
            return query.where(size=1)

    class Coat(Base):
        table_name = "clothes"

    schema = "CREATE TABLE clothes (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, size INTEGER)"
    async with environment.application(models=[Shirt, Coat], schema=schema):
        await Shirt.insert_multiple(["size"], [[1], [2], [3]])
        assert await Shirt.large().pluck("size") == [2]
        assert await Coat.large().pluck("size") == [3]
        assert await Shirt.small().pluck("size") == [1]
        with pytest.raises(UnknownAttributeError, match="Coat has no attribute 'small'"):
            Coat.small()
        with pytest.raises(UnknownAttributeError, match="'smal'. Did you mean 'small'"):
            Shirt.query().smal()


async def test_a_plain_class_may_carry_scopes(environment: TestEnvironment) -> None:
    class Sized:
        __slots__ = ()

        @scope
        def large(query: Any) -> Any:
            return query.where(size=3)

    class Shirt(Sized, Record):
        table_name = "clothes"

    schema = "CREATE TABLE clothes (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, size INTEGER)"
    async with environment.application(models=[Shirt], schema=schema):
        await Shirt.insert_multiple(["size"], [[1], [3]])
        assert await Shirt.large().count() == 1
        assert await Shirt.where(size=1).large().count() == 0
