"""What a client does with frontend models; every type is what it says, without a cast."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_type

from app.frontend_models.project import Project
from app.frontend_models.task import Task

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from velocious.query import Query
    from velocious.record import Collection


async def reading() -> None:
    assert_type(await Task.find(1), Task)
    assert_type(Task.where(Task.name == "a").order("-name"), Query[Task])
    assert_type(await Task.preload("project").to_list(), list[Task])
    assert_type(await Task.find_by(name="a"), Task | None)


async def members(task: Task, project: Project) -> None:
    assert_type(task.name, str)
    assert_type(task.price, Decimal | None)
    assert_type(task.created_at, datetime)
    assert_type(task.project, Project)
    assert_type(task.reviewer, Project | None)
    assert_type(project.size, int)
    assert_type(project.tasks, Collection[Task])
    assert_type(await project.tasks.create(name="new"), Task)
    assert_type(await task.update(done=True), Task)
    await task.finish()
    await Task.summary()
