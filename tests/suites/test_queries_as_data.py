"""to_data and from_data: a query on its way to another process."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from tests.suites.models import Project, Task
from tests.suites.samples import SCHEMA, sample_model
from velocious.errors import QueryError, UnknownModelError, UnsupportedValueError
from velocious.query import Query, any_of, raw

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration
    from velocious.testing.environment import TestEnvironment

ALLOW = ("name", "position")


@pytest.fixture
async def tasks(tracker: Configuration) -> AsyncIterator[Configuration]:
    apollo = await Project.create(name="Apollo")
    for number in range(1, 6):
        await Task.create(
            name=f"t{number}",
            position=number,
            done=number % 2 == 0,
            project=apollo if number > 2 else None,
        )
    yield tracker


def there_and_back(query: Query[Any], *, allow_raw: bool = False) -> Query[Any]:
    return Query.from_data(json.loads(json.dumps(query.to_data())), allow_raw=allow_raw)


async def test_a_query_comes_back_the_same(tasks: Configuration) -> None:
    apollo = await Project.find(1)
    queries: list[Query[Any]] = [
        Task.query(),
        Task.where(done=False, position=[1, None]).order("-id").limit(2).offset(1),
        Task.query().limit(0),
        Task.query().offset(0),
        Task.where(project={"name": "Apollo"}).distinct(),
        Task.where(project=apollo),
        Task.where(any_of(Task.position > 4, Task.name.like("%1")), done=False),
        Task.where(Task.position.between(2, 3)).order(Task.position.desc()),
        Task.where_not(position=None).or_(Task.where(done=True)),
        Task.joins("project").left_joins("reviewed_by").preload("project"),
        Task.where(project=Project.where(name="Apollo").select("id")),
        Task.where_exists("project", name="Apollo"),
        Task.where_missing("project"),
        Task.select("id", "name").page(2).per_page(2),
        Task.search(
            {"name_cont": "3", "position_in": "3,4", "s": "name"}, allow=["name", "position"]
        ),
        Project.query().where_scope("tasks", "open"),
        Task.query().lock(),
    ]
    for query in queries:
        other = there_and_back(query)
        assert other.to_data() == query.to_data()
        assert await other.to_sql() == await query.to_sql()
        assert [one.id for one in await other] == [one.id for one in await query]


async def test_groups_come_back_as_groups(tasks: Configuration) -> None:
    query = there_and_back(Task.group("done").having(done=[True]).order("done"))
    assert await query.sum("position") == {True: 6}


async def test_values_keep_their_types(environment: TestEnvironment) -> None:
    sample = sample_model()
    values: dict[str, Any] = {
        "price": Decimal("1.10"),
        "flag": True,
        "day": date(2024, 2, 29),
        "instant": datetime(2024, 2, 29, 12, tzinfo=UTC),
        "bytes": b"a\x00b",
        "rate": 1.5,
    }
    async with environment.application(models=[sample, Project], schema=SCHEMA):
        await sample.create(**values)
        query = sample.where(**values)
        assert await query.count() == 1
        assert await there_and_back(query).count() == 1
        identifier = UUID(int=7)
        pairs: Any = there_and_back(sample.where(text=identifier))._conditions[0]
        assert pairs.pairs == {"text": identifier}


async def test_sql_in_data_needs_trust(tasks: Configuration) -> None:
    queries: list[Query[Any]] = [
        Task.where("tasks.position > ?", 4),
        Task.order(raw("tasks.position * ?", -1)),
        Task.group(raw("tasks.done")),
        Task.where(project=Project.where("1 = 1")),
    ]
    for query in queries:
        with pytest.raises(QueryError, match="data holds SQL"):
            there_and_back(query)
        trusted = there_and_back(query, allow_raw=True)
        assert trusted.to_data() == query.to_data()
        assert await trusted.count() == await query.count()


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        [],
        {"version": 1},
        {"version": 2, "model": "Task"},
        {"version": 1, "model": 5},
        {"version": 1, "model": "Task", "where": [["bogus"]]},
        {"version": 1, "model": "Task", "where": [["is", 5]]},
        {"version": 1, "model": "Task", "where": [["is"]]},
        {"version": 1, "model": "Task", "where": [["compare", "Task", "id", "; --", 1]]},
        {"version": 1, "model": "Task", "joins": [[["project"], "CROSS"]]},
        {"version": 1, "model": "Task", "limit": "1; DROP TABLE tasks"},
        {"version": 1, "model": "Task", "order": [{"attribute": "id"}]},
        {"version": 1, "model": "Task", "where": [["is", {"dict": {"id": {"decimal": "x"}}}]]},
    ],
)
async def test_other_data_is_refused(tasks: Configuration, data: Any) -> None:
    with pytest.raises(QueryError):
        Query.from_data(data)


async def test_unknown_models_and_values_are_refused(tasks: Configuration) -> None:
    with pytest.raises(UnknownModelError, match="'Taks'"):
        Query.from_data({"version": 1, "model": "Taks"})
    with pytest.raises(UnsupportedValueError, match="has no plain data"):
        Task.where(name=object()).to_data()
