"""Columns and relationships of Task, typed. `velocious g:base-models` writes this file.

Changes to it are lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.record import Record

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from app.models.project import Project
    from velocious.record import Attribute, BelongsTo


class TaskBase(Record):
    abstract = True

    id: Attribute[int]
    project_id: Attribute[int]
    reviewer_id: Attribute[int | None]
    name: Attribute[str]
    done: Attribute[bool]
    position: Attribute[int | None]
    price: Attribute[Decimal | None]
    created_at: Attribute[datetime]
    updated_at: Attribute[datetime]
    project: BelongsTo[Project]
    reviewer: BelongsTo[Project | None]
