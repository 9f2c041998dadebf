"""Related records: those that came with their owners, and those that are asked for afterwards."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import BackendAnswerError, RecordNotFoundError
from velocious.frontend_model.command import Command, member, object_of
from velocious.frontend_model.rows import (
    RELATED,
    RelatedRow,
    key_of,
    row_of,
    rows_of,
    sent,
    stored,
)
from velocious.query.serialization import value_data as _plain
from velocious.record.hydration import hydrate
from velocious.record.relationships.cohort import Reached
from velocious.record.relationships.keys import keys_of
from velocious.record.schema import NOT_SELECTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.frontend_model.backend import Backend
    from velocious.record.record import Record
    from velocious.record.relationships.base import Relationship
    from velocious.record.schema import ModelSchema

#: Owners whose records are asked for with one command: keys are listed in it.
MOST_OWNERS = 100


async def unpack(model: type[Record], records: Sequence[Record]) -> None:
    """Put the records that came with *records* of *model* into their relationships."""
    said: dict[str, list[tuple[Record, Any]]] = {}
    for record in records:
        row = record._row
        if type(row) is RelatedRow:
            record._row = tuple(row)
            for name, value in row.related.items():
                said.setdefault(name, []).append((record, value))
    for name, pairs in said.items():
        relationship = model._definition.relationships.get(name)
        if relationship is None or relationship.holds_files:
            continue
        for target, some in _by_target(relationship, pairs).items():
            found = await _made(target, relationship, some)
            _put(relationship, some, found)


async def fetch(
    backend: Backend, relationship: Relationship[Any], owners: Sequence[Record]
) -> list[list[Record]]:
    """For each of *owners*, stored records of one model, those of *relationship*."""
    if relationship.holds_key and _all_keys_known(owners, relationship):
        # What a record points at may have been assigned, and not be saved yet.
        return await _fetch_by_key(backend, relationship, owners)
    model = type(owners[0])
    schema = model._definition.schema_or_fail()
    keys = list(dict.fromkeys(key_of(owner, schema) for owner in owners))
    payload: dict[str, Any] = {
        "select": {model.__name__: [schema.primary_key]},
        "preload": {relationship.name: {}},
    }
    found: dict[Any, Any] = {}
    for said in await _owners(backend, model, schema, keys, payload):
        key = stored(schema.attributes[schema.primary_key], said.get(schema.primary_key))
        found[key] = _related(said, relationship, backend)
    nothing: Any = [] if relationship.many else None
    pairs = [(owner, found.get(_stored_key(owner, schema), nothing)) for owner in owners]
    return await _made(relationship.target(), relationship, pairs)


def _all_keys_known(owners: Sequence[Record], relationship: Relationship[Any]) -> bool:
    column = relationship.owner_column()
    index = type(owners[0])._definition.schema_or_fail().attributes[column].index
    return all(
        one._row[index] is not NOT_SELECTED or column in (one._assigned or {}) for one in owners
    )


async def _fetch_by_key(
    backend: Backend, relationship: Relationship[Any], owners: Sequence[Record]
) -> list[list[Record]]:
    target = relationship.target()
    schema = await target._definition.ready()
    if relationship.scoped or relationship.target_column() != schema.primary_key:
        return await relationship.fetch(owners)
    keys = keys_of(owners, relationship.owner_column())
    wanted = list(dict.fromkeys(key for key in keys if key is not None))
    said = await _owners(backend, target, schema, wanted, {}) if wanted else []
    by_key: dict[Any, Any] = {}
    for one in said:
        [row] = rows_of(schema, [one])
        value = row[schema.attributes[schema.primary_key].index]
        by_key[sent(schema.attributes[schema.primary_key], value)] = one
    return await _made(
        target,
        relationship,
        [(owner, by_key.get(key)) for owner, key in zip(owners, keys, strict=True)],
    )


async def _owners(
    backend: Backend,
    model: type[Record],
    schema: ModelSchema,
    keys: list[Any],
    payload: dict[str, Any],
) -> list[Mapping[str, Any]]:
    """What the backend says of the records with *keys*."""
    shown = backend.settings.shown
    name, key = model.__name__, schema.primary_key
    attributes: dict[str, Any] = backend.shown_of(model).get("attributes") or {}
    about: dict[str, Any] = attributes.get(key) or {}
    if not about.get("filterable"):
        # Each by itself, all of them in one batch.
        finds = [backend.run(Command(name, "find", {**payload, "id": one})) for one in keys]
        answers = await gather(*finds, return_exceptions=True)
        return [_model(one, shown) for one in answers if not isinstance(one, RecordNotFoundError)]
    found: list[Mapping[str, Any]] = []
    for start in range(0, len(keys), MOST_OWNERS):
        some = keys[start : start + MOST_OWNERS]
        among = [["is", {"dict": {key: [_plain(one) for one in some]}}]]
        asked = {**payload, "conditions": among, "limit": len(some)}
        response = await backend.run(Command(name, "index", asked))
        found += [object_of(one, shown) for one in member(response, "models", list, shown)]
    return found


def _model(answer: Any, shown: str) -> Mapping[str, Any]:
    if isinstance(answer, BaseException):
        raise answer
    return member(answer, "model", dict, shown)


def _stored_key(owner: Record, schema: Any) -> Any:
    return owner._row[schema.attributes[schema.primary_key].index]


def _related(said: Mapping[str, Any], relationship: Relationship[Any], backend: Backend) -> Any:
    known = said.get(RELATED)
    if not isinstance(known, Mapping) or relationship.name not in known:
        raise BackendAnswerError(
            backend.settings.shown, f"it was asked for {relationship!r}, and says nothing of it"
        )
    return cast("Mapping[str, Any]", known)[relationship.name]


def _by_target(
    relationship: Relationship[Any], pairs: list[tuple[Record, Any]]
) -> dict[type[Record], list[tuple[Record, Any]]]:
    if not relationship.polymorphic:
        return {relationship.target(): pairs}
    kind: Any = relationship
    found: dict[type[Record], list[tuple[Record, Any]]] = {}
    for owner, value in pairs:
        name = owner.read(kind.type_column()) if value is not None else None
        target = kind.owner if name is None else kind.model_named(name)
        found.setdefault(target, []).append((owner, value))
    return found


async def _made(
    target: type[Record], relationship: Relationship[Any], pairs: Sequence[tuple[Record, Any]]
) -> list[list[Record]]:
    """The records of *target* that were said of each owner; one object for each row."""
    schema = await target._definition.ready()
    lists = [_entries(value) for _, value in pairs]
    index = schema.attributes[schema.primary_key].index
    rows: dict[Any, tuple[Any, ...]] = {}
    keys: list[list[Any]] = []
    for entries in lists:
        mine: list[Any] = []
        for said in entries:
            row = row_of(schema, said)
            key = row[index]
            rows.setdefault(key, row)
            mine.append(key)
        keys.append(mine)
    cohort = Reached(relationship.name, [owner for owner, _ in pairs]) if rows else None
    records = dict(zip(rows, hydrate(target, list(rows.values()), cohort), strict=True))
    await unpack(target, list(records.values()))
    return [[records[key] for key in mine] for mine in keys]


def _entries(value: Any) -> list[Mapping[str, Any]]:
    if value is None:
        return []
    given = cast("list[Any]", value) if isinstance(value, list) else [value]
    return [one for one in given if isinstance(one, Mapping)]


def _put(
    relationship: Relationship[Any],
    pairs: Sequence[tuple[Record, Any]],
    found: list[list[Record]],
) -> None:
    inverse = None if relationship.holds_key else relationship.inverse()
    for (owner, _), mine in zip(pairs, found, strict=True):
        if relationship.many:
            relationship.put(owner, [*mine, *relationship.built(owner)])
        else:
            relationship.put(owner, mine[0] if mine else None)
        for target in mine if inverse is not None else ():
            type(target)._definition.relationships[str(inverse)].put(target, owner)
