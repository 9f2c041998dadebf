"""The board's projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.board.data import project_data
from app.models.project import Project
from app.models.task import Task

if TYPE_CHECKING:
    from app.board.data import ProjectData


async def projects() -> list[ProjectData]:
    """All projects by name, with how many tasks they have."""
    counts = await Task.counts()
    return [project_data(project, counts) for project in await Project.order("name").to_list()]


async def add_project(name: str) -> ProjectData:
    """A new project. Raises ValidationError."""
    return project_data(await Project.create(name=name.strip()), {})


async def rename_project(id: int, name: str) -> ProjectData:
    """Give a project another name. Raises ValidationError and RecordNotFoundError."""
    project = await Project.find(id)
    await project.update(name=name.strip())
    return project_data(project, await Task.counts())


async def delete_project(id: int) -> ProjectData:
    """Delete a project and its tasks. Raises RecordNotFoundError."""
    project = await Project.find(id)
    deleted = project_data(project, await Task.counts())
    await project.destroy()
    return deleted
