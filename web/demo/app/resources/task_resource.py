"""What clients of the server may see of tasks, and who may do what with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.models.task import Task

from velocious.resource import Resource, command

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class TaskResource(Resource):
    """All may be read. A task that is done stays as it is, but for those who may do everything.

    The browser runs the same rules to dim what would be refused; it enforces none of them.
    """

    model = Task
    attributes = ("id", "project_id", "name", "done", "position", "due_on", "reference")
    writable = attributes[1:]
    filterable = ("id", "project_id", "name", "done", "reference")
    sortable = ("id", "project_id", "position")
    pluckable = ("position",)
    relationships = ("project",)
    max_page_size = 500

    def abilities(self) -> None:
        if self.user is None:
            return
        if self.user.may_everything:
            self.can("manage")
            return
        who = self.user.name
        self.can(["read", "create", "update", "tick", "move"])
        self.cannot(
            ["update", "tick", "move"],
            done=True,
            reason=f"{who} may not change a task that is done. Ada may.",
        )
        self.cannot("destroy", reason=f"{who} may not delete tasks. Ada may.")

    def permitted_params(self, action: str, params: Mapping[str, Any]) -> Sequence[str]:
        """Ticking and moving are commands of their own, with rules of their own."""
        return ("name", "due_on") if action == "update" else self.writable

    @command(on="member")
    async def tick(self, task: Task, done: bool = True) -> Task:
        """Say that it is done, or not."""
        return await task.tick(done=done)

    @command(on="member")
    async def move(
        self,
        task: Task,
        project: int | None = None,
        before: int | None = None,
        first: bool = False,
    ) -> Task:
        """Put it before another task, or first or last in a project."""
        return await task.move(project, before, first=first)

    @command(on="collection", action="read")
    async def counts(self) -> list[tuple[int, int, int]]:
        """How many tasks each project has, and how many of them are open."""
        return await Task.counts()
