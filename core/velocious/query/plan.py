"""From a query's shape to SQL: made once per shape, then looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from velocious.query.resolution import Joins, Resolver, SchemaNeededError
from velocious.sql import nodes as n
from velocious.sql.compiler import compile_statement
from velocious.sql.statements import Select, SelectCount

if TYPE_CHECKING:
    from collections.abc import Callable

    from velocious.query.conditions import Condition
    from velocious.query.description import Description
    from velocious.query.query import Query
    from velocious.record.schema import ModelSchema
    from velocious.sql.compiler import Compiled
    from velocious.sql.nodes import Expression
    from velocious.sql.statements import Statement

type Shape = Callable[[Query[Any], Joins], Statement]


class Plan(NamedTuple):
    """A compiled query shape; *join_values* come before the query's own values, and *types* decode
    the columns of a calculation.
    """

    compiled: Compiled
    join_values: tuple[Any, ...]
    types: tuple[Any, ...] = ()


async def plan_for(query: Query[Any], schema: ModelSchema, key: Any, shape: Shape) -> Plan:
    """The plan of *query* for the statement that *shape* makes of it; where a backend keeps the
    rows, for the command that its *key* names.
    """
    if schema.remote is not None:
        await check_remotely(query, schema, key, shape)
        return schema.remote.plan(query, schema, key)
    while True:
        joins = Joins(schema, query._refinements.sight)
        try:
            statement = shape(query, joins)
        except SchemaNeededError as needed:
            await needed.model._definition.ready()
            continue
        compiled = compile_statement(statement, schema.database.dialect)
        plan = Plan(compiled, tuple(joins.values), tuple(joins.types))
        # A relationship's scope may give other values the next time: such plans are made anew.
        return plan if joins.scoped else schema.remember(key, plan)


async def check_remotely(query: Query[Any], schema: ModelSchema, key: Any, shape: Shape) -> None:
    """Resolve the names of a query that a backend answers, and encode its values, as for a database
    of our own: what is wrong is the same error, and nothing is sent.
    """
    # Imported here: other databases say themselves what is wrong.
    from velocious.errors import CommandRefusedError

    checked = ("checked", key)
    compiled, before = schema.plans.get(checked, (None, []))
    while compiled is None:
        joins = Joins(schema)
        try:
            statement = shape(query, joins)
        except SchemaNeededError as needed:
            try:
                await needed.model._definition.ready()
            except CommandRefusedError:
                # It shows nothing of a model on the way, and may go along nevertheless.
                return
            continue
        compiled, before = compile_statement(statement, schema.database.dialect), joins.values
        if not joins.scoped:
            schema.remember(checked, (compiled, before))
    compiled.bind([*before, *query._values()])


def records_shape(query: Query[Any], joins: Joins) -> Statement:
    """Whole rows of the model's table, or what was selected of them."""
    chosen = query._refinements.selected
    names = selected_columns(joins.root, chosen) if chosen else joins.root.attributes
    columns = tuple(n.Column(joins.root.table.name, name) for name in names)
    return select_of(query, joins, columns)


def selected_columns(schema: ModelSchema, names: tuple[str, ...]) -> tuple[str, ...]:
    """The columns of the attributes *names*, of which a belongs_to is its key."""
    resolver = Resolver(Joins(schema))
    operands = [as_stored(resolver.operand(name)[0]) for name in names]
    return tuple(dict.fromkeys(one.name for one in operands if isinstance(one, n.Column)))


def pluck_shape(names: tuple[str, ...]) -> Shape:
    """Only the named attributes."""

    def shape(query: Query[Any], joins: Joins) -> Statement:
        def columns(resolver: Resolver) -> tuple[Expression, ...]:
            return tuple(as_stored(resolver.operand(name)[0]) for name in names)

        return select_of(query, joins, columns)

    return shape


def as_stored(operand: Expression) -> Expression:
    """*operand* to be read: the stored text of a decimal is exact; its number is not."""
    return operand.column if isinstance(operand, n.Number) else operand


def count_shape(query: Query[Any], joins: Joins) -> Statement:
    """How many rows; a limit, an offset or DISTINCT counts what they leave."""
    if query._limit is None and query._offset is None and not query._distinct:
        return select_of(query, joins, (n.Call("COUNT"),), ordered=False)
    columns = _telling_apart(query, joins)
    return SelectCount(select_of(query, joins, columns, ordered=query._limit is not None))


def _telling_apart(query: Query[Any], joins: Joins) -> tuple[Expression, ...]:
    """The columns that decide which rows are the same one: the key, or what DISTINCT looks at."""
    chosen = query._refinements.selected if query._distinct else ()
    names = selected_columns(joins.root, chosen) or (joins.root.primary_key,)
    return tuple(n.Column(joins.root.table.name, name) for name in names)


def exists_shape(query: Query[Any], joins: Joins) -> Statement:
    """One row that says that there is one."""
    # An offset counts rows, of which DISTINCT would make one.
    skips = query._distinct and query._offset is not None
    columns = _telling_apart(query, joins) if skips else (n.Raw("1"),)
    return select_of(query, joins, columns, ordered=False)


def select_of(
    query: Description[Any],
    joins: Joins,
    columns: tuple[Expression, ...] | Callable[[Resolver], tuple[Expression, ...]],
    *,
    ordered: bool = True,
) -> Select:
    """The SELECT of *columns*."""
    resolver = joined(query, joins)
    condition = where(conditions_of(query), resolver)
    groups = tuple(one.typed_operand(resolver)[0] for one in query._refinements.groups)
    having = where(query._refinements.having, resolver)
    chosen = columns(resolver) if callable(columns) else columns
    # An order that goes unwritten may join, and so repeat rows, nevertheless.
    order = tuple(one.expression(resolver) for one in query._order)
    return Select(
        joins.root.table.name,
        chosen,
        joins=joins.joins,
        where=condition,
        order=order if ordered else (),
        distinct=query._distinct,
        limited=query._limit is not None,
        offset=query._offset is not None,
        group=groups,
        having=having,
        lock=query._refinements.lock if joins.root.database.capabilities.row_locks else None,
        row=joins.row,
    )


def conditions_of(query: Description[Any]) -> tuple[Condition, ...]:
    """What the rows fulfil, and what they have to fulfil to be seen."""
    sight = query._refinements.sight
    if sight is None or sight.root is None:
        return query._conditions
    return (*query._conditions, sight.root)


def joined(query: Description[Any], joins: Joins) -> Resolver:
    """Ask for the query's own joins, and resolve the names of its other parts."""
    for path, kind in query._joins:
        joins.ask(path, kind)
    return Resolver(joins)


def where(conditions: tuple[Condition, ...], resolver: Resolver) -> Expression | None:
    """All of *conditions* as one; None without any."""
    parts = [condition.expression(resolver) for condition in conditions]
    flat = [
        inner for part in parts for inner in (part.parts if isinstance(part, n.All) else (part,))
    ]
    return n.All(tuple(flat)) if flat else None
