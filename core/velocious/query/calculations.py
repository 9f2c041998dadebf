"""Sums, averages and the like: of all rows, or of each group of them.

Law: what is calculated are the rows that ``to_list`` would give: a limit, an offset and DISTINCT
count.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from velocious.errors import QueryError, UnsupportedValueError
from velocious.query.decoding import decode_rows
from velocious.query.means import MeanType
from velocious.query.ordering import without_idle_order
from velocious.query.plan import conditions_of, joined, where
from velocious.query.record_key import RecordKey
from velocious.sql import nodes as n
from velocious.sql.statements import INNER, Select, SelectOver
from velocious.sql.types import ColumnType

if TYPE_CHECKING:
    from collections.abc import Callable

    from velocious.query.query import Query
    from velocious.query.resolution import Joins, Resolver
    from velocious.sql.nodes import Expression
    from velocious.sql.statements import Statement

#: The kinds of columns whose values can be added up.
NUMBERS = frozenset({"integer", "bigint", "float", "decimal", "boolean", "any"})


_WHOLE = frozenset({"integer", "bigint", "boolean"})


class _Result(ColumnType):
    """A number, as *decode* makes it of what the database calculated: an exact one in some."""

    decodes = True

    def __init__(self, number: Callable[[Any], Any]) -> None:
        self.number = number

    def cast(self, value: Any) -> Any:
        return self.number(value)

    def decode(self, value: Any) -> Any:
        return self.number(value)


_SUM, _AVERAGE = _Result(int), _Result(float)


async def calculate(query: Query[Any], function: str, name: str | None) -> Any:
    """*function* (``COUNT``, ``SUM``, ``AVG``, ``MIN``, ``MAX``) of the attribute *name*."""
    [(*_, result)] = await _rows(query, function, name)
    return result


async def calculate_groups(query: Query[Any], function: str, name: str | None) -> dict[Any, Any]:
    """:func:`calculate` for each group. Several groupings make tuples as keys."""
    rows = await _rows(query, function, name)
    if len(query._refinements.groups) == 1:
        return {key: result for key, result in rows}  # noqa: C416
    return {tuple(keys): result for *keys, result in rows}


async def _rows(query: Query[Any], function: str, name: str | None) -> list[Any]:
    query = _without_idle_order(query)
    shape = partial(_shape, function=function, name=name)
    schema, plan, values = await query._planned((function, name), shape)
    compiled = plan.compiled
    rows = await schema.database.fetch(compiled.sql, compiled.bind(values))
    decoded = decode_rows(rows, plan.types, f"{function}({name or '*'})")
    if function != "SUM":
        return [(row,) for row in decoded] if len(plan.types) == 1 else decoded
    zero = plan.types[-1].cast(0) if plan.types[-1] is not None else 0
    whole = [row if len(plan.types) > 1 else (row,) for row in decoded]
    return [(*keys, zero if result is None else result) for *keys, result in whole]


def _without_idle_order(query: Query[Any]) -> Query[Any]:
    """Where no limit makes a choice, an order decides nothing but that of the groups."""
    limited = query._limit is not None or query._offset is not None
    if query._refinements.groups:
        if query._distinct and (query._order or limited or query._refinements.having):
            raise QueryError(
                "Groups of distinct rows take no order, no limit, no offset and no having. Leave "
                "distinct out (nested conditions repeat no row along a belongs_to), or sort the "
                "result."
            )
        return query
    return query if limited else without_idle_order(query)


def _shape(query: Query[Any], joins: Joins, *, function: str, name: str | None) -> Statement:
    resolver = joined(query, joins)
    condition = where(conditions_of(query), resolver)
    value, type = _operand(resolver, function, name)
    groups = [_group(one, resolver) for one in query._refinements.groups]
    joins.types = [*(type for _, type in groups), _result_type(function, type)]
    columns = tuple(expression for expression, _ in groups)
    having = where(query._refinements.having, resolver)
    order = tuple(one.expression(resolver) for one in query._order)
    limited = query._limit is not None or query._offset is not None
    select = Select(
        joins.root.table.name,
        (),
        joins=joins.joins,
        where=condition,
        order=order if groups or limited else (),
        distinct=query._distinct,
        limited=query._limit is not None,
        offset=query._offset is not None,
    )
    if query._distinct or (not groups and limited):
        return _over(select, joins, columns, function, value, _kind(type))
    # A decimal in a condition of the groups compares as a number; as a column it is exact.
    aggregate = _call(joins, function, value, _kind(type))
    return select.replaced(columns=(*columns, aggregate), group=columns, having=having)


def _over(
    select: Select,
    joins: Joins,
    groups: tuple[Expression, ...],
    function: str,
    value: Expression | None,
    kind: str,
) -> SelectOver:
    """The calculation over the rows that *select* leaves; their keys keep equal values apart."""
    root = joins.root
    names = tuple(f"group{place}" for place in range(len(groups)))
    inner = [n.Column(root.table.name, root.primary_key), *map(n.Named, groups, names)]
    exact = isinstance(value, n.Number)
    if value is not None:
        inner.append(n.Named(value.column if isinstance(value, n.Number) else value, "value"))
    outer = n.Column(INNER, "value")
    operand = None if value is None else n.Number(outer) if exact else outer
    result = _call(joins, function, operand, kind)
    columns = tuple(n.Column(INNER, name) for name in names)
    return SelectOver(select.replaced(columns=tuple(inner)), (*columns, result), columns)


def _call(joins: Joins, function: str, value: Expression | None, kind: str = "") -> Expression:
    if value is None:
        return n.Call(function)
    if function == "AVG" and not isinstance(value, n.Number):
        return _average(joins, value, kind)
    calculated = joins.root.database.dialect.aggregates.get(kind)
    if calculated is not None and function != "COUNT":
        call = n.Call(function, (n.Cast(value, calculated),))
        return n.Cast(call, kind) if function in ("MIN", "MAX") else call
    if isinstance(value, n.Number):
        exact = joins.root.database.dialect.exact_functions.get(function)
        return n.Call(exact or function, (value.column if exact else value,))
    return n.Call(function, (value,))


def _average(joins: Joins, value: Expression, kind: str) -> Expression:
    calculated = joins.root.database.dialect.aggregates.get(kind)
    return n.Average(value if calculated is None else n.Cast(value, calculated), kind)


def _kind(type: Any) -> str:
    return "" if type is None else type.kind


def _operand(resolver: Resolver, function: str, name: str | None) -> tuple[Expression | None, Any]:
    if name is None:
        return None, None
    operand, type = resolver.optional().path_operand(name)
    if function in ("SUM", "AVG") and (type.kind not in NUMBERS or isinstance(type, RecordKey)):
        raise UnsupportedValueError(
            f"{name} cannot be added up: its column holds {type.kind} values and no numbers. Use "
            "minimum, maximum or count."
        )
    if function == "COUNT" and isinstance(operand, n.Number):
        operand = operand.column
    return operand, type


def _group(one: Any, resolver: Resolver) -> tuple[Expression, Any]:
    operand, type = one.typed_operand(resolver)
    if isinstance(operand, n.Number):
        exact = resolver.joins.root.database.dialect.exact_functions.get("GROUP")
        operand = n.Call(exact, (operand.column,)) if exact else operand
    return operand, type.key_type if isinstance(type, RecordKey) else type


def _result_type(function: str, type: Any) -> Any:
    if function in ("MIN", "MAX"):
        return type.key_type if isinstance(type, RecordKey) else type
    if function == "COUNT":
        return None
    if type.kind == "decimal":
        return MeanType() if function == "AVG" else type
    if function == "AVG" or type.kind == "float":
        return _AVERAGE
    return _SUM if type.kind in _WHOLE else None
