"""Loads relationships of many records with one query each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import UnknownRelationshipError
from velocious.query.paths import relationship_paths

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from velocious.query.resolution import Path
    from velocious.record.record import Record
    from velocious.record.relationships.base import Relationship


async def preload(model: type[Record], records: Sequence[Record], paths: Iterable[Path]) -> None:
    """Load *paths* (parents before children) for *records* of *model*; what is loaded already stays
    as it is.

    Raises:
        UnknownRelationshipError: with close matches.
    """
    # The models beside the records: a misspelt name is an error without any rows, too.
    reached: dict[Path, tuple[type[Record], Sequence[Record]]] = {(): (model, records)}
    for path in paths:
        owner_model, owners = reached[path[:-1]]
        relationship = find_relationship(owner_model, path[-1])
        missing = [owner for owner in owners if not relationship.loaded(owner)]
        if missing:
            await _load(missing, relationship)
        reached[path] = relationship.target(), list(_loaded(owners, relationship))


async def load(record: Record, relationships: tuple[Any, ...]) -> Any:
    """Load relationships of one record; returns the value of the first one named."""
    paths = relationship_paths(relationships)
    if not paths:
        return None
    for path in paths:
        if len(path) == 1:
            find_relationship(type(record), path[0]).unload(record)
    await preload(type(record), [record], paths)
    return find_relationship(type(record), paths[0][0]).value(record)


def all_hold_keys(record: Record, relationships: tuple[Any, ...]) -> bool:
    """Whether *record* has the keys of all of *relationships* itself, so that even a new one can
    load them.
    """
    firsts = {path[0] for path in relationship_paths(relationships)}
    return all(find_relationship(type(record), first).holds_key for first in firsts)


def find_relationship(model: type[Record], name: str) -> Relationship[Any]:
    """The relationship *name* of *model*. Raises UnknownRelationshipError."""
    relationships = model._definition.relationships
    if name not in relationships:
        raise UnknownRelationshipError(model.__name__, name, relationships)
    return relationships[name]


def _loaded(owners: Sequence[Record], relationship: Relationship[Any]) -> Iterator[Record]:
    for owner in owners:
        value = relationship.value(owner)
        if relationship.many:
            yield from value
        elif value is not None:
            yield value


async def _load(owners: Sequence[Record], relationship: Relationship[Any]) -> None:
    column = relationship.owner_column()
    keys = {key for key in (owner.read(column) for owner in owners) if key is not None}
    found = await _targets(relationship, list(keys)) if keys else []
    by_key: dict[Any, list[Record]] = {}
    target_column = relationship.target_column()
    for target in found:
        by_key.setdefault(getattr(target, target_column), []).append(target)
    inverse = None if relationship.holds_key else relationship.inverse()
    for owner in owners:
        mine = by_key.get(owner.read(column), [])
        _keep(owner, relationship, mine, inverse)


async def _targets(relationship: Relationship[Any], keys: list[Any]) -> list[Record]:
    query = relationship.query()
    column = relationship.target_column()
    if query._limit is None and query._offset is None:
        return await query.where({column: keys}).to_list()
    # A scope's limit is meant for each owner, which one query for all of them cannot express.
    return [record for key in keys for record in await query.where({column: key}).to_list()]


def _keep(
    owner: Record, relationship: Relationship[Any], mine: list[Record], inverse: str | None
) -> None:
    if relationship.many:
        relationship.put(owner, [*mine, *relationship.built(owner)])
    else:
        relationship.put(owner, mine[0] if mine else None)
    if inverse is not None:
        back = type(mine[0])._definition.relationships[inverse] if mine else None
        for target in mine:
            if back is not None:
                back.put(target, owner)
