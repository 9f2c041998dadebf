"""Queries: finding, iterating, and that chaining never changes what was there."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.models import Project, Task
from tests.suites.statements import recorded_statements
from velocious.errors import (
    QueryError,
    RecordNotFoundError,
    UnknownAttributeError,
    UnsupportedValueError,
)
from velocious.query import Query

if TYPE_CHECKING:
    from velocious.configuration import Configuration


async def fill(count: int = 5) -> None:
    rows = [[f"task {number}", number, number % 2 == 0] for number in range(1, count + 1)]
    await Task.insert_multiple(["name", "position", "done"], rows)


async def test_chaining_never_changes_the_receiver(tracker: Configuration) -> None:
    await fill()
    base = Task.where(done=False)
    steps = [
        base.where(position=1),
        base.where_not(position=1),
        base.or_(Task.where(done=True)),
        base.joins("project"),
        base.left_joins("project"),
        base.preload("project"),
        base.order("-position"),
        base.reorder("name"),
        base.reverse_order(),
        base.limit(1),
        base.offset(1),
        base.distinct(),
        base.open(),
    ]
    assert all(step is not base for step in steps)
    assert await base.pluck("position") == [1, 3, 5]
    await base.first()
    await base.last()
    await base.count()
    assert await base.pluck("position") == [1, 3, 5]


async def test_a_query_describes_and_sends_nothing(tracker: Configuration) -> None:
    with recorded_statements(tracker) as statements:
        Task.where(done=False, project={"name": "x"}).order("name").limit(3).preload("project")
    assert statements == []


async def test_find_returns_the_record_or_says_what_it_looked_for(tracker: Configuration) -> None:
    await fill()
    assert (await Task.find(2)).name == "task 2"
    assert (await Task.find("2")).name == "task 2"
    assert (await Task.where(done=True).find(2)).name == "task 2"
    for key in (9999, "x", None, 2**70, 1.5):
        with pytest.raises(RecordNotFoundError, match="Couldn't find Task with 'id'="):
            await Task.find(key)
    with pytest.raises(RecordNotFoundError, match="Couldn't find Task with 'id'=1"):
        await Task.where(done=True).find(1)


async def test_find_by_returns_none_and_find_by_or_fail_raises(tracker: Configuration) -> None:
    await fill()
    assert await Task.find_by(name="nobody") is None
    found = await Task.find_by(Task.position > 3, done=False)
    assert found is not None
    assert found.position == 5
    with pytest.raises(RecordNotFoundError, match="Couldn't find Task with 'name'='nobody'"):
        await Task.find_by_or_fail(name="nobody")


async def test_first_and_last_go_by_key_without_an_order(tracker: Configuration) -> None:
    await fill()
    assert [(await Task.first()), (await Task.last())] == [await Task.find(1), await Task.find(5)]


async def test_first_and_last_respect_the_order_of_the_query(tracker: Configuration) -> None:
    await fill()
    query = Task.order("done", "-position")
    first, last = await query.first(), await query.last()
    assert first is not None
    assert last is not None
    assert (first.position, last.position) == (5, 2)


async def test_first_and_last_without_rows_are_none_and_or_fail_raises(
    tracker: Configuration,
) -> None:
    assert await Task.first() is None
    assert await Task.last() is None
    with pytest.raises(RecordNotFoundError, match="Couldn't find Task"):
        await Task.query().first_or_fail()


async def test_first_and_last_stay_inside_limit_and_offset(tracker: Configuration) -> None:
    await fill()
    page = Task.order("position").offset(1).limit(2)
    first, last = await page.first(), await page.last()
    assert first is not None
    assert last is not None
    assert (first.position, last.position) == (2, 3)
    assert await Task.limit(0).first() is None
    assert await Task.limit(0).last() is None
    assert not await Task.limit(0).exists()
    assert await Task.offset(5).first() is None


async def test_a_query_is_awaited_listed_and_iterated(tracker: Configuration) -> None:
    await fill()
    query = Task.where(done=True).order("position")
    assert [task.position for task in await query] == [2, 4]
    assert [task.position for task in await query.to_list()] == [2, 4]
    assert [task.position async for task in query] == [2, 4]
    assert len(await Task.to_list()) == 5


async def test_a_loop_over_a_query_reads_all_rows_at_once_and_may_be_left(
    tracker: Configuration,
) -> None:
    await fill()
    query = Task.order("position")
    with recorded_statements(tracker) as statements:
        async for task in query:
            # A row that comes and goes while the loop waits changes nothing of it.
            await Task.where(id=task.id).delete_all()
            if task.position == 2:
                break
        assert len([sql for sql in statements if sql.startswith("SELECT")]) == 1
    assert [task.position async for task in query] == [3, 4, 5]


async def test_the_records_of_a_loop_load_together(tracker: Configuration) -> None:
    await fill()
    project = await Project.create(name="Apollo")
    await Task.update_all(project_id=project.id)
    with recorded_statements(tracker) as statements:
        async for task in Task.order("position"):
            await task.load("project")
    assert len(statements) == 2


async def test_what_only_a_list_can_do_is_refused_with_what_to_write(
    tracker: Configuration,
) -> None:
    query = Task.where(done=True)
    with pytest.raises(QueryError, match=r"await query.count\(\)"):
        len(query)
    with pytest.raises(QueryError, match=r"await query.exists\(\)"):
        bool(query)
    with pytest.raises(QueryError, match="async for"):
        list(query)


async def test_an_unknown_method_or_scope_is_refused_with_close_matches(
    tracker: Configuration,
) -> None:
    with pytest.raises(UnknownAttributeError, match=r"Query\[Task\].*'wher'.*'where'"):
        Task.query().wher(done=True)
    with pytest.raises(UnknownAttributeError, match="Task has no attribute 'opn'.*'open'"):
        Task.opn()


async def test_a_query_can_be_copied(tracker: Configuration) -> None:
    await fill()
    query = copy.copy(Task.where(done=True))
    assert await query.count() == 2


async def test_the_same_query_runs_again_and_sees_new_rows(tracker: Configuration) -> None:
    query = Task.where(done=False)
    assert await query.count() == 0
    await fill()
    assert await query.count() == 3
    assert len(await query) == 3


async def test_find_or_initialize_by_makes_an_unsaved_one(tracker: Configuration) -> None:
    await fill()
    assert (await Task.find_or_initialize_by({"name": "task 1"})).is_persisted
    new = await Task.find_or_initialize_by({"name": "new"}, lambda task: task.assign(position=9))
    assert new.is_new_record
    assert (new.name, new.position) == ("new", 9)
    assert await Task.count() == 5


async def test_find_or_create_by_prepares_only_a_new_record(tracker: Configuration) -> None:
    prepared: list[str] = []

    async def prepare(task: Task) -> None:
        prepared.append(task.name)
        task.position = 9

    first = await Task.find_or_create_by({"name": "a"}, prepare)
    second = await Task.find_or_create_by({"name": "a"}, prepare)
    assert first == second
    assert prepared == ["a"]
    assert first.position == 9
    assert await Task.count() == 1


async def test_find_or_create_by_of_a_query_keeps_to_its_model(tracker: Configuration) -> None:
    project = await Project.create(name="Apollo")
    task = await Task.find_or_create_by({"name": "a", "project": project})
    assert task.project_id == project.id
    assert await Task.find_or_create_by({"name": "a", "project": project}) == task


@pytest.mark.parametrize("count", [-1, "5", 1.5, True, 2**63])
@pytest.mark.parametrize("method", ["limit", "offset"])
async def test_limits_take_whole_numbers(tracker: Configuration, method: str, count: Any) -> None:
    with pytest.raises(UnsupportedValueError, match=f"{method} takes a whole number from 0"):
        getattr(Task, method)(count)


async def test_limit_and_offset_cut_the_rows(tracker: Configuration) -> None:
    await fill()
    ordered = Task.order("position")
    assert await ordered.limit(2).pluck("position") == [1, 2]
    assert await ordered.offset(3).pluck("position") == [4, 5]
    assert await ordered.limit(2).offset(1).pluck("position") == [2, 3]
    assert await ordered.limit(2).limit(None).count() == 5
    assert await ordered.limit(2**62).count() == 5
    assert await ordered.limit(0).to_list() == []


async def test_to_sql_shows_the_statement_without_values(tracker: Configuration) -> None:
    text = await Task.where(name="secret").limit(3).to_sql()
    assert text.startswith("SELECT ")
    assert "secret" not in text
    assert text.count("?") + text.count("$") == 2


async def test_equal_shapes_are_planned_once(tracker: Configuration) -> None:
    await fill()
    await Task.where(name="a", position=[1, 2, 3]).limit(1).to_list()
    schema = Task._definition.schema_or_fail()
    plans = len(schema.plans)
    for number in range(20):
        await Task.where(name=f"b{number}", position=[4, 5, number]).limit(number).to_list()
    assert len(schema.plans) == plans
    await Task.where(name=None).to_list()
    assert len(schema.plans) == plans + 1


async def test_lists_of_any_length_need_few_plans(tracker: Configuration) -> None:
    await Task.first()
    schema = Task._definition.schema_or_fail()
    before = len(schema.plans)
    for length in range(600):
        await Task.where(id=list(range(length))).to_list()
    assert len(schema.plans) - before <= 13


async def test_a_query_knows_its_model(tracker: Configuration) -> None:
    assert isinstance(Task.query(), Query)
    assert repr(Task.where(done=True)) == "<Query of Task with 1 conditions>"


async def test_destroy_all_destroys_each_with_its_dependents(tracker: Configuration) -> None:
    await fill()
    task = await Task.find(1)
    await task.comments.create(body="x")
    destroyed = await Task.where(done=False).destroy_all()
    assert [one.is_destroyed for one in destroyed] == [True, True, True]
    assert await Task.order("id").ids() == [2, 4]


async def test_delete_all_deletes_in_one_statement(tracker: Configuration) -> None:
    await fill()
    with recorded_statements(tracker) as statements:
        assert await Task.where(Task.position > 2, done=False).delete_all() == 2
    assert len(statements) == 1
    assert await Task.order("id").ids() == [1, 2, 4]
