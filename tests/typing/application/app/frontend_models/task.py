"""Task, as its backend shows it. `velocious g:frontend-models` writes this file.

Changes to it are lost.
"""

from __future__ import annotations

from typing import Any, ClassVar, TYPE_CHECKING

from velocious.frontend_model import FrontendModel, call
from velocious.record import belongs_to

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from app.frontend_models.project import Project
    from velocious.record import Attribute, BelongsTo


class Task(FrontendModel):
    __resource__: ClassVar[dict[str, Any]] = {
        "primaryKey": "id",
        "attributes": {
            "id": {"type": "integer", "null": False, "filterable": True},
            "name": {"type": "string", "null": False, "filterable": True},
            "done": {"type": "boolean", "null": False, "filterable": False},
            "position": {"type": "integer", "null": True, "filterable": False},
            "price": {"type": "decimal", "null": True, "filterable": False},
            "created_at": {"type": "datetime", "null": False, "filterable": False},
            "color": {"type": "color", "null": True, "filterable": False},
        },
        "nested": {},
        "limits": {"maxPageSize": 200},
    }

    id: Attribute[int]
    name: Attribute[str]
    done: Attribute[bool]
    position: Attribute[int | None]
    price: Attribute[Decimal | None]
    created_at: Attribute[datetime]
    color: Attribute[Any]
    project: BelongsTo[Project] = belongs_to("Project")
    reviewer: BelongsTo[Project | None] = belongs_to("Project", foreign_key="reviewer_id")

    async def finish(self, **arguments: Any) -> Any:
        """Mark the task as done."""
        return await call(self, "finish", **arguments)

    @classmethod
    async def summary(cls, **arguments: Any) -> Any:
        """The command summary of the resource."""
        return await call(cls, "summary", **arguments)
