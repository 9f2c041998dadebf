"""select: records of which only some attributes are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.models import Project, Task
from tests.suites.statements import recorded_statements
from velocious.errors import (
    AttributeNotSelectedError,
    QueryError,
    UnknownAttributeError,
    UnsupportedValueError,
    ValidationError,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration


@pytest.fixture
async def tasks(tracker: Configuration) -> AsyncIterator[Configuration]:
    apollo = await Project.create(name="Apollo")
    for name in ("a", "b", "b"):
        await Task.create(name=name, position=3, project=apollo)
    yield tracker


async def test_only_what_is_selected_is_read(tasks: Configuration) -> None:
    with recorded_statements(tasks) as statements:
        task = await Task.order("id").select("done", "id").first_or_fail()
    assert '"name"' not in statements[0]
    assert (task.id, task.done) == (1, False)
    assert task.attributes() == {"id": 1, "done": False}
    with pytest.raises(AttributeNotSelectedError, match="Task#name was not selected. Add 'name'"):
        _ = task.name
    with pytest.raises(AttributeNotSelectedError):
        _ = task.created_at


async def test_selections_add_up_and_name_relationships_and_expressions(
    tasks: Configuration,
) -> None:
    task = await Task.select("id").select(Task.name, "project").first_or_fail()
    assert task.attributes() == {"id": 1, "name": "a", "project_id": 1}


async def test_saving_writes_what_was_assigned(tasks: Configuration) -> None:
    task = await Task.select("id", "position").find(1)
    await task.update(position=8, done=True)
    assert (task.position, task.done) == (8, True)
    whole = await Task.find(1)
    assert (whole.name, whole.position, whole.done, whole.project_id) == ("a", 8, True, 1)
    with pytest.raises(ValidationError):
        await task.update(name="")
    assert (await task.reload()).name == "a"


async def test_a_record_without_its_key_is_read_and_not_written(tasks: Configuration) -> None:
    task = await Task.select("name").first_or_fail()
    assert repr(task) == "<Task without its key>"
    for act in (task.update(name="x"), task.destroy()):
        with pytest.raises(AttributeNotSelectedError, match="Task#id was not selected"):
            await act
    assert await Task.count() == 3


async def test_distinct_goes_by_what_is_selected(tasks: Configuration) -> None:
    query = Task.select("name").distinct().order("name")
    assert [task.name for task in await query] == ["a", "b"]
    assert await query.count() == 2


async def test_preloads_need_their_keys(tasks: Configuration) -> None:
    task = await Task.select("id", "project_id").preload("project").first_or_fail()
    assert task.project.name == "Apollo"
    with pytest.raises(AttributeNotSelectedError, match="Task#project_id was not selected"):
        await Task.select("id").preload("project")


@pytest.mark.parametrize("wrong", [5, None, Project.__class__])
async def test_wrong_selections_are_refused(tasks: Configuration, wrong: Any) -> None:
    with pytest.raises(QueryError, match="No attributes given"):
        Task.select()
    with pytest.raises(UnknownAttributeError, match="'nmae'. Did you mean 'name'"):
        await Task.select("nmae")
    with pytest.raises(UnsupportedValueError, match="select takes attributes of Task"):
        Task.select(wrong)
