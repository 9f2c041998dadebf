"""A task."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from app.colors import ColorType
from app.model_bases.task import TaskBase

from velocious.record import (
    attribute,
    before_save,
    belongs_to,
    enum,
    scope,
    state_machine,
    translates,
    validates,
)

if TYPE_CHECKING:
    from velocious.query import Query


class Effort(Enum):
    """How much there is to do."""

    SMALL = 1
    LARGE = 2


class Task(TaskBase):
    """Something to do in a project."""

    project = belongs_to("Project")
    reviewer = belongs_to("Project", foreign_key="reviewer_id")

    position = attribute(default=1)
    notify = attribute(virtual=True, type="boolean", default=False)
    color = attribute(type=ColorType())
    status = enum(["planned", "running"], default="planned")
    effort = enum(Effort, prefix=True)
    state = state_machine(
        initial="draft",
        states=["draft", "published"],
        events={"publish": {"from_": "draft", "to": "published"}},
    )
    translations = translates("title", locales=["en", "pt-BR"])
    validations = [validates("name", confirmation=True)]

    open = scope(lambda tasks: tasks.where(done=False))

    @scope
    @staticmethod
    def above(tasks: Query[Task], position: int) -> Query[Task]:
        return tasks.where(Task.position > position)

    @before_save
    def tidy(self) -> None:
        self.name = self.name.strip()
