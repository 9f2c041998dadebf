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


async def preload(records: Sequence[Record], paths: Iterable[Path]) -> None:
    """Load *paths* (parents before children) for *records*; what is loaded already stays as it is.

    Raises:
        UnknownRelationshipError: with close matches.
    """
    reached: dict[Path, Sequence[Record]] = {(): records}
    for path in paths:
        owners = reached[path[:-1]]
        if owners:
            relationship = find_relationship(type(owners[0]), path[-1])
            missing = [owner for owner in owners if not relationship.loaded(owner)]
            if missing:
                await _load(missing, relationship)
            reached[path] = list(_loaded(owners, relationship))
        else:
            reached[path] = ()


async def load(record: Record, relationships: tuple[Any, ...]) -> Any:
    """Load relationships of one record; returns the value of the first one named."""
    paths = relationship_paths(relationships)
    if not paths:
        return None
    for path in paths:
        if len(path) == 1 and record._related is not None:
            record._related.pop(path[0], None)
    await preload([record], paths)
    return find_relationship(type(record), paths[0][0]).value(record)


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
    found = await _targets(relationship, keys) if keys else []
    by_key: dict[Any, list[Record]] = {}
    target_column = relationship.target_column()
    for target in found:
        by_key.setdefault(getattr(target, target_column), []).append(target)
    inverse = None if relationship.holds_key else relationship.inverse()
    for owner in owners:
        mine = by_key.get(owner.read(column), [])
        _keep(owner, relationship, mine, inverse)


async def _targets(relationship: Relationship[Any], keys: set[Any]) -> list[Record]:
    return await relationship.query().where({relationship.target_column(): list(keys)}).to_list()


def _keep(
    owner: Record, relationship: Relationship[Any], mine: list[Record], inverse: str | None
) -> None:
    relationship.put(owner, mine if relationship.many else (mine[0] if mine else None))
    if inverse is not None:
        back = type(mine[0])._definition.relationships[inverse] if mine else None
        for target in mine:
            if back is not None:
                back.put(target, owner)
