"""page, per_page, total_count and total_pages; find_each and in_batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.models import Project, Task
from tests.suites.statements import recorded_statements
from velocious.errors import QueryError, UnsupportedValueError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration


@pytest.fixture
async def tasks(tracker: Configuration) -> AsyncIterator[Configuration]:
    project = await Project.create(name="Apollo")
    await Project.create(name="Gemini")
    for number in range(1, 8):
        await Task.create(name=f"t{number}", done=number % 2 == 0, project=project)
    yield tracker


async def test_a_page_and_its_size_come_in_any_order(tasks: Configuration) -> None:
    query = Task.order("id")
    assert await query.page(2).per_page(3).ids() == [4, 5, 6]
    assert await query.per_page(3).page(2).ids() == [4, 5, 6]
    assert await query.per_page(3).ids() == [1, 2, 3]
    assert await query.page(1).ids() == list(range(1, 8))
    assert await query.page(3).per_page(3).ids() == [7]
    assert await query.page(9).per_page(3).ids() == []


async def test_totals_leave_the_page_out(tasks: Configuration) -> None:
    page = Task.where(done=False).page(2).per_page(3)
    assert await page.count() == 1
    assert await page.total_count() == 4
    assert await page.total_pages() == 2
    assert await Task.where(name="x").page(1).total_pages() == 0
    assert await Task.query().total_pages() == 1


@pytest.mark.parametrize("wrong", [0, -1, True, "2", 1.5])
async def test_pages_are_counted_from_one(tasks: Configuration, wrong: Any) -> None:
    with pytest.raises(UnsupportedValueError, match="page takes a whole number from 1"):
        Task.query().page(wrong)
    with pytest.raises(UnsupportedValueError, match="per_page takes a whole number from 1"):
        Task.query().per_page(wrong)


async def test_find_each_reads_every_record_once_by_key(tasks: Configuration) -> None:
    with recorded_statements(tasks) as statements:
        found = [task.id async for task in Task.query().find_each(size=3)]
    assert found == list(range(1, 8))
    assert len(statements) == 3
    assert not any("OFFSET" in sql for sql in statements)
    assert [task.id async for task in Task.where(done=True).limit(2).find_each(1)] == [2, 4]
    repeated = Project.joins("tasks").find_each(size=1)
    assert [project.name async for project in repeated] == ["Apollo"]
    assert [task async for task in Task.where(name="x").find_each()] == []


async def test_find_each_misses_nothing_when_rows_go(tasks: Configuration) -> None:
    seen: list[int] = []
    async for task in Task.query().preload("project").find_each(size=2):
        assert task.project.name == "Apollo"
        seen.append(task.id)
        await task.destroy()
    assert seen == list(range(1, 8))
    assert await Task.count() == 0


async def test_in_batches_gives_queries(tasks: Configuration) -> None:
    sizes = [await batch.update_all(position=1) async for batch in Task.query().in_batches(3)]
    assert sizes == [3, 3, 1]
    assert [await batch.ids() async for batch in Task.where(done=True).limit(2).in_batches(1)] == [
        [2],
        [4],
    ]


async def test_batches_refuse_an_order_of_their_own(tasks: Configuration) -> None:
    for query in (Task.order("name"), Task.offset(1)):
        with pytest.raises(QueryError, match="Batches go by the primary key"):
            await anext(query.find_each())
        with pytest.raises(QueryError, match="Batches go by the primary key"):
            await anext(query.in_batches())
    with pytest.raises(UnsupportedValueError, match="size takes a whole number from 1 on, not 0"):
        await anext(Task.query().find_each(size=0))
