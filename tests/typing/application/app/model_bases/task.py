"""Columns and relationships of Task, typed. `velocious g:base-models` writes this file.

Changes to it are lost.
"""

from __future__ import annotations

from typing import Any, Self, TYPE_CHECKING

from velocious.record import Record

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from app.colors import Color
    from app.model_bases.task_translation import TaskTranslationBase
    from app.models.project import Project
    from app.models.task import Effort
    from velocious.record import Attribute, BelongsTo, HasMany
    from velocious.record.declared import VirtualAttribute
    from velocious.record.scope import Scope
    from velocious.record.translated import TranslatedAttribute


class TaskBase(Record):
    abstract = True

    id: Attribute[int]
    project_id: Attribute[int]
    reviewer_id: Attribute[int | None]
    name: Attribute[str]
    done: Attribute[bool]
    position: Attribute[int | None]
    price: Attribute[Decimal | None]
    status: Attribute[str]
    effort: Attribute[Effort | None]
    state: Attribute[str]
    color: Attribute[Color | None]
    created_at: Attribute[datetime]
    updated_at: Attribute[datetime]
    project: BelongsTo[Project]
    reviewer: BelongsTo[Project | None]
    translations: HasMany[TaskTranslationBase]
    planned: Scope[[]]
    not_planned: Scope[[]]
    running: Scope[[]]
    not_running: Scope[[]]
    effort_small: Scope[[]]
    not_effort_small: Scope[[]]
    effort_large: Scope[[]]
    not_effort_large: Scope[[]]
    title: TranslatedAttribute[str]
    title_en: TranslatedAttribute[str]
    title_pt_br: TranslatedAttribute[str]
    name_confirmation: VirtualAttribute[Any]
    notify: VirtualAttribute[bool | None]

    if TYPE_CHECKING:

        @property
        def is_planned(self) -> bool: ...

        async def mark_planned(self) -> Self: ...

        @property
        def is_running(self) -> bool: ...

        async def mark_running(self) -> Self: ...

        @property
        def is_effort_small(self) -> bool: ...

        async def mark_effort_small(self) -> Self: ...

        @property
        def is_effort_large(self) -> bool: ...

        async def mark_effort_large(self) -> Self: ...

        def force_state(self, state: str) -> Self: ...

        def publish(self) -> Self: ...

        async def publish_and_save(self) -> Self: ...

        def can_publish(self) -> bool: ...

        async def can_publish_now(self) -> bool: ...

        def has_title(self) -> bool: ...
