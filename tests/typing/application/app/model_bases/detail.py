"""Columns and relationships of Detail, typed. `velocious g:base-models` writes this file.

Changes to it are lost.
"""

from __future__ import annotations

from typing import Any, TYPE_CHECKING

from velocious.record import Record

if TYPE_CHECKING:
    from app.models.project import Project
    from velocious.record import Attribute, BelongsTo


class DetailBase(Record):
    abstract = True

    id: Attribute[int]
    project_id: Attribute[int]
    notes: Attribute[Any]
    project: BelongsTo[Project]
