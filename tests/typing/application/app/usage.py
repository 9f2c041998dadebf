"""What an application does with its models; every type is what it says, without a cast."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_type

from app.models.project import Project
from app.models.task import Task

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from app.models.detail import Detail

    from velocious.query import Query
    from velocious.record import Collection


async def attributes(task: Task) -> None:
    assert_type(task.id, int)
    assert_type(task.name, str)
    assert_type(task.done, bool)
    assert_type(task.position, int | None)
    assert_type(task.price, Decimal | None)
    assert_type(task.created_at, datetime)
    task.position = None
    task.name = task.name.upper()


async def relationships(task: Task, project: Project) -> None:
    assert_type(task.project, Project)
    assert_type(task.reviewer, Project | None)
    assert_type(task.project.name, str)
    assert_type(project.detail, Detail | None)
    assert_type(project.tasks, Collection[Task])
    assert_type([one.name for one in project.tasks], list[str])
    assert_type(await project.tasks, list[Task])
    assert_type(await project.tasks.create(name="one"), Task)
    assert_type(await project.tasks.where(done=True).first(), Task | None)
    assert_type(await project.tasks.count(), int)
    task.project = project
    task.reviewer = None


async def queries() -> None:
    assert_type(Task.where(Task.position > 3), Query[Task])
    assert_type(Task.open(), Query[Task])
    assert_type(Task.above(3), Query[Task])
    assert_type(await Task.open().order("-position").to_list(), list[Task])
    assert_type(await Task.find(1), Task)
    assert_type(await Task.find_by(name="one"), Task | None)
    assert_type(await Project.create(name="one"), Project)
    async for task in Task.where(project={"name": "Apollo"}):
        assert_type(task, Task)
