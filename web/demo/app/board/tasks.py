"""The board's tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.board.data import task_data
from app.board.filtering import matching
from app.board.moving import last_position
from app.board.projects import projects
from app.models.project import Project
from app.models.task import Task

if TYPE_CHECKING:
    from app.board.data import TaskData, View, Window

#: What of a deleted task comes back; it gets a new id.
RESTORED = ("project_id", "name", "done", "position", "due_on", "reference")
#: More rows than any screen shows at once.
MOST = 500


async def view(
    project: int | None = None, show: str = "all", search: str = "", limit: int = 100
) -> View:
    """All that a page shows when it opens."""
    return {
        "projects": await projects(),
        "window": await tasks(project, show, search, limit=limit),
    }


async def tasks(
    project: int | None = None,
    show: str = "all",
    search: str = "",
    offset: int = 0,
    limit: int = 100,
) -> Window:
    """A window on the tasks that match, in order. Raises UnknownFilterError."""
    query = matching(project, show, search)
    found = await query.in_order().offset(offset).limit(min(limit, MOST)).to_list()
    return {
        "total": await query.count(),
        "offset": offset,
        "tasks": [task_data(task) for task in found],
    }


async def add_task(project: int, name: str, due_on: str | None = None) -> TaskData:
    """A new task at the end of a project. Raises ValidationError and RecordNotFoundError."""
    async with Task.transaction():
        await Project.find(project)
        position = await last_position(project) + 1
        task = await Task.create(
            project_id=project, name=name.strip(), due_on=due_on or None, position=position
        )
    return task_data(await task.reload())


async def edit_task(id: int, **changes: Any) -> TaskData:
    """Tick (``done``), rename (``name``) or date (``due_on``) a task.

    Raises:
        ValidationError: nothing is changed then.
        RecordNotFoundError: somebody deleted it.
    """
    task = await Task.find(id)
    known = {key: changes[key] for key in ("name", "done", "due_on") if key in changes}
    if isinstance(known.get("name"), str):
        known["name"] = known["name"].strip()
    await task.update(known)
    return task_data(task)


async def delete_task(id: int) -> TaskData:
    """Delete a task; what it was can be given to :func:`restore_task`."""
    task = await Task.find(id)
    deleted = task_data(task)
    await task.destroy()
    return deleted


async def restore_task(task: TaskData) -> TaskData:
    """Make a deleted task again, where it stood.

    Raises:
        ValidationError: it is no task.
        RecordNotFoundError: its project is gone by now.
    """
    kept = {key: task.get(key) for key in RESTORED}
    async with Task.transaction():
        await Project.find(kept["project_id"])
        if await Task.exists(reference=kept["reference"]):
            # An import brought the original back meanwhile; this one is a copy.
            kept["reference"] = None
        return task_data(await Task.create(kept))
