"""Ordering: attributes, related attributes, expressions, the other way round."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.models import Account, Project, Task
from velocious.errors import (
    QueryError,
    UnknownAttributeError,
    UnknownRelationshipError,
    UnsupportedValueError,
)
from velocious.query import raw

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration


@pytest.fixture
async def tasks(tracker: Configuration) -> AsyncIterator[Configuration]:
    apollo = await Project.create(name="Apollo", account=await Account.create(name="NASA"))
    gemini = await Project.create(name="Gemini")
    await Task.create(name="a", position=2, project=gemini)
    await Task.create(name="b", position=1, project=apollo)
    await Task.create(name="c", position=2)
    yield tracker


async def names(*by: Any) -> str:
    return "".join(await Task.order(*by).pluck("name"))


async def test_attributes_sort_from_the_smallest_and_with_a_minus_from_the_largest(
    tasks: Configuration,
) -> None:
    assert await names("position", "name") == "bac"
    assert await names("-position", "-name") == "cab"
    assert await names(Task.position, Task.name.desc()) == "bca"
    assert await names(Task.name.asc()) == "abc"


async def test_a_second_order_comes_after_the_first(tasks: Configuration) -> None:
    assert await Task.order("position").order("-name").pluck("name") == ["b", "c", "a"]


async def test_reorder_replaces_the_order(tasks: Configuration) -> None:
    assert await Task.order("position").reorder("-name").pluck("name") == ["c", "b", "a"]


async def test_an_order_along_a_relationship_keeps_rows_without_a_partner(
    tasks: Configuration,
) -> None:
    assert await names("project.name", "name") == "cba"
    assert await names("-project.name") == "abc"
    assert sorted(await names("project.account.name")) == ["a", "b", "c"]


async def test_reverse_order_turns_every_key_round(tasks: Configuration) -> None:
    query = Task.order("-position", "name")
    assert await query.pluck("name") == ["a", "c", "b"]
    assert await query.reverse_order().pluck("name") == ["b", "c", "a"]
    assert await query.reverse_order().reverse_order().pluck("name") == ["a", "c", "b"]
    assert await Task.order(Task.name.desc()).reverse_order().pluck("name") == ["a", "b", "c"]


async def test_reverse_order_without_an_order_goes_by_key(tasks: Configuration) -> None:
    assert await Task.query().reverse_order().ids() == [3, 2, 1]


async def test_raw_sql_orders_and_cannot_be_reversed(tasks: Configuration) -> None:
    query = Task.order(raw("tasks.position DESC"), "name")
    assert await query.pluck("name") == ["a", "c", "b"]
    with pytest.raises(UnsupportedValueError, match="Raw SQL cannot be reversed"):
        query.reverse_order()
    with pytest.raises(UnsupportedValueError, match="Raw SQL cannot be reversed"):
        await query.last()


async def test_text_is_a_name_and_never_sql(tasks: Configuration) -> None:
    with pytest.raises(UnknownAttributeError, match="has no attribute 'name DESC'"):
        await Task.order("name DESC").to_list()
    with pytest.raises(UnknownAttributeError, match="has no attribute '1; DROP TABLE tasks'"):
        await Task.order("1; DROP TABLE tasks").to_list()


async def test_unknown_names_are_refused_with_close_matches(tasks: Configuration) -> None:
    with pytest.raises(UnknownAttributeError, match="'postion'. Did you mean 'position'"):
        await Task.order("postion").to_list()
    with pytest.raises(UnknownRelationshipError, match="'projct'. Did you mean 'project'"):
        await Task.order("projct.name").to_list()
    with pytest.raises(QueryError, match="Project.tasks is no column"):
        await Project.order("tasks").to_list()


@pytest.mark.parametrize("by", [5, None, ["name"], {"name": "desc"}])
async def test_other_things_are_refused(tasks: Configuration, by: Any) -> None:
    with pytest.raises(UnsupportedValueError, match="order takes attribute names"):
        Task.order(by)
