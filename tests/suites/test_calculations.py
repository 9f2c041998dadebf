"""count, exists, pluck, pick and ids."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.models import Project, Task
from tests.suites.statements import recorded_statements
from velocious.errors import QueryError, UnknownAttributeError, UnsupportedValueError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration


@pytest.fixture
async def tasks(tracker: Configuration) -> AsyncIterator[Configuration]:
    project = await Project.create(name="Apollo")
    for number in range(1, 6):
        await Task.create(
            name=f"t{number}",
            position=number,
            done=number % 2 == 0,
            project=project if number > 2 else None,
        )
    yield tracker


async def test_count_counts_what_to_list_would_return(tasks: Configuration) -> None:
    queries = [
        Task.query(),
        Task.where(done=True),
        Task.limit(2),
        Task.offset(3),
        Task.limit(10).offset(4),
        Task.limit(0),
        Task.order("name"),
        Task.order("project.name").limit(3),
        Task.joins("project"),
        Task.joins("project").distinct(),
        Task.where(project={"name": "Apollo"}).limit(2),
        Task.where(position=[]),
    ]
    for query in queries:
        assert await query.count() == len(await query)
        assert await query.exists() == bool(await query.to_list())


async def test_exists_takes_further_conditions(tasks: Configuration) -> None:
    assert await Task.exists(name="t1")
    assert not await Task.exists(name="t9")
    assert await Task.where(done=True).exists(position=2)
    assert not await Task.where(done=True).exists(position=1)


async def test_pluck_gives_values_as_a_record_would(tasks: Configuration) -> None:
    query = Task.order("id").limit(2)
    assert await query.pluck("name") == ["t1", "t2"]
    assert await query.pluck("done", "position") == [(False, 1), (True, 2)]
    (created,) = await Task.limit(1).pluck("created_at")
    assert isinstance(created, datetime)
    assert created.tzinfo is not None
    assert await query.pluck("project_id") == [None, None]
    assert await Task.where(position=3).pluck("project") == [1]
    assert await Task.where(position=3).pluck(Task.name, Task.position) == [("t3", 3)]


async def test_pluck_follows_joins_order_and_distinct(tasks: Configuration) -> None:
    assert await Task.order("-position").limit(2).pluck("position") == [5, 4]
    assert await Task.query().distinct().order("done").pluck("done") == [False, True]
    assert await Task.where(project={"name": "Apollo"}).order("id").pluck("id") == [3, 4, 5]


async def test_pick_gives_the_first_row(tasks: Configuration) -> None:
    assert await Task.order("-position").pick("name") == "t5"
    assert await Task.order("-position").pick("name", "done") == ("t5", False)
    assert await Task.where(name="x").pick("name") is None


async def test_ids_are_the_keys(tasks: Configuration) -> None:
    assert await Task.where(done=True).order("id").ids() == [2, 4]


async def test_pluck_without_or_with_unknown_names_is_refused(tasks: Configuration) -> None:
    with pytest.raises(QueryError, match="No columns given to pluck"):
        await Task.pluck()
    with pytest.raises(UnknownAttributeError, match="'nmae'. Did you mean 'name'"):
        await Task.pluck("nmae")


@pytest.mark.parametrize("wrong", [5, None])
async def test_pluck_refuses_what_is_no_attribute(tasks: Configuration, wrong: Any) -> None:
    with pytest.raises(UnsupportedValueError, match="pluck takes attributes of Task"):
        await Task.pluck(wrong)
    with pytest.raises(UnsupportedValueError, match="pluck takes attributes of Task"):
        await Task.pluck(Project.name)


async def test_an_order_along_a_has_many_repeats_rows_for_calculations_too(
    tracker: Configuration,
) -> None:
    project = await Project.create(name="Apollo", position=2)
    for name in ("Build", "Launch"):
        await Task.create(name=name, project=project)
    query = Project.query().order("tasks.name")
    assert len(await query.to_list()) == 2
    assert await query.count() == 2
    assert await query.sum("position") == 4
    assert await query.offset(1).exists() and not await query.offset(2).exists()


async def test_an_offset_of_distinct_rows_counts_rows(tasks: Configuration) -> None:
    assert await Task.query().distinct().offset(4).exists()
    assert not await Task.query().distinct().offset(5).exists()
    assert await Task.select("done").distinct().offset(1).exists()
    assert not await Task.select("done").distinct().offset(2).exists()


async def test_an_order_along_a_belongs_to_joins_nothing_for_a_count(
    tasks: Configuration,
) -> None:
    with recorded_statements(tasks) as statements:
        assert await Task.query().order("project.name").count() == 5
    assert "JOIN" not in statements[0]
