"""Factories: records of which a test says only what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.models import Account, Project, Task
from velocious.errors import TestingError, UnknownAttributeError, ValidationError
from velocious.testing.factory import association, derived, factory, sequence

if TYPE_CHECKING:
    from velocious.configuration import Configuration

ProjectFactory = factory(Project, name=sequence("Project {n}"))
TaskFactory = (
    factory(Task, name=sequence("Task {n}"), project=association(lambda: ProjectFactory))
    .trait("done", done=True)
    .trait("named", name=derived(lambda others: f"done: {others['done']}"), done=False)
)


async def test_a_record_is_saved_with_its_associations(tracker: Configuration) -> None:
    task = await TaskFactory.create(position=3)
    assert task.is_persisted
    assert (task.position, task.project.name[:8]) == (3, "Project ")
    assert await Project.count() == 1


async def test_a_built_record_is_not_saved(tracker: Configuration) -> None:
    task = TaskFactory.build()
    assert task.is_new_record
    assert task.project.is_new_record
    assert [one.is_new_record for one in ProjectFactory.build_many(2)] == [True, True]
    assert (await Task.count(), await Project.count()) == (0, 0)
    await task.save()
    assert (await Task.count(), await Project.count()) == (1, 1)


async def test_no_two_records_of_a_sequence_are_the_same(tracker: Configuration) -> None:
    tasks = await TaskFactory.extend(done=True).create_many(3)
    tasks.append(await TaskFactory.create())
    assert len({task.name for task in tasks}) == 4
    assert len({task.project_id for task in tasks}) == 4
    assert [task.done for task in tasks] == [True, True, True, False]


async def test_what_the_test_says_counts_more_than_traits_and_defaults(
    tracker: Configuration,
) -> None:
    assert TaskFactory.build("done").done is True
    assert TaskFactory.build("done", done=False).done is False
    assert TaskFactory.build("named", "done").name == "done: True"
    assert TaskFactory.build("done", "named").name == "done: False"


async def test_a_given_record_or_key_is_taken_in_place_of_a_new_one(
    tracker: Configuration,
) -> None:
    project = await ProjectFactory.create()
    first = await TaskFactory.create(project=project)
    second = await TaskFactory.create(project_id=project.id)
    assert first.project_id == second.project_id == project.id
    assert (await TaskFactory.create(project=None)).project_id is None
    assert await Project.count() == 1


async def test_attributes_for_a_form_hold_no_associations(tracker: Configuration) -> None:
    attributes = TaskFactory.attributes_for("done", position=1)
    assert attributes == {"name": attributes["name"], "done": True, "position": 1}


async def test_hooks_run_before_and_after_a_record_is_saved(tracker: Configuration) -> None:
    async def with_task(project: Project) -> None:
        await TaskFactory.create(project=project)

    def renamed(project: Project) -> None:
        project.name = f"{project.name}!"

    busy = ProjectFactory.after_build(renamed).after_create(with_task)
    project = await busy.create()
    assert project.name.endswith("!")
    assert await Task.where(project=project).count() == 1
    await ProjectFactory.create()
    assert await Task.count() == 1, "the factory that it came from has no hook"
    with pytest.raises(TestingError, match="after_build of the factory of Project is async"):
        ProjectFactory.after_build(with_task)


async def test_lists_of_a_factory_are_not_shared_by_its_records() -> None:
    made: list[Any] = []
    values = factory(Account, tags=made)
    values.attributes_for()["tags"].append("mine")
    assert values.attributes_for() == {"tags": []}


async def test_mistakes_are_explained(tracker: Configuration) -> None:
    with pytest.raises(TestingError, match="no trait 'dne'. Did you mean 'done'"):
        TaskFactory.build("dne")
    with pytest.raises(TestingError, match="has no number in it. Write {n}"):
        sequence("Task")
    with pytest.raises(UnknownAttributeError, match="nmae"):
        TaskFactory.build(nmae="x")
    with pytest.raises(ValidationError):
        await TaskFactory.create(name="")
    assert await Task.count() == 0
