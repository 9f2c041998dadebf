"""``update_all`` and ``delete_all``: many rows in one statement, without records and callbacks.

Law: a statement that joins or limits goes through the keys of the rows it means, so that every
query can be changed, on every database.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from velocious.errors import QueryError
from velocious.query.conditions import RawCondition
from velocious.query.expressions import Raw
from velocious.query.plan import conditions_of, select_of, where
from velocious.query.record_key import RecordKey
from velocious.query.resolution import Joins, Resolver
from velocious.sql import nodes as n
from velocious.sql.statements import Delete, Update

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from velocious.query.query import Query
    from velocious.sql.nodes import Expression
    from velocious.sql.statements import Statement


async def update_all(query: Query[Any], changes: Mapping[str, Any]) -> int:
    """Set *changes* (attribute → value, record of a belongs_to, or ``raw(…)``); how many rows."""
    if not changes:
        return 0
    kind = "update", tuple((name, _shape_of(value)) for name, value in changes.items())
    bound: list[Any] = []
    for value in changes.values():
        bound += (
            RawCondition(value.sql, value.values).values() if isinstance(value, Raw) else [value]
        )
    return await _change(query, kind, partial(_update, changes=changes), bound)


async def delete_all(query: Query[Any]) -> int:
    """Delete the rows; how many."""
    return await _change(query, "delete", _delete, [])


async def _change(query: Query[Any], kind: Hashable, shape: Any, bound: list[Any]) -> int:
    if query._refinements.groups:
        raise QueryError("Groups of rows cannot be changed: leave .group(…) out.")
    if query._order and query._limit is None and query._offset is None:
        query = query.reorder()
    schema, plan, values = await query._planned(kind, shape)
    parameters = plan.compiled.bind([*bound, *values])
    return (await schema.database.execute(plan.compiled.sql, parameters, unbounded=True)).rowcount


def _shape_of(value: Any) -> Hashable:
    return value.key if isinstance(value, Raw) else None


def _update(query: Query[Any], joins: Joins, *, changes: Mapping[str, Any]) -> Statement:
    resolver = Resolver(joins)
    columns: list[str] = []
    values: list[Expression] = []
    for name, value in changes.items():
        operand, type = resolver.operand(name)
        column = _column(operand).name
        columns.append(column)
        raw = isinstance(value, Raw)
        if not isinstance(type, RecordKey):
            # What is stored has to fit, unlike what is compared.
            type = joins.root.attributes[column].type
        values.append(n.Raw(value.sql, len(value.values)) if raw else n.Parameter(type))
    if len(set(columns)) < len(columns):
        raise QueryError(f"update_all sets a column twice: {', '.join(changes)}. Set it once.")
    rows = _rows(query, joins)
    return Update(joins.root.table.name, tuple(columns), rows, values=tuple(values))


def _column(operand: Expression) -> n.Column:
    column = operand.column if isinstance(operand, n.Number) else operand
    assert isinstance(column, n.Column)
    return column


def _delete(query: Query[Any], joins: Joins) -> Statement:
    return Delete(joins.root.table.name, _rows(query, joins))


def _rows(query: Query[Any], outer: Joins) -> Expression | None:
    """What the rows fulfil: the query's conditions, or that their keys are among its own."""
    root = outer.root
    inner = Joins(root, query._refinements.sight)
    condition = where(conditions_of(query), Resolver(inner))
    outer.scoped = inner.scoped
    limited = query._limit is not None or query._offset is not None
    outer.scoped = inner.scoped
    if not inner.joins and not query._joins and not limited:
        # A sub-query in the condition may follow a scope, whose values are asked for each time.
        outer.scoped = inner.scoped
        return condition
    key = n.Column(root.table.name, root.primary_key)
    inner = Joins(root, query._refinements.sight)
    select = select_of(query, inner, (key,), ordered=limited)
    outer.scoped = outer.scoped or inner.scoped
    return n.Among(key, select, tuple(inner.values))
