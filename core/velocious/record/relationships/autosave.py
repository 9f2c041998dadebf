"""Saves related records with their owner: those it points at before it, those that point at it
after it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.record.state import NEW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from velocious.record.record import Record
    from velocious.record.relationships.base import Relationship


def pending(record: Record) -> bool:
    """Whether saving *record* has to save others too."""
    return any(_unsaved(related) for _, related in _related(record))


async def save_parents(record: Record) -> None:
    """Save the unsaved records that *record* points at, and take over their keys."""
    for relationship, related in _related(record):
        if relationship.holds_key:
            if _unsaved(related):
                await related.save()
            _take_key(record, relationship, related)


async def save_children(record: Record) -> None:
    """Give the records that point at *record* its key, and save those that are unsaved."""
    for relationship, related in _related(record):
        if not relationship.holds_key and _unsaved(related):
            key = record.read(relationship.owner_column())
            related.write(relationship.target_column(), key)
            await related.save()


def _take_key(record: Record, relationship: Relationship[Any], related: Record) -> None:
    key = related.read(relationship.target_column())
    if record.read(relationship.owner_column()) != key:
        record.write(relationship.owner_column(), key)
        relationship.put(record, related)


def _unsaved(related: Record) -> bool:
    return related._state == NEW or bool(related._assigned and related.is_changed())


def _related(record: Record) -> Iterator[tuple[Relationship[Any], Record]]:
    relationships = type(record)._definition.relationships
    for name, value in list((record._related or {}).items()):
        relationship = relationships[name]
        # What leads back to where the save came from is that save's own business.
        for related in value if relationship.many else [value]:
            if related is not None:
                yield relationship, related
