"""Queries inside of queries, and rows with or without partners."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.suites.models import Project, Task
from tests.suites.statements import recorded_statements
from velocious.errors import QueryError, UnknownAttributeError, UnknownRelationshipError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration


@pytest.fixture
async def tasks(tracker: Configuration) -> AsyncIterator[Configuration]:
    apollo = await Project.create(name="Apollo", position=1)
    gemini = await Project.create(name="Gemini", position=2)
    await Project.create(name="Empty", position=3)
    for number, project in enumerate([None, apollo, apollo, gemini], 1):
        task = await Task.create(
            name=f"t{number}", position=number, done=number > 3, project=project
        )
        await task.comments.create(body=f"c{number}")
    yield tracker


async def test_a_query_is_the_list_of_what_it_selects(tasks: Configuration) -> None:
    with recorded_statements(tasks) as statements:
        query = Task.where(project_id=Project.where(name="Apollo").select("id"))
        assert await query.order("id").ids() == [2, 3]
    assert len(statements) == 1
    assert await Task.where(project=Project.where(name="Gemini")).ids() == [4]
    assert await Task.where(position=Project.where(name="Empty").select("position")).ids() == [3]
    assert await Task.where(project={"id": Project.where(name="Gemini")}).ids() == [4]


async def test_a_query_works_in_column_expressions_and_negations(tasks: Configuration) -> None:
    apollo = Project.where(name="Apollo").select("id")
    assert await Task.where(Task.project_id.in_(apollo)).order("id").ids() == [2, 3]
    assert await Task.where(Task.project_id.not_in(apollo)).ids() == [4]
    assert await Task.where_not(project=apollo).ids() == [4]
    either = Task.where(project=apollo, position=2).or_(Task.where(done=True))
    assert await either.order("id").ids() == [2, 4]


async def test_a_sub_query_keeps_its_limit_order_joins_and_values(tasks: Configuration) -> None:
    newest = Project.where_exists("tasks").order("-id").limit(1).select("id")
    assert await Task.where(position=[1, 2, 4], project=newest, done=True).ids() == [4]
    joined = Project.joins("open_tasks").where(open_tasks={"position": [2, 9]}).order("name")
    assert await Task.where(project=joined, position=3).ids() == [3]
    inner = Task.where(project=Project.where(name="Gemini"), done=True).select("project")
    assert await Project.where(position=2, id=inner).pluck("name") == ["Gemini"]
    assert await Project.where(
        id=Task.query().group("project_id").having("COUNT(*) > 1")
    ).ids() == [1]


async def test_equal_shapes_share_a_plan_and_keep_their_own_values(tasks: Configuration) -> None:
    await Task.where(project=Project.where(name="Apollo")).ids()
    schema = await Task._definition.ready()
    before = len(schema.plans)
    assert await Task.where(project=Project.where(name="Gemini")).ids() == [4]
    assert len(schema.plans) == before


async def test_rows_with_and_without_partners(tasks: Configuration) -> None:
    assert await Project.where_exists("tasks").order("id").pluck("name") == ["Apollo", "Gemini"]
    assert await Project.where_missing("tasks").pluck("name") == ["Empty"]
    assert await Project.where_exists("tasks", done=False).pluck("name") == ["Apollo"]
    missing = await Project.where_missing("tasks", done=False).order("id").pluck("name")
    assert missing == ["Gemini", "Empty"]
    assert await Task.where_missing("project").ids() == [1]
    assert await Project.where_exists("tasks", Task.position > 3).pluck("name") == ["Gemini"]
    assert await Project.where_exists("tasks.comments", body="c3").pluck("name") == ["Apollo"]
    assert await Project.where_exists("open_tasks").pluck("name") == ["Apollo"]
    assert await Project.where(position=2).where_exists("tasks").count() == 1
    combined = Project.where_exists("tasks", done=True).or_(Project.where_missing("tasks"))
    assert await combined.order("id").pluck("name") == ["Gemini", "Empty"]


async def test_what_cannot_be_a_sub_query_is_refused(tasks: Configuration) -> None:
    with pytest.raises(QueryError, match="gives one column, but .* gives id, name"):
        await Task.where(project=Project.query().select("id", "name"))
    with pytest.raises(UnknownAttributeError, match="'nmae'. Did you mean 'name'"):
        await Task.where(project=Project.select("nmae"))
    with pytest.raises(UnknownRelationshipError, match="'taks'. Did you mean 'tasks'"):
        await Project.where_exists("taks")
    with pytest.raises(UnknownAttributeError, match="'don'. Did you mean 'done'"):
        await Project.where_missing("tasks", don=True)
    with pytest.raises(QueryError):
        await Task.where(Task.position.between(Project.query(), 3))
