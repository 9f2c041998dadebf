"""Columns and relationships of TaskTranslation, typed. `velocious g:base-models` writes this file.

Changes to it are lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.record import Record

if TYPE_CHECKING:
    from app.models.task import Task
    from velocious.record import Attribute, BelongsTo


class TaskTranslationBase(Record):
    abstract = True

    id: Attribute[int]
    task_id: Attribute[int]
    locale: Attribute[str]
    title: Attribute[str | None]
    task: BelongsTo[Task]
