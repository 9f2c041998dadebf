"""What was assigned to an attachment and waits for the save of its record."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from velocious.record.attachments.attachment import AttachedFile
    from velocious.record.attachments.inputs import Source
    from velocious.record.record import Record


@dataclass(eq=False)
class Queue:
    """What the next save does with one attachment.

    Attributes:
        sources: files to add, in their order.
        replaces: whether those that are there go, except for *kept* (ids).
        order: ids and sources in the order they are to have; what is not in it follows.
        removed: ids of those that go in any case.
    """

    sources: list[Source] = field(default_factory=list["Source"])
    replaces: bool = False
    kept: set[str] = field(default_factory=set[str])
    removed: set[str] = field(default_factory=set[str])
    order: tuple[str | Source, ...] = ()

    def dooms(self, id: str) -> bool:
        """Whether the row with *id* goes."""
        return id in self.removed or (self.replaces and id not in self.kept)

    def arranged(self, rows: Mapping[str, AttachedFile]) -> list[AttachedFile | Source]:
        """The *rows* that stay, by id, and the new sources, each once in its order."""
        entries: dict[str | Source, AttachedFile | Source] = {**rows}
        entries |= {source: source for source in self.sources}
        first = [entries.pop(one) for one in self.order if one in entries]
        return [*first, *entries.values()]


#: What the running task attaches at once: record, attachment and queue.
_at_once: ContextVar[tuple[Record, str, Queue] | None] = ContextVar(
    "velocious_attaching", default=None
)


@contextmanager
def instead_of_queued(record: Record, name: str, queue: Queue) -> Generator[None]:
    """While the block runs, this task finds *queue* where others find what is queued."""
    token = _at_once.set((record, name, queue))
    try:
        yield
    finally:
        _at_once.reset(token)


def queue_at_once(record: Record, name: str) -> Queue | None:
    """The queue of :func:`instead_of_queued`, where this task is in such a block."""
    found = _at_once.get()
    return found[2] if found is not None and found[0] is record and found[1] == name else None
