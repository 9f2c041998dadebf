"""Records as the plain data that travels to the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from velocious.current import Current

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.models.project import Project
    from app.models.task import Task

#: What the rules are asked about.
TASK_ACTIONS = ("tick", "update", "move", "destroy")
PROJECT_ACTIONS = ("update", "destroy")

#: Project id → how many tasks it has, and how many of them are open.
type Counts = dict[int, tuple[int, int]]


class ProjectData(TypedDict):
    """A project and how much there is to do in it; *may*: what one may do with it."""

    id: int
    name: str
    tasks: int
    open: int
    may: list[str]


class TaskData(TypedDict):
    """A task; *due_on* as ``YYYY-MM-DD``; *may*: what one may do with it."""

    id: int
    project_id: int
    name: str
    done: bool
    position: int
    due_on: str | None
    reference: str | None
    may: list[str]


class Window(TypedDict):
    """Some of the tasks that were asked for, and how many there are."""

    total: int
    offset: int
    tasks: list[TaskData]


class View(TypedDict):
    """All that a page shows when it opens."""

    projects: list[ProjectData]
    window: Window


async def project_data(project: Project, counts: Counts) -> ProjectData:
    tasks, to_do = counts.get(project.id, (0, 0))
    return {
        "id": project.id,
        "name": project.name,
        "tasks": tasks,
        "open": to_do,
        "may": await _allowed(project, PROJECT_ACTIONS),
    }


async def task_data(task: Task) -> TaskData:
    due_on = task.due_on
    return {
        "id": task.id,
        "project_id": task.project_id,
        "name": task.name,
        "done": task.done,
        "position": task.position,
        "due_on": due_on.isoformat() if due_on else None,
        "reference": task.reference,
        "may": await _allowed(task, TASK_ACTIONS),
    }


async def _allowed(record: Project | Task, actions: Sequence[str]) -> list[str]:
    """Those of *actions* that nothing forbids: in one's own browser there are no rules."""
    ability = Current.ability()
    if ability is None:
        return [*actions]
    return [one for one in actions if await ability.allows(one, record)]
