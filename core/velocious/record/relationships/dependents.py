"""What happens to the records that point at one that is destroyed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import DeleteRestrictedError
from velocious.sql import nodes as n
from velocious.sql.compiler import compile_statement
from velocious.sql.statements import Update

if TYPE_CHECKING:
    from velocious.query.query import Query
    from velocious.record.record import Record
    from velocious.record.relationships.base import Relationship


async def release(record: Record) -> None:
    """Apply the ``dependent`` option of every relationship of *record*; restrictions are checked
    first.

    Raises:
        DeleteRestrictedError: where records exist that must not lose their owner.
    """
    kept = [
        relationship
        for relationship in type(record)._definition.relationships.values()
        if relationship.dependent is not None
    ]
    for relationship in sorted(kept, key=lambda one: one.dependent != "restrict"):
        await _release(record, relationship)


async def replace(record: Record, relationship: Relationship[Any], newest: Record) -> None:
    """Let go of the record that *newest* has taken the place of in a has_one: as ``dependent``
    says, without it by taking its key away.
    """
    others = _dependents(record, relationship).where_not(
        {type(newest)._definition.key_name: newest.primary_key_value()}
    )
    rule = relationship.dependent
    await _apply(rule if rule in ("destroy", "delete") else "nullify", relationship, others)


def _dependents(record: Record, relationship: Relationship[Any]) -> Query[Any]:
    return relationship.query_of(record)


async def _release(record: Record, relationship: Relationship[Any]) -> None:
    query = _dependents(record, relationship)
    if relationship.dependent == "restrict":
        count = await query.count()
        if count:
            raise DeleteRestrictedError(type(record).__name__, relationship.name, count)
    else:
        await _apply(relationship.dependent, relationship, query)


async def _apply(rule: str | None, relationship: Relationship[Any], query: Query[Any]) -> None:
    if rule == "destroy":
        for dependent in await query.to_list():
            await dependent.destroy()
    elif rule == "delete":
        await query.delete_all()
    else:
        await _nullify(relationship, query)


async def _nullify(relationship: Relationship[Any], query: Query[Any]) -> None:
    schema = await query._model._definition.ready()
    key = schema.attributes[schema.primary_key]
    where = n.InArray(n.Column(schema.table.name, key.name), key.type)
    typed = relationship.type_filter()
    columns = (relationship.target_column(), *(() if typed is None else (typed[0],)))
    statement = Update(schema.table.name, columns, where)
    compiled = compile_statement(statement, schema.database.dialect)
    bound = compiled.bind([*(None for _ in columns), await query.ids()])
    await schema.database.execute(compiled.sql, bound, unbounded=True)
