"""Something to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.record import Record, validates

if TYPE_CHECKING:
    from datetime import datetime

    from velocious.record import Attribute


class Task(Record):
    """A task; it is done at the time when somebody ticked it."""

    if TYPE_CHECKING:
        id: Attribute[int]
        name: Attribute[str]
        done_at: Attribute[datetime | None]

    validations = [validates("name", presence=True, length={"maximum": 80})]
