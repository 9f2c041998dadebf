"""explain, lock, the names of joined tables, and scopes of joined models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.models import Account, Comment, Project, Task
from velocious.errors import QueryError, UnknownAttributeError, UnknownRelationshipError
from velocious.record import Record, belongs_to, has_many, scope

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.testing.environment import TestEnvironment


async def fill() -> None:
    apollo = await Project.create(name="Apollo")
    gemini = await Project.create(name="Gemini")
    for position in (1, 2):
        task = await Task.create(
            name=f"t{position}", position=position, done=position == 1, project=apollo
        )
        await task.update(reviewed_by=gemini)
        await Comment.create(task=task, body=f"c{position}")


async def test_explain_gives_the_plan(tracker: Configuration) -> None:
    await fill()
    plan = await Task.where(id=1).explain()
    assert "tasks" in plan
    assert "\n" in await Task.joins("project").where(name="x").explain()


async def test_lock_reads_the_same_rows(tracker: Configuration) -> None:
    await fill()
    async with Task.transaction():
        assert len(await Task.where(done=True).lock()) == 1
    locks = tracker.database().capabilities.row_locks
    assert ("FOR UPDATE" in await Task.query().lock().to_sql()) == locks


async def test_raw_sql_learns_the_names_of_joined_tables(tracker: Configuration) -> None:
    await fill()
    query = Task.joins("project", "reviewed_by")
    quote = tracker.database().dialect.quote
    assert await query.table_for_join() == quote("tasks")
    assert await query.table_for_join("project") == quote("projects")
    reviewers = await query.table_for_join("reviewed_by")
    assert await query.where(f"{reviewers}.name = ?", "Gemini").count() == 2
    assert await query.where(f"{reviewers}.name = ?", "Apollo").count() == 0
    with pytest.raises(QueryError, match="joins project, reviewed_by, and not 'comments'"):
        await query.table_for_join("comments")


async def test_scopes_of_joined_models(tracker: Configuration) -> None:
    await fill()
    assert await Comment.query().where_scope("task", "open").pluck("body") == ["c2"]
    assert await Project.query().where_scope("tasks", "above", 1).pluck("name") == ["Apollo"]
    assert await Project.query().where_scope("tasks", "above", position=5).count() == 0
    both = Project.query().where_scope("reviewed_tasks", "open").where_scope("tasks", "open")
    assert await both.count() == 0
    assert await Account.query().where_scope("projects.tasks", "open").count() == 0


async def test_scopes_that_mean_nothing_to_joins_are_refused(
    environment: TestEnvironment,
) -> None:
    class Shop(Record):
        items = has_many("Item")

        @scope
        def newest(query: Any) -> Any:
            return query.order("-id")

        @scope
        def written(query: Any) -> Any:
            return query.where("shops.id > ?", 1)

    class Item(Record):
        shop = belongs_to("Shop")

    schema = """CREATE TABLE shops (id INTEGER PRIMARY KEY NOT NULL);
    CREATE TABLE items (id INTEGER PRIMARY KEY NOT NULL, shop_id INTEGER);"""
    async with environment.application(models=[Shop, Item], schema=schema):
        with pytest.raises(QueryError, match="'newest' does more than where and joins"):
            Item.query().where_scope("shop", "newest")
        with pytest.raises(QueryError, match="'written' is written in SQL"):
            Item.query().where_scope("shop", "written")
        with pytest.raises(UnknownAttributeError, match="'newst'. Did you mean 'newest'"):
            Item.query().where_scope("shop", "newst")
        with pytest.raises(UnknownRelationshipError, match="'shp'. Did you mean 'shop'"):
            Item.query().where_scope("shp", "newest")
