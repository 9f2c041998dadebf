"""A task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.model_bases.task import TaskBase

from velocious.record import before_save, belongs_to, scope

if TYPE_CHECKING:
    from velocious.query import Query


class Task(TaskBase):
    """Something to do in a project."""

    project = belongs_to("Project")
    reviewer = belongs_to("Project", foreign_key="reviewer_id")

    open = scope(lambda tasks: tasks.where(done=False))

    @scope
    @staticmethod
    def above(tasks: Query[Task], position: int) -> Query[Task]:
        return tasks.where(Task.position > position)

    @before_save
    def tidy(self) -> None:
        self.name = self.name.strip()
