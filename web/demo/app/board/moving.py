"""Moving tasks: within their project, and to others.

Law: positions of a project only say what comes before what; gaps are welcome.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.board.data import task_data
from app.models.project import Project
from app.models.task import Task

from velocious.configuration import Configuration

if TYPE_CHECKING:
    from app.board.data import TaskData

MAKE_ROOM = "UPDATE tasks SET position = position + 1 WHERE project_id = ? AND position >= ?"


async def move_task(
    id: int, project: int | None = None, before: int | None = None, *, first: bool = False
) -> TaskData:
    """Put a task before another one, or first or (by default) last in a project.

    Without a *project* it stays in its own, or goes to the one of the task it is put *before*.

    Raises:
        RecordNotFoundError: one of the tasks, or the project, is gone.
    """
    async with Task.transaction():
        task = await Task.find(id)
        if before is not None:
            neighbour = await Task.find(before)
            target, position = neighbour.project_id, neighbour.position
        else:
            target = task.project_id if project is None else (await Project.find(project)).id
            position = await _end(target, first=first)
        await Configuration.current().database().execute(MAKE_ROOM, (target, position))
        await task.update(project_id=target, position=position)
    return task_data(await task.reload())


async def last_position(project: int) -> int:
    """The position of the last task of a project; 0 without tasks."""
    last = await Task.where(project_id=project).order("-position").limit(1).pluck("position")
    return last[0] if last else 0


async def _end(project: int, *, first: bool) -> int:
    if not first:
        return await last_position(project) + 1
    positions = await Task.where(project_id=project).order("position").limit(1).pluck("position")
    return positions[0] if positions else 1
