"""Saves related records with their owner: those it points at before it, those that point at it
after it.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from velocious.record.relationships import dependents
from velocious.record.state import NEW

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from velocious.record.record import Record
    from velocious.record.relationships.base import Relationship

#: The records whose saves led here, outermost first.
_being_saved: ContextVar[tuple[Record, ...]] = ContextVar("velocious_being_saved", default=())


@contextmanager
def saving(record: Record) -> Generator[None]:
    """While the block runs, what is related to *record* leaves saving it to the caller."""
    token = _being_saved.set((*_being_saved.get(), record))
    try:
        yield
    finally:
        _being_saved.reset(token)


def pending(record: Record) -> bool:
    """Whether saving *record* has to save others too, or to take over their keys."""
    new = record._state == NEW
    return any(
        _unsaved(related) or (_lacks_key(record, relationship) if relationship.holds_key else new)
        for relationship, related in _related(record)
    )


async def save_parents(record: Record) -> None:
    """Save the unsaved records that *record* points at, and take over their keys."""
    for relationship, related in _related(record):
        if relationship.holds_key:
            if _unsaved(related) and not _is_being_saved(related):
                await related.save()
            _take_key(record, relationship, related)


async def save_children(record: Record, *, created: bool) -> None:
    """Save the unsaved records that point at *record*; they get its key where it is new."""
    for relationship, related in _related(record):
        if relationship.holds_key or _is_being_saved(related):
            continue
        if created or related._state == NEW:
            _give_key(record, relationship, related)
        if _unsaved(related):
            await related.save()
            if not relationship.many and not created:
                await _replace(record, relationship, related)


async def _replace(record: Record, relationship: Relationship[Any], related: Record) -> None:
    if relationship.target_column() in related.saved_changes():
        await dependents.replace(record, relationship, related)


def _take_key(record: Record, relationship: Relationship[Any], related: Record) -> None:
    key = related.read(relationship.target_column_of(related))
    if record.read(relationship.owner_column()) != key:
        record.write(relationship.owner_column(), key)
        relationship.put(record, related)


def _give_key(record: Record, relationship: Relationship[Any], related: Record) -> None:
    related.write(relationship.target_column(), record.read(relationship.owner_column()))
    inverse = relationship.inverse()
    if inverse is not None:
        type(related)._definition.relationships[inverse].put(related, record)


def _lacks_key(record: Record, relationship: Relationship[Any]) -> bool:
    return record.read(relationship.owner_column()) is None


def _unsaved(related: Record) -> bool:
    if related._state == NEW:
        return True
    # Without anything assigned there is nothing to compare, which is nearly always so.
    unsaved = related._assigned or type(related)._definition.attachments
    return bool(unsaved and related.is_changed())


def _is_being_saved(related: Record) -> bool:
    return any(one is related for one in _being_saved.get())


def _related(record: Record) -> Iterator[tuple[Relationship[Any], Record]]:
    relationships = type(record)._definition.relationships
    for name, value in list((record._related or {}).items()):
        relationship = relationships.get(name)
        if relationship is None or relationship.through is not None:
            continue
        for related in list(value) if relationship.many else [value]:
            if related is not None:
                yield relationship, related
