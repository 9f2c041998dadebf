"""What was assigned to an attachment and waits for the save of its record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from velocious.record.attachments.inputs import Source


@dataclass(eq=False)
class Queue:
    """What the next save does with one attachment.

    Attributes:
        sources: files to add, in their order.
        replaces: whether those that are there go, except for *kept* (ids).
        removed: ids of those that go in any case.
    """

    sources: list[Source] = field(default_factory=list["Source"])
    replaces: bool = False
    kept: set[str] = field(default_factory=set[str])
    removed: set[str] = field(default_factory=set[str])

    def dooms(self, id: str) -> bool:
        """Whether the row with *id* goes."""
        return id in self.removed or (self.replaces and id not in self.kept)
