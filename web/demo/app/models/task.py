"""A task of a project."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from app.models.project import Project

from velocious.query import raw
from velocious.record import Record, at_home, belongs_to, scope, validates

if TYPE_CHECKING:
    from datetime import date

    from velocious.query import Query
    from velocious.record import Attribute

NAME_LENGTH = 200


class Task(Record):
    """Something to do. Its position says where it stands in its project: positions only say what
    comes before what; gaps are welcome.
    """

    if TYPE_CHECKING:
        id: Attribute[int]
        project_id: Attribute[int]
        name: Attribute[str]
        done: Attribute[bool]
        position: Attribute[int]
        due_on: Attribute[date | None]
        reference: Attribute[str | None]

    project = belongs_to("Project")

    validations = [
        validates("project", presence=True),
        validates("name", presence=True, length={"maximum": NAME_LENGTH}),
    ]

    @scope
    def open(query: Any) -> Query[Task]:
        """What is still to do."""
        return query.where(done=False)

    @scope
    def finished(query: Any) -> Query[Task]:
        """What is done."""
        return query.where(done=True)

    @scope
    def in_order(query: Any) -> Query[Task]:
        """As people put them: project by project, by position."""
        return query.order("project_id", "position", "id")

    @at_home
    async def tick(self, *, done: bool = True) -> Task:
        """Say that it is done, or not."""
        await self.update(done=done)
        return self

    @at_home
    async def move(
        self, project: int | None = None, before: int | None = None, *, first: bool = False
    ) -> Task:
        """Put it before another task, or first or (by default) last in a project.

        Without a *project* it stays in its own, or goes to the one of the task it is put *before*.

        Raises:
            RecordNotFoundError: that task, or the project, is gone.
        """
        async with Task.transaction():
            if before is not None:
                neighbour = await Task.find(before)
                target, position = neighbour.project_id, neighbour.position
            else:
                target = self.project_id if project is None else (await Project.find(project)).id
                end = await Task.position_at_end(target, first=first)
                position = end if first else end + 1
            later = Task.where(Task.position >= position, project_id=target)
            await later.update_all(position=raw("position + 1"))
            await self.update(project_id=target, position=position)
        return await self.reload()

    @classmethod
    async def position_at_end(cls, project: int, *, first: bool = False) -> int:
        """The position of the last task of a project, or the *first*; 0 without tasks."""
        order = "position" if first else "-position"
        found = await cls.where(project_id=project).order(order).limit(1).pluck("position")
        return found[0] if found else 0

    @classmethod
    @at_home
    async def counts(cls) -> list[tuple[int, int, int]]:
        """Project id, how many tasks it has, and how many of them are open."""
        every, to_do = await asyncio.gather(
            cls.group("project_id").count(), cls.open().group("project_id").count()
        )
        return [(project, tasks, to_do.get(project, 0)) for project, tasks in every.items()]
