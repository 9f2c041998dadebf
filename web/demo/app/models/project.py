"""A project: a named list of tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.record import Record, has_many, validates

if TYPE_CHECKING:
    from velocious.record import Attribute

NAME_LENGTH = 200


class Project(Record):
    """A named list of tasks, which go when it goes."""

    if TYPE_CHECKING:
        id: Attribute[int]
        name: Attribute[str]

    tasks = has_many("Task", dependent="destroy")

    validations = [
        validates("name", presence=True, length={"maximum": NAME_LENGTH}, uniqueness=True)
    ]
