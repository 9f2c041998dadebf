"""What clients get of projects."""

from __future__ import annotations

from app.models.project import Project
from app.models.task import Task

from velocious.resource import Resource, command


class ProjectResource(Resource):
    """Projects with their tasks."""

    model = Project
    attributes = ("id", "name", "size")
    writable = ("name",)
    filterable = sortable = ("id", "name")
    relationships = ("tasks",)

    def abilities(self) -> None:
        self.can("read")

    def size_attribute(self, project: Project) -> int:
        return len(project.name)


class TaskResource(Resource):
    """Tasks."""

    model = Task
    attributes = ("id", "name", "done", "position", "price", "created_at", "color")
    writable = ("name", "done")
    filterable = ("id", "name")
    relationships = ("project", "reviewer")

    def abilities(self) -> None:
        self.can("manage")

    @command(on="member", action="update")
    async def finish(self, task: Task) -> Task:
        """Mark the task as done."""
        return await task.update(done=True)

    @command(on="collection", action="read")
    async def summary(self) -> int:
        return await Task.count()
