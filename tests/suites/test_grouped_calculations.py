"""sum, average, minimum, maximum and count: of all rows, and of groups of them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.models import Comment, Project, Task
from tests.suites.samples import SCHEMA, sample_model
from velocious.errors import QueryError, UnknownAttributeError, UnsupportedValueError
from velocious.query import raw

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration
    from velocious.testing.environment import TestEnvironment


@pytest.fixture
async def tasks(tracker: Configuration) -> AsyncIterator[Configuration]:
    apollo = await Project.create(name="Apollo")
    gemini = await Project.create(name="Gemini")
    owners = [None, apollo, apollo, gemini, gemini, gemini]
    for number, project in enumerate(owners, 1):
        await Task.create(
            name=f"t{number}", position=number * 10, done=number % 2 == 0, project=project
        )
    yield tracker


async def test_calculations_over_all_rows(tasks: Configuration) -> None:
    assert await Task.query().sum("position") == 210
    assert await Task.where(done=True).sum("position") == 120
    assert await Task.query().average("position") == 35.0
    assert await Task.query().minimum("position") == 10
    assert await Task.query().maximum("name") == "t6"
    assert await Task.query().count("project_id") == 5
    assert await Task.query().sum("done") == 3
    newest = await Task.query().maximum("created_at")
    assert isinstance(newest, datetime)
    assert newest.tzinfo is not None
    assert await Task.query().minimum("done") is False


async def test_calculations_without_rows(tasks: Configuration) -> None:
    nothing = Task.where(name="x")
    assert await nothing.sum("position") == 0
    assert await nothing.average("position") is None
    assert await nothing.minimum("position") is None
    assert await nothing.group("done").sum("position") == {}


async def test_a_limit_an_offset_and_distinct_bound_what_is_calculated(
    tasks: Configuration,
) -> None:
    assert await Task.order("-position").limit(2).sum("position") == 110
    assert await Task.order("position").offset(4).average("position") == 55
    assert await Task.order(raw("position * ?", -1)).limit(1).maximum("position") == 60
    assert await Task.order(raw("position * ?", -1)).sum("position") == 210
    task = await Task.find_by_or_fail(name="t2")
    for body in "ab":
        await Comment.create(task=task, body=body)
    repeated = Task.joins("comments")
    assert await repeated.sum("position") == 40
    assert await repeated.distinct().sum("position") == 20
    assert await repeated.distinct().group("project_id").sum("position") == {1: 20}
    assert await repeated.distinct().group("project_id").count() == {1: 1}


async def test_groups_are_the_keys_of_a_dict(tasks: Configuration) -> None:
    assert await Task.query().group("project_id").count() == {None: 1, 1: 2, 2: 3}
    assert await Task.query().group("project").sum("position") == {None: 10, 1: 50, 2: 150}
    assert await Task.query().group("done").average("position") == {False: 30.0, True: 40.0}
    assert await Task.query().group(Task.done).minimum("position") == {False: 10, True: 20}
    assert await Task.query().group("done").maximum("name") == {False: "t5", True: "t6"}
    assert await Task.query().group("project_id").count("project_id") == {None: 0, 1: 2, 2: 3}


async def test_several_groups_make_tuples(tasks: Configuration) -> None:
    assert await Task.where(project=[1, 2]).group("project_id", "done").count() == {
        (1, False): 1,
        (1, True): 1,
        (2, False): 1,
        (2, True): 2,
    }


async def test_groups_go_along_relationships_and_take_raw_sql(tasks: Configuration) -> None:
    by_name = await Task.query().group("project.name").count()
    assert by_name == {None: 1, "Apollo": 2, "Gemini": 3}
    assert await Task.query().group(raw("tasks.position > 30")).count() == {0: 3, 1: 3}
    assert await Project.query().group("name").sum("tasks.position") == {
        "Apollo": 50,
        "Gemini": 150,
    }


async def test_having_keeps_groups(tasks: Configuration) -> None:
    grouped = Task.query().group("project_id")
    assert await grouped.having("COUNT(*) > ?", 1).count() == {1: 2, 2: 3}
    assert await grouped.having("SUM(tasks.position) > ?", 50).where(done=True).sum("position") == {
        2: 100
    }
    assert await grouped.having(project_id=[1, None]).count() == {None: 1, 1: 2}


async def test_order_and_limit_choose_among_the_groups(tasks: Configuration) -> None:
    grouped = Task.query().group("project_id")
    largest = await grouped.order(raw("COUNT(*) DESC")).limit(1).count()
    assert largest == {2: 3}
    assert list(await grouped.order("-project_id").count()) == [2, 1, None]
    assert await grouped.order("project_id").pluck("project_id") == [None, 1, 2]


async def test_distinct_rows_sorted_by_others_are_calculated(tasks: Configuration) -> None:
    comments = Comment.joins("task")
    for number in (1, 2, 2, 6):
        await Comment.create(task_id=number, body="x")
    rows = comments.distinct().order("-task.position", "-id").limit(3)
    assert await rows.count("body") == 3
    assert await rows.sum("task_id") == 10
    assert await rows.maximum("task.name") == "t6"
    assert await rows.count() == 3


async def test_the_smallest_bytes_and_uuids_are_found(environment: TestEnvironment) -> None:
    sample = sample_model()
    async with environment.application(models=[sample, Project], schema=SCHEMA):
        for value in (b"b", b"\xff", b"\x00", b"", b"a\x00", b"a"):
            await sample.create(bytes=value)
        assert await sample.query().minimum("bytes") == b""
        assert await sample.query().maximum("bytes") == b"\xff"
        assert await sample.where(sample.bytes < b"b").maximum("bytes") == b"a\x00"


async def test_decimals_are_added_up_exactly(environment: TestEnvironment) -> None:
    sample = sample_model()
    async with environment.application(models=[sample, Project], schema=SCHEMA):
        for price in ("0.1", "0.2", "0.20", "10", None):
            await sample.create(price=price, flag=True)
        query = sample.query()
        assert await query.sum("price") == Decimal("10.5")
        assert await query.average("price") == Decimal("2.625")
        assert await query.minimum("price") == Decimal("0.1")
        assert await query.maximum("price") == Decimal(10)
        assert await query.limit(2).sum("price") == Decimal("0.3")
        assert await query.group("flag").sum("price") == {True: Decimal("10.5")}
        assert await query.group("price").count() == {
            None: 1,
            Decimal("0.1"): 1,
            Decimal("0.2"): 2,
            Decimal(10): 1,
        }
        nothing = await query.where(flag=False).sum("price")
        assert nothing == 0
        assert isinstance(nothing, Decimal)


@pytest.mark.parametrize("method", ["sum", "average"])
async def test_only_numbers_are_added_up(tasks: Configuration, method: str) -> None:
    for name in ("name", "created_at", "project"):
        with pytest.raises(UnsupportedValueError, match=f"{name} cannot be added up"):
            await getattr(Task.query(), method)(name)


async def test_unknown_names_are_refused_with_close_matches(tasks: Configuration) -> None:
    with pytest.raises(UnknownAttributeError, match="'positon'. Did you mean 'position'"):
        await Task.query().sum("positon")
    with pytest.raises(UnknownAttributeError, match="'don'. Did you mean 'done'"):
        await Task.query().group("don").count()
    with pytest.raises(QueryError, match="A group takes no values"):
        Task.query().group(raw("tasks.position > ?", 30))
    with pytest.raises(QueryError, match="A group has no direction"):
        Task.query().group("-done")
    with pytest.raises(QueryError, match="No groups given"):
        Task.query().group()


@pytest.mark.parametrize("wanted", ["to_list", "first", "last"])
async def test_a_group_is_no_record(tasks: Configuration, wanted: str) -> None:
    grouped: Any = Task.query().group("done")
    with pytest.raises(QueryError, match="A group of Task is no record"):
        await getattr(grouped, wanted)()


async def test_groups_of_distinct_rows_take_no_order(tasks: Configuration) -> None:
    with pytest.raises(QueryError, match="Groups of distinct rows"):
        await Task.query().distinct().group("done").order("done").count()


async def test_counting_forgets_an_order_with_values(tasks: Configuration) -> None:
    query = Task.order(raw("position * ?", 2))
    assert await query.count() == 6
    assert await query.exists()
