"""Project, as its backend shows it. `velocious g:frontend-models` writes this file.

Changes to it are lost.
"""

from __future__ import annotations

from typing import Any, ClassVar, TYPE_CHECKING

from velocious.frontend_model import FrontendModel
from velocious.record import has_many

if TYPE_CHECKING:
    from app.frontend_models.task import Task
    from velocious.record import Attribute, HasMany


class Project(FrontendModel):
    __resource__: ClassVar[dict[str, Any]] = {
        "primaryKey": "id",
        "attributes": {
            "id": {"type": "integer", "null": False, "filterable": True},
            "name": {"type": "string", "null": False, "filterable": True},
            "size": {"filterable": False},
        },
        "nested": {},
        "limits": {"maxPageSize": 200},
    }

    id: Attribute[int]
    name: Attribute[str]
    size: Attribute[int]
    tasks: HasMany[Task] = has_many("Task")
