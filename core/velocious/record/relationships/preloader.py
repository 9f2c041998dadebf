"""Loads relationships of many records with one query each."""

from __future__ import annotations

from asyncio import Lock
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from velocious.errors import UnknownRelationshipError
from velocious.query import plan as plans
from velocious.query.paths import relationship_paths
from velocious.record.hydration import hydrate
from velocious.record.relationships.cohort import Reached, shares, siblings, take_served
from velocious.record.relationships.keys import keys_in_rows, keys_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from velocious.query.resolution import Path
    from velocious.query.sight import Sight
    from velocious.record.record import Record
    from velocious.record.relationships.base import Relationship

type Reach = dict[type[Record], Sequence[Record]]


async def preload(
    model: type[Record],
    records: Sequence[Record],
    paths: Iterable[Path],
    sight: Sight | None = None,
) -> None:
    """Load *paths* (parents before children) for *records* of *model*, as far as *sight* goes; what
    is loaded already stays as it is.

    Raises:
        UnknownRelationshipError: with close matches.
    """
    schema = model._definition.schema_in_use()
    if schema is not None and schema.remote is not None:
        await schema.remote.unpack(model, records)
    # The models beside the records: a misspelt name is an error without any rows, too.
    reached: dict[Path, Reach] = {(): {model: records}}
    for path in paths:
        found: Reach = {}
        for owner_model, owners in reached[path[:-1]].items():
            relationship = find_relationship(owner_model, path[-1])
            missing = [owner for owner in owners if not relationship.loaded(owner)]
            if missing:
                await load_all(missing, relationship, sight=sight)
            for target, some in relationship.reached(list(_loaded(owners, relationship))).items():
                found[target] = [*found.get(target, ()), *some]
        reached[path] = found


async def load(record: Record, relationships: tuple[Any, ...]) -> Any:
    """Load relationships of one record; returns the value of the first one named."""
    paths = relationship_paths(relationships)
    if not paths:
        return None
    for path in paths:
        if len(path) == 1:
            await _load_one(record, find_relationship(type(record), path[0]))
    nested = [path for path in paths if len(path) > 1]
    if nested:
        await preload(type(record), [record], paths)
    return find_relationship(type(record), paths[0][0]).value(record)


async def _load_one(record: Record, relationship: Relationship[Any]) -> None:
    if not shares(record, relationship):
        relationship.unload(record)
        await load_all([record], relationship)
    elif relationship.loaded(record):
        if not take_served(record, relationship):
            relationship.unload(record)
            await load_all([record], relationship)
    else:
        await _load_for_cohort(record, relationship)


async def _load_for_cohort(record: Record, relationship: Relationship[Any]) -> None:
    async with _turn(record, relationship):
        if take_served(record, relationship):
            return
        others = siblings(record, relationship)
        await load_all([record, *others], relationship, asked_by=record)
        cohort = record._cohort
        if cohort is not None:
            cohort.served.setdefault(relationship.name, set()).update(map(id, others))


def _turn(record: Record, relationship: Relationship[Any]) -> Any:
    """Of many tasks that ask at once, one loads. Inside a transaction nobody waits: the one that
    loads may need the connection that the transaction holds.
    """
    cohort = record._cohort
    if cohort is None or type(record)._definition.database().current_transaction() is not None:
        return nullcontext()
    return cohort.locks.setdefault(relationship.name, Lock())


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


async def load_all(
    owners: Sequence[Record],
    relationship: Relationship[Any],
    *,
    asked_by: Record | None = None,
    sight: Sight | None = None,
) -> None:
    """Load *relationship* for *owners*; those beside *asked_by* keep what they got meanwhile."""
    found = await _fetch(relationship, owners, sight)
    inverse = None if relationship.holds_key else relationship.inverse()
    for owner, mine in zip(owners, found, strict=True):
        if asked_by is not None and owner is not asked_by and _has_own(owner, relationship):
            continue
        if relationship.many:
            relationship.put(owner, [*mine, *relationship.built(owner)])
        else:
            relationship.put(owner, mine[0] if mine else None)
        if inverse is not None:
            for target in mine:
                # As put() does, written out: there may be thousands.
                if target._related is None:
                    target._related = {inverse: owner}
                else:
                    target._related[inverse] = owner


async def _fetch(
    relationship: Relationship[Any], owners: Sequence[Record], sight: Sight | None
) -> list[list[Record]]:
    schema = type(owners[0])._definition.schema_in_use()
    if schema is not None and schema.remote is not None and schema.remote.reaches(relationship):
        # The backend goes along its own relationship, whose columns it need not show.
        return await schema.remote.fetch_related(relationship, owners)
    return await relationship.fetch(owners, sight)


def _has_own(owner: Record, relationship: Relationship[Any]) -> bool:
    return owner._related is not None and relationship.name in owner._related


def seen(query: Any, relationship: Relationship[Any], sight: Sight | None) -> Any:
    """*query* of what *relationship* leads to, as far as *sight* goes."""
    if sight is None:
        return query
    from velocious.query.sight import belongs_to_its_owner

    if belongs_to_its_owner(relationship, query._model):
        return query
    return query.seen_by(sight.ability)


async def fetch_by_column(
    relationship: Relationship[Any], owners: Sequence[Record], sight: Sight | None
) -> list[list[Record]]:
    """For each of *owners*, the records whose target column holds the owner's key."""
    keys = keys_of(owners, relationship.owner_column())
    wanted = list({key for key in keys if key is not None})
    by_key = await _targets(relationship, wanted, owners, sight) if wanted else {}
    nothing: list[Record] = []
    return [by_key.get(key, nothing) for key in keys]


async def _targets(
    relationship: Relationship[Any], keys: list[Any], owners: Sequence[Record], sight: Sight | None
) -> dict[Any, list[Record]]:
    query = seen(relationship.query(), relationship, sight)
    column = relationship.target_column()
    if relationship.limited():
        # A scope's limit is meant for each owner, which one query for all of them cannot express.
        return {key: await query.where({column: key}).to_list() for key in keys}
    query = query.where({column: keys})
    rows = await query._rows("records", plans.records_shape)
    cohort = Reached(relationship.name, owners) if rows else None
    found = hydrate(query._model, rows, cohort)
    if query._preloads:
        await preload(query._model, found, query._preloads, sight)
    by_key: dict[Any, list[Record]] = {}
    for key, target in zip(keys_in_rows(query._model, rows, column), found, strict=True):
        if key in by_key:
            by_key[key].append(target)
        else:
            by_key[key] = [target]
    return by_key
