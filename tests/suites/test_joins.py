"""Joins: once for each path, under an alias where a table comes twice, columns always qualified."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.models import Account, Project, Task
from velocious.errors import QueryError, UnknownRelationshipError
from velocious.record import Record, belongs_to

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration


@pytest.fixture
async def tasks(tracker: Configuration) -> AsyncIterator[Configuration]:
    account = await Account.create(name="NASA")
    apollo = await Project.create(name="Apollo", account=account)
    gemini = await Project.create(name="Gemini")
    await Task.create(name="a", project=apollo, reviewed_by=gemini)
    await Task.create(name="b", project=gemini)
    await Task.create(name="c")
    yield tracker


async def test_a_join_leaves_out_rows_without_a_partner(tasks: Configuration) -> None:
    assert await Task.joins("project").order("name").pluck("name") == ["a", "b"]
    assert await Task.joins({"project": "account"}).pluck("name") == ["a"]
    assert await Task.joins("project.account").pluck("name") == ["a"]


async def test_a_left_join_keeps_them(tasks: Configuration) -> None:
    assert await Task.left_joins("project").count() == 3
    query = Task.left_joins("project").where("projects.id IS NULL")
    assert await query.pluck("name") == ["c"]
    assert await Task.left_joins("project").where(project={"name": None}).pluck("name") == ["c"]
    assert await Task.where(project={"name": None}).pluck("name") == []


async def test_both_joins_of_a_path_are_the_stricter_one(tasks: Configuration) -> None:
    assert await Task.left_joins("project").joins("project").count() == 2
    assert await Task.joins("project").left_joins("project").count() == 2


async def test_a_path_is_joined_once_however_often_it_is_named(tasks: Configuration) -> None:
    query = (
        Task.joins("project", "project")
        .joins({"project": "account"})
        .where(project={"name": "Apollo"})
        .where(project={"account": {"name": "NASA"}})
        .order("project.name", "-project.account.name")
    )
    assert (await query.to_sql()).count(" JOIN ") == 2
    assert await query.pluck("name") == ["a"]


async def test_columns_are_qualified_so_that_equal_names_do_not_clash(tasks: Configuration) -> None:
    query = Task.joins("project").where(name="a").order("name")
    assert await query.pluck("name") == ["a"]
    assert await query.count() == 1
    found = await query.first()
    assert found is not None
    assert found.name == "a"


async def test_a_table_joined_twice_gets_an_alias(tasks: Configuration) -> None:
    query = Task.where(project={"name": "Apollo"}, reviewed_by={"name": "Gemini"})
    assert await query.pluck("name") == ["a"]
    alias = tasks.database().dialect.quote("projects__reviewed_by")
    assert alias in await query.to_sql()
    assert await Task.where(project={"name": "Apollo"}, reviewed_by={"name": "x"}).count() == 0


async def test_expressions_of_a_joined_model_find_their_table(tasks: Configuration) -> None:
    assert await Task.joins("project").where(Project.name == "Gemini").pluck("name") == ["b"]
    ordered = Task.joins("project").order(Project.name.desc())
    assert await ordered.pluck("name") == ["b", "a"]


async def test_an_expression_of_a_model_joined_twice_is_ambiguous(tasks: Configuration) -> None:
    query = Task.joins("project", "reviewed_by").where(Project.name == "x")
    with pytest.raises(QueryError, match="ambiguous.*joins Project 2 times.*nested"):
        await query.to_list()


async def test_the_scope_of_a_relationship_narrows_its_join(tasks: Configuration) -> None:
    await (await Task.find_by_or_fail(name="a")).update(done=True)
    assert await Project.joins("open_tasks").pluck("name") == ["Gemini"]
    assert await Project.where(open_tasks={"name": "b"}).pluck("name") == ["Gemini"]
    assert await Project.where(open_tasks={"name": "a"}).pluck("name") == []
    assert await Project.left_joins("open_tasks").where("tasks.id IS NULL").pluck("name") == [
        "Apollo"
    ]


async def test_distinct_undoes_the_repetition_of_a_join(tasks: Configuration) -> None:
    gemini = await Project.find_by_or_fail(name="Gemini")
    await gemini.tasks.create(name="d")
    joined = Project.joins("tasks")
    assert await joined.count() == 3
    assert await joined.distinct().count() == 2
    assert len(await joined.distinct()) == 2
    assert await joined.distinct().order("name").limit(1).count() == 1
    assert len(await joined.distinct().distinct(False)) == 3


async def test_a_way_with_a_long_name_is_joined_under_a_short_one(tasks: Configuration) -> None:
    names = (
        "project_that_has_been_reviewed_quite_a_number_of_times",
        "project_in_which_it_was_made",
    )

    class Report(Record):
        table_name = "tasks"
        project_that_has_been_reviewed_quite_a_number_of_times = belongs_to(
            Project, foreign_key="reviewed_by_id"
        )
        project_in_which_it_was_made = belongs_to(Project, foreign_key="project_id")

    long, other = names
    query: Any = (
        Report.left_joins(long, other).where({other: {"name": "Gemini"}}).order(f"{long}.name")
    )
    assert await query.pluck("name")
    again: Any = Report.joins(other, long)
    quoted = await again.table_for_join(long)
    assert await again.where(f"{quoted}.name = ?", "nobody").count() == 0


async def test_an_unknown_relationship_is_refused_with_close_matches(tasks: Configuration) -> None:
    with pytest.raises(UnknownRelationshipError, match="Task has no relationship 'projct'"):
        await Task.joins("projct").count()
    with pytest.raises(UnknownRelationshipError, match="Project has no relationship 'acount'"):
        await Task.joins({"project": "acount"}).count()


async def test_an_attribute_where_a_relationship_is_needed_is_named(tasks: Configuration) -> None:
    with pytest.raises(QueryError, match="Task.name is an attribute and not a relationship"):
        await Task.joins("name").count()
    with pytest.raises(QueryError, match=r"where\(Task.name == {…}\)"):
        await Task.where(name={"a": 1}).count()
