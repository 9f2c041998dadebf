"""find_or_create_by on a narrowed query: a new record is one of the query's, or is not made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.models import Project, Task
from velocious.errors import QueryError
from velocious.query.expressions import all_of, any_of
from velocious.record import Record, SoftDelete, has_many

if TYPE_CHECKING:
    from collections.abc import Callable

    from velocious.configuration import Configuration
    from velocious.query import Query
    from velocious.testing.environment import TestEnvironment


async def test_a_new_record_has_what_the_query_compares(tracker: Configuration) -> None:
    apollo = await Project.create(name="Apollo")
    query = Task.where(project=apollo, done=True).where(Task.position == 7)
    task = await query.find_or_create_by({"name": "a"})
    assert (task.name, task.project_id, task.done, task.position) == ("a", apollo.id, True, 7)
    assert await query.find_or_create_by({"name": "a"}) == task
    built = await query.find_or_initialize_by({"name": "b", "position": 8})
    assert (built.done, built.position) == (True, 8)


async def test_a_relationship_may_be_compared_by_key_or_with_nothing(
    tracker: Configuration,
) -> None:
    apollo = await Project.create(name="Apollo")
    task = await Task.where(project=apollo.id).find_or_create_by({"name": "a"})
    assert task.project_id == apollo.id
    free = await Task.where(project=None).find_or_create_by({"name": "a"})
    assert free.project_id is None
    assert free != task


async def test_conditions_that_hold_together_count_each(tracker: Configuration) -> None:
    query = Task.where(all_of(Task.done == True, Task.position == 3))  # noqa: E712
    task = await query.find_or_create_by({"name": "a"})
    assert (task.done, task.position) == (True, 3)


@pytest.mark.parametrize(
    ("narrowed", "named"),
    [
        (lambda: Task.where(Task.position > 3), "position"),
        (lambda: Task.where(position=[3, 4]), "position"),
        (lambda: Task.where_not(position=3), "position"),
        (lambda: Task.where(any_of(Task.position == 3, Task.position.is_null())), "position"),
        (lambda: Task.search({"position_gt": 3}, allow=["position"]), "position"),
        (lambda: Task.where(project={"name": "Apollo"}), "project"),
        (lambda: Task.where(position=Task.limit(1).select("position")), "position"),
    ],
)
async def test_a_condition_that_is_no_equality_wants_its_attribute(
    tracker: Configuration, narrowed: Callable[[], Query[Task]], named: str
) -> None:
    apollo = await Project.create(name="Apollo")
    with pytest.raises(QueryError, match=rf"condition on {named} is no equality"):
        await narrowed().find_or_create_by({"name": "a"})
    assert await Task.count() == 0

    def prepare(task: Task) -> Any:
        return task.assign(position=4, project=apollo)

    task = await narrowed().find_or_create_by({"name": "a"}, prepare)
    assert (task.position, task.project_id) == (4, apollo.id)


@pytest.mark.parametrize(
    "narrowed",
    [lambda: Task.where("position > ?", 3), lambda: Task.where_exists("comments")],
)
async def test_a_condition_about_nobody_knows_what_makes_no_record(
    tracker: Configuration, narrowed: Callable[[], Query[Task]]
) -> None:
    with pytest.raises(QueryError, match="Ask the model itself"):
        await narrowed().find_or_initialize_by({"name": "a"})


class Folder(Record):
    open_pages = has_many("Page", lambda pages: pages.where(open=True))


class Page(SoftDelete):
    """A page that may be deleted softly."""


SCHEMA = """
CREATE TABLE folders (id INTEGER PRIMARY KEY NOT NULL, name VARCHAR(9));
CREATE TABLE pages (
  id INTEGER PRIMARY KEY NOT NULL, folder_id INTEGER, name VARCHAR(9), open BOOLEAN,
  deleted_at DATETIME
);
"""


async def test_a_record_that_a_collection_makes_fits_its_scope(
    environment: TestEnvironment,
) -> None:
    async with environment.application(models=[Folder, Page], schema=SCHEMA):
        folder: Any = await Folder.create(name="one")
        page = await folder.open_pages.find_or_create_by({"name": "a"})
        assert (page.open, page.folder_id, page.deleted_at) == (True, folder.id, None)
        assert await folder.open_pages.find_or_create_by({"name": "a"}) == page
        await page.destroy()
        assert await folder.open_pages.find_or_create_by({"name": "a"}) != page
