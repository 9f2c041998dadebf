"""A task of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.configuration import Configuration
from velocious.record import Record, belongs_to, broadcasts_to, scope, validates

if TYPE_CHECKING:
    from datetime import date

    from velocious.query import Query
    from velocious.record import Attribute

NAME_LENGTH = 200

COUNTS = (
    "SELECT project_id, COUNT(*), SUM(CASE WHEN done THEN 0 ELSE 1 END), MAX(position) "
    "FROM tasks GROUP BY project_id"
)


class Task(Record):
    """Something to do. Its position says where it stands in its project."""

    if TYPE_CHECKING:
        id: Attribute[int]
        project_id: Attribute[int]
        name: Attribute[str]
        done: Attribute[bool]
        position: Attribute[int]
        due_on: Attribute[date | None]
        reference: Attribute[str | None]

    project = belongs_to("Project")
    told = broadcasts_to("presence-board", attributes=["id", "project_id"])

    validations = [
        validates("project", presence=True),
        validates("name", presence=True, length={"maximum": NAME_LENGTH}),
    ]

    @scope
    def open(query: Any) -> Query[Task]:  # pyright: ignore[reportSelfClsParameterName]
        """What is still to do."""
        return query.where(done=False)

    @scope
    def finished(query: Any) -> Query[Task]:  # pyright: ignore[reportSelfClsParameterName]
        """What is done."""
        return query.where(done=True)

    @scope
    def in_order(query: Any) -> Query[Task]:  # pyright: ignore[reportSelfClsParameterName]
        """As people put them: project by project, by position."""
        return query.order("project_id", "position", "id")

    @classmethod
    async def counts(cls) -> dict[int, tuple[int, int, int]]:
        """Project id → how many tasks it has, how many of them are open, the last position."""
        rows = await Configuration.current().database().fetch(COUNTS)
        return {project: (tasks, to_do, last) for project, tasks, to_do, last in rows}
