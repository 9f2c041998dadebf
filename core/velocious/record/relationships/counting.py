"""``counter_cache`` and ``touch``: what a parent's row knows of the records that point at it.

Law: a counter changes by what the statement before it changed, inside its transaction and in the
database (``n = n + 1``); what an object in memory believes never decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from velocious.errors import ConfigurationError, RecordError, UnknownAttributeError
from velocious.record.relationships.preloader import find_relationship
from velocious.record.state import NEW
from velocious.record.writing import timestamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from velocious.record.record import Record
    from velocious.record.relationships.base import Relationship
    from velocious.record.relationships.belongs_to import BelongsTo
    from velocious.record.schema import ModelSchema

type Kept = Sequence[BelongsTo[Any]]


class Parent(NamedTuple):
    """A row that a key points at."""

    model: type[Record]
    column: str
    key: Any


type Parents = dict[str, Parent | None]


async def parents_in_database(record: Record, kept: Kept) -> Parents:
    """What the stored row of *record* points at now, whatever the object says."""
    if record._state == NEW:
        return {}
    schema = type(record)._definition.schema_or_fail()
    key = record._row[schema.attributes[schema.primary_key].index]
    return await _parents(schema, kept, schema.primary_key, key)


async def moved_from(record: Record, kept: Kept) -> Parents:
    """:func:`parents_in_database` of those relationships whose keys are about to change."""
    changed = record.changes() if record._state != NEW else {}
    moving = [one for one in kept if any(column in changed for column in one.key_columns())]
    return await parents_in_database(record, moving) if moving else {}


async def follow_save(record: Record, kept: Kept, before: Parents, *, created: bool) -> None:
    """Bring the parents up to date after *record* was written."""
    if record._saved is None:
        return  # nothing was written
    schema = type(record)._definition.schema_or_fail()
    for relationship in kept:
        new = _parent(relationship, schema, record._row)
        old = before.get(relationship.name)
        moved = relationship.name in before and old != new
        if old is not None and moved:
            await _change(relationship, old, -1)
        if new is not None:
            await _change(relationship, new, int(created or moved))


async def follow_destroy(kept: Kept, before: Parents) -> None:
    """Bring the parents up to date after a row was deleted."""
    for relationship in kept:
        parent = before.get(relationship.name)
        if parent is not None:
            await _change(relationship, parent, -1)


async def follow_restore(record: Record, kept: Kept) -> None:
    """Bring the parents up to date after the mark of a deleted row was taken away."""
    parents = await parents_in_database(record, kept)
    for relationship in kept:
        parent = parents.get(relationship.name)
        if parent is not None:
            await _change(relationship, parent, 1)


async def _parents(schema: ModelSchema, kept: Kept, column: str, key: Any) -> Parents:
    quote = schema.database.dialect.quote
    columns = ", ".join(map(quote, schema.attributes))
    place = schema.database.dialect.placeholder(1)
    sql = f"SELECT {columns} FROM {quote(schema.table.name)} WHERE {quote(column)} = {place}"
    rows = await schema.database.fetch(sql, [key])
    return {one.name: _parent(one, schema, rows[0]) for one in kept} if rows else {}


def _parent(
    relationship: BelongsTo[Any], schema: ModelSchema, row: tuple[Any, ...]
) -> Parent | None:
    values = [row[schema.attributes[name].index] for name in relationship.key_columns()]
    if None in values:
        return None
    model = relationship.model_for(*values[1:])
    return Parent(model, relationship.target_column_in(model), values[0])


async def _change(relationship: BelongsTo[Any], parent: Parent, by: int) -> None:
    schema = await parent.model._definition.ready()
    dialect = schema.database.dialect
    sets: list[str] = []
    values: list[Any] = []
    counter = relationship.counter_column()
    if by and counter is not None:
        quoted = dialect.quote(_known(schema, counter))
        sets.append(f"{quoted} = COALESCE({quoted}, 0) {'+' if by > 0 else '-'} 1")
    now = timestamp(schema)
    for column in _touched(relationship, schema):
        values.append(now)
        sets.append(f"{dialect.quote(column)} = {dialect.placeholder(len(values))}")
    if not sets:
        return
    values.append(parent.key)
    where = f"{dialect.quote(parent.column)} = {dialect.placeholder(len(values))}"
    table = dialect.quote(schema.table.name)
    await schema.database.execute(f"UPDATE {table} SET {', '.join(sets)} WHERE {where}", values)
    if relationship.touch:
        await _touch_further(schema, parent)


async def _touch_further(schema: ModelSchema, parent: Parent) -> None:
    """A touched row touches what it points at, as a saved one does."""
    touching = [one for one in schema.model._definition.kept if one.touch]
    if touching:
        for name, further in (await _parents(schema, touching, parent.column, parent.key)).items():
            if further is not None and further != parent:
                await _change(schema.model._definition.relationships[name], further, 0)


def _touched(relationship: BelongsTo[Any], schema: ModelSchema) -> list[str]:
    if not relationship.touch:
        return []
    if relationship.touch is True:
        return [_known(schema, "updated_at")]
    own = _known(schema, relationship.touch)
    return [
        own,
        *(["updated_at"] if "updated_at" in schema.attributes and own != "updated_at" else []),
    ]


def _known(schema: ModelSchema, column: str) -> str:
    if column not in schema.attributes:
        raise UnknownAttributeError(schema.model.__name__, column, schema.attributes)
    return column


async def reset(model: type[Record], names: Iterable[str], keys: Iterable[Any] | None) -> None:
    """Count anew, in one statement for each relationship."""
    schema = await model._definition.ready()
    dialect = schema.database.dialect
    owner = dialect.quote(schema.table.name)
    key = f"{owner}.{dialect.quote(schema.primary_key)}"
    for name in names:
        count, counter = await _count(schema, find_relationship(model, name))
        sql = f"UPDATE {owner} SET {dialect.quote(_known(schema, counter))} = ({count})"
        if keys is None:
            await schema.database.execute(sql, [], unbounded=True)
            continue
        encode = schema.attributes[schema.primary_key].type.encode
        for one in keys:
            where = f" WHERE {key} = {dialect.placeholder(1)}"
            await schema.database.execute(sql + where, [encode(one)])


async def _count(schema: ModelSchema, relationship: Relationship[Any]) -> tuple[str, str]:
    if relationship.holds_key or relationship.through is not None:
        raise RecordError(
            f"{schema.model.__name__}.{relationship.name} is not counted: only a has_many or "
            "has_one whose rows hold the key is."
        )
    target = await relationship.target()._definition.ready()
    quote = schema.database.dialect.quote
    own = f"{quote(schema.table.name)}.{quote(relationship.owner_column())}"
    where = f"counted.{quote(relationship.target_column())} = {own}"
    typed = relationship.type_filter()
    if typed is not None:
        where += f" AND counted.{quote(typed[0])} = '{typed[1]}'"
    sql = f"SELECT COUNT(*) FROM {quote(target.table.name)} AS counted WHERE {where}"
    return sql, _counter_of(relationship)


def _counter_of(relationship: Relationship[Any]) -> str:
    target = relationship.target()
    for one in target._definition.kept:
        counter = one.counter_column()
        if counter is not None and one.owner_column() == relationship.target_column():
            return counter
    raise ConfigurationError(
        f"{relationship.owner.__name__}.{relationship.name} has no counter: no belongs_to of "
        f"{target.__name__} with the key {relationship.target_column()!r} declares one. "
        "Add counter_cache=True there."
    )
