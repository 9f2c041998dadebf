"""What the page lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.record import Record

if TYPE_CHECKING:
    from velocious.record import Attribute


class Task(Record):
    """Something to do."""

    if TYPE_CHECKING:
        id: Attribute[int]
        name: Attribute[str]
