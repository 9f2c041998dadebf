"""The board's projects."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from app.board.data import project_data
from app.models.project import Project
from app.models.task import Task

if TYPE_CHECKING:
    from app.board.data import Counts, ProjectData


async def projects() -> list[ProjectData]:
    """All projects by name, with how many tasks they have."""
    counts, found = await asyncio.gather(_counts(), Project.order("name").to_list())
    return [await project_data(project, counts) for project in found]


async def add_project(name: str) -> ProjectData:
    """A new project. Raises ValidationError."""
    return await project_data(await Project.create(name=name.strip()), {})


async def rename_project(id: int, name: str) -> ProjectData:
    """Give a project another name.

    Raises:
        ValidationError: nothing is changed then.
        RecordNotFoundError: somebody deleted it.
        AccessDeniedError: a rule forbids it, where there are rules.
    """
    project = await Project.find(id)
    await project.update(name=name.strip())
    return await project_data(project, await _counts())


async def delete_project(id: int) -> ProjectData:
    """Delete a project and its tasks. Raises RecordNotFoundError and AccessDeniedError."""
    project, counts = await asyncio.gather(Project.find(id), _counts())
    deleted = await project_data(project, counts)
    await project.destroy()
    return deleted


async def _counts() -> Counts:
    return {project: (tasks, to_do) for project, tasks, to_do in await Task.counts()}
