"""``through``: relationships that lead over the rows of another one, such as a join table's.

Law: the way is joined, from the owner to the records; nothing in between is loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import RecordError, UnknownRelationshipError
from velocious.naming import singularize, underscore
from velocious.query import plan as plans
from velocious.query.query import Query
from velocious.query.resolution import Joins, Resolver, schema_of
from velocious.query.shape import bound_values, equality, shape_of
from velocious.record.hydration import hydrate
from velocious.record.relationships.cohort import Reached
from velocious.record.relationships.keyed import HasKeyed
from velocious.record.relationships.keys import keys_of
from velocious.record.relationships.preloader import seen
from velocious.sql import nodes as n
from velocious.sql.statements import Select

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from velocious.query.ordering import Ordering
    from velocious.query.sight import Sight
    from velocious.record.record import Record
    from velocious.record.relationships.base import Relationship
    from velocious.sql.nodes import Expression
    from velocious.sql.statements import Statement


def first_step(relationship: Relationship[Any]) -> Relationship[Any]:
    """The owner's relationship that *relationship* leads through."""
    known = relationship.owner._definition.relationships
    name = str(relationship.through)
    if name not in known:
        raise UnknownRelationshipError(relationship.owner.__name__, name, known)
    return known[name]


def second_step(relationship: Relationship[Any]) -> Relationship[Any]:
    """The relationship of the rows in between that leads to the records."""
    between = first_step(relationship).target()
    known = between._definition.relationships
    if relationship.source is not None:
        names = [relationship.source]
    else:
        target = underscore(relationship.target().__name__)
        names = [singularize(relationship.name), relationship.name, target]
    for name in names:
        if name in known:
            return known[name]
    raise UnknownRelationshipError(between.__name__, names[0], known)


class OwnedThrough:
    """The condition that a record is reached from an owner along a ``through`` relationship."""

    __slots__ = ("_key", "_relationship", "key", "model")

    def __init__(self, model: type[Record], relationship: Relationship[Any], key: Any) -> None:
        self.model = model
        self._relationship = relationship
        self._key = key
        self.key: Hashable = ("through", model, relationship.name, shape_of(key))

    def values(self) -> list[Any]:
        return bound_values(self._key)

    def expression(self, resolver: Resolver) -> Expression:
        here = resolver.joins.schemas[resolver.path]
        joins = Joins(schema_of(self.model, resolver.joins.root), resolver.joins.sight)
        path = (self._relationship.name,)
        target = joins.add(path)
        resolver.joins.scoped = resolver.joins.scoped or joins.scoped
        owner = joins.root.attributes[joins.root.primary_key]
        key = n.Column(joins.root.table.name, owner.name)
        found = (n.Column(joins.aliases[path], target.primary_key),)
        where = equality(key, owner.type, self._key)
        select = Select(joins.root.table.name, found, joins=joins.joins, where=where)
        operand = n.Column(resolver.joins.aliases[resolver.path], here.primary_key)
        return n.Among(operand, select, tuple(joins.values))


class _There:
    """An order of a relationship's scope, as seen from the owner."""

    __slots__ = ("_ordering", "_path", "key")

    def __init__(self, path: tuple[str, ...], ordering: Ordering) -> None:
        self._path = path
        self._ordering = ordering
        self.key: Hashable = (path, ordering.key)

    def values(self) -> list[Any]:
        return self._ordering.values()

    def expression(self, resolver: Resolver) -> Expression:
        return self._ordering.expression(Resolver(resolver.joins, self._path))


def query_of(record: Record, relationship: Relationship[Any]) -> Query[Any]:
    """What *record* reaches, each record once, as a query."""
    condition = OwnedThrough(type(record), relationship, record.primary_key_value())
    return relationship.query().where(condition)


async def fetch(
    owners: Sequence[Record], relationship: Relationship[Any], sight: Sight | None
) -> list[list[Record]]:
    """What each of *owners* reaches, as far as *sight* goes, in one statement."""
    if relationship.limited():
        queries = [seen(query_of(one, relationship), relationship, sight) for one in owners]
        return [await query.to_list() for query in queries]
    model, path = type(owners[0]), (relationship.name,)
    await relationship.target()._definition.ready()
    key_name = model._definition.key_name
    keys = keys_of(owners, key_name)
    query: Query[Any] = Query(model).where({key_name: keys})
    query = query if sight is None else query.seen_by(sight.ability)
    scoped = relationship.query()
    query._order = tuple(_There(path, one) for one in scoped._order)  # pyright: ignore[reportAttributeAccessIssue]
    rows = await query._rows(("through", relationship.name), _shape(path))
    found = _records(relationship, rows, owners)
    if scoped._preloads:
        await scoped._model._preload(list(found.values()), scoped._preloads, sight)
    return _deal(model, keys, rows, found, relationship)


def _shape(path: tuple[str, ...]) -> plans.Shape:
    def shape(query: Query[Any], joins: Joins) -> Statement:
        target = joins.add(path)
        alias = joins.aliases[path]
        owner = n.Column(joins.root.table.name, joins.root.primary_key)
        columns = (owner, *(n.Column(alias, name) for name in target.attributes))
        return plans.select_of(query, joins, columns)

    return shape


def _records(
    relationship: Relationship[Any], rows: list[tuple[Any, ...]], owners: Sequence[Record]
) -> dict[Any, Record]:
    """The records by their stored keys: one object for each, however many owners reach it."""
    model = relationship.target()
    index = _key_index(relationship)
    unique = {row[index]: row[1:] for row in rows}
    cohort = Reached(relationship.name, owners) if rows else None
    return dict(zip(unique, hydrate(model, list(unique.values()), cohort), strict=True))


def _key_index(relationship: Relationship[Any]) -> int:
    schema = relationship.target()._definition.schema_or_fail()
    return schema.attributes[schema.primary_key].index + 1


def _deal(
    model: type[Record],
    keys: list[Any],
    rows: list[tuple[Any, ...]],
    found: Mapping[Any, Record],
    relationship: Relationship[Any],
) -> list[list[Record]]:
    index = _key_index(relationship)
    schema = model._definition.schema_or_fail()
    key_type = schema.attributes[schema.primary_key].type
    by_owner: dict[Any, dict[Any, Record]] = {}
    for row in rows:
        by_owner.setdefault(row[0], {}).setdefault(row[index], found[row[index]])
    return [list(by_owner.get(key_type.encode(key), {}).values()) for key in keys]


async def connect(record: Record, relationship: Relationship[Any], target: Record) -> None:
    """Store the row in between that leads from *record* to *target*."""
    first, second = first_step(relationship), second_step(relationship)
    if not isinstance(first, HasKeyed) or first.through is not None or not second.holds_key:
        raise RecordError(
            f"{type(record).__name__}.{relationship.name} takes no records: there is no row in "
            f"between that holds both keys. Add the record to what it belongs to: "
            f"{first.target().__name__}.{second.name}."
        )
    await first.target()._definition.ready()
    between = first.target()()
    first.take(record, between)
    between.assign({second.name: target})
    await between.save()


def read_only(model: type[Record], relationship: Relationship[Any]) -> RecordError:
    """The error for building and assigning records along a ``through`` relationship."""
    return RecordError(
        f"{model.__name__}.{relationship.name} leads through {relationship.through!r}: it is not "
        f"assigned or built. Use .{relationship.name}.create(…) or .{relationship.name}.add(record)"
        f" on a stored record, or make the {relationship.through} themselves."
    )
