"""A project."""

from __future__ import annotations

from app.model_bases.project import ProjectBase

from velocious.record import has_many, has_one, validates


class Project(ProjectBase):
    """A project of several tasks."""

    tasks = has_many("Task", dependent="destroy")
    detail = has_one("Detail")
    validations = [validates("name", presence=True)]
