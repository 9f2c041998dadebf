"""The board's tasks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from app.board.data import task_data
from app.board.filtering import matching
from app.board.projects import projects
from app.models.project import Project
from app.models.task import Task

if TYPE_CHECKING:
    from app.board.data import TaskData, View, Window

    from velocious.query import Query

#: What of a deleted task comes back; it gets a new id.
RESTORED = ("name", "done", "position", "due_on", "reference")
#: More rows than any screen shows at once.
MOST = 500


async def view(
    project: int | None = None, show: str = "all", search: str = "", limit: int = 100
) -> View:
    """All that a page shows when it opens."""
    every, window = await asyncio.gather(projects(), tasks(project, show, search, limit=limit))
    return {"projects": every, "window": window}


async def tasks(
    project: int | None = None,
    show: str = "all",
    search: str = "",
    offset: int = 0,
    limit: int = 100,
) -> Window:
    """A window on the tasks that match, in order. Raises UnknownFilterError."""
    query = matching(project, show, search)
    page: Query[Task] = query.in_order().offset(offset).limit(min(limit, MOST))
    found, total = await asyncio.gather(page.to_list(), query.count())
    return {"total": total, "offset": offset, "tasks": [await task_data(task) for task in found]}


async def add_task(project: int, name: str, due_on: str | None = None) -> TaskData:
    """A new task at the end of a project.

    Raises:
        ValidationError: it is no task.
        RecordNotFoundError: the project is gone.
        AccessDeniedError: a rule forbids it, where there are rules.
    """
    owner, last = await asyncio.gather(Project.find(project), Task.position_at_end(project))
    task = await Task.create(
        project=owner, name=name.strip(), due_on=due_on or None, position=last + 1
    )
    return await task_data(task)


async def edit_task(id: int, **changes: Any) -> TaskData:
    """Tick (``done``), rename (``name``) or date (``due_on``) a task.

    Raises:
        ValidationError: nothing is changed then.
        RecordNotFoundError: somebody deleted it.
        AccessDeniedError: a rule forbids it, where there are rules.
    """
    task = await Task.find(id)
    known = {key: changes[key] for key in ("name", "due_on") if key in changes}
    if isinstance(known.get("name"), str):
        known["name"] = known["name"].strip()
    if known:
        await task.update(known)
    if "done" in changes:
        task = await task.tick(done=changes["done"])
    return await task_data(task)


async def move_task(
    id: int, project: int | None = None, before: int | None = None, *, first: bool = False
) -> TaskData:
    """Put a task before another one, or first or (by default) last in a project.

    Raises:
        RecordNotFoundError: one of the tasks, or the project, is gone.
        AccessDeniedError: a rule forbids it, where there are rules.
    """
    task = await Task.find(id)
    return await task_data(await task.move(project, before, first=first))


async def delete_task(id: int) -> TaskData:
    """Delete a task; what it was can be given to :func:`restore_task`.

    Raises:
        RecordNotFoundError: somebody deleted it.
        AccessDeniedError: a rule forbids it, where there are rules.
    """
    task = await Task.find(id)
    deleted = await task_data(task)
    await task.destroy()
    return deleted


async def restore_task(task: TaskData) -> TaskData:
    """Make a deleted task again, where it stood.

    Raises:
        ValidationError: it is no task.
        RecordNotFoundError: its project is gone by now.
        AccessDeniedError: a rule forbids it, where there are rules.
    """
    project, was_imported = await asyncio.gather(
        Project.find(task["project_id"]), Task.exists(reference=task["reference"])
    )
    kept = {key: task.get(key) for key in RESTORED}
    if was_imported:
        # An import brought the original back meanwhile; this one is a copy.
        kept["reference"] = None
    return await task_data(await Task.create({**kept, "project": project}))
