"""Records as the plain data that travels to the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from app.models.project import Project
    from app.models.task import Task


class ProjectData(TypedDict):
    """A project and how much there is to do in it."""

    id: int
    name: str
    tasks: int
    open: int


class TaskData(TypedDict):
    """A task; *due_on* as ``YYYY-MM-DD``."""

    id: int
    project_id: int
    name: str
    done: bool
    position: int
    due_on: str | None
    reference: str | None


class Window(TypedDict):
    """Some of the tasks that were asked for, and how many there are."""

    total: int
    offset: int
    tasks: list[TaskData]


class View(TypedDict):
    """All that a page shows when it opens."""

    projects: list[ProjectData]
    window: Window


def project_data(project: Project, counts: dict[int, tuple[int, int, int]]) -> ProjectData:
    tasks, to_do, _ = counts.get(project.id, (0, 0, 0))
    return {"id": project.id, "name": project.name, "tasks": tasks, "open": to_do}


def task_data(task: Task) -> TaskData:
    due_on = task.due_on
    return {
        "id": task.id,
        "project_id": task.project_id,
        "name": task.name,
        "done": task.done,
        "position": task.position,
        "due_on": due_on.isoformat() if due_on else None,
        "reference": task.reference,
    }
