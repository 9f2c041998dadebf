"""Columns and relationships of Project, typed. `velocious g:base-models` writes this file.

Changes to it are lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.record import Record

if TYPE_CHECKING:
    from app.models.detail import Detail
    from app.models.task import Task
    from velocious.record import Attribute, HasMany, HasOne


class ProjectBase(Record):
    abstract = True

    id: Attribute[int]
    name: Attribute[str]
    tasks: HasMany[Task]
    detail: HasOne[Detail]
