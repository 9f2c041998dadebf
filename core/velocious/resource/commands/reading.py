"""``index``, ``find``, ``count`` and ``pluck``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import MalformedCommandError, QueryError, ResourceLimitError
from velocious.query import plan as plans
from velocious.query.decoding import decode_rows
from velocious.query.query import Query
from velocious.resource.budget import Budget
from velocious.resource.gate import Gate
from velocious.resource.reaching import member, reachable
from velocious.resource.reading.query import PayloadReader
from velocious.resource.serializing import Wanted, tree_of, written, written_one

if TYPE_CHECKING:
    from velocious.query.resolution import Joins, Resolver
    from velocious.resource.asking import Asking
    from velocious.resource.exposure import Exposure
    from velocious.sql.nodes import Expression
    from velocious.sql.statements import Statement

type Payload = dict[str, Any]


async def index(payload: Payload, exposure: Exposure, asking: Asking) -> dict[str, Any]:
    """The records that the payload asks for; ``more`` where it asked for all of them, and they are
    more than one answer holds.
    """
    if payload.get("pluck"):
        return await pluck(payload, exposure, asking)
    reader = PayloadReader(payload, exposure, asking)
    query = reader.query()
    preloads = reader.preloads()
    checked = query.preload([".".join(path) for path in preloads]) if preloads else query
    gate = await _check(checked, asking)
    query = _with_groups(query, reader, exposure, gate)
    limit, offset = reader.page()
    query = reachable(query, exposure, asking)
    if not query._order and (offset is not None or reader.is_limited):
        # Pages of rows in no order would overlap.
        query = query.order(exposure.model._definition.key_name)
    query._preloads = preloads
    one_more = 0 if reader.is_limited else 1
    records = await query.limit(limit + one_more).offset(offset).to_list()
    wanted = Wanted(reader.selection(), tree_of(preloads), "index")
    found: dict[str, Any] = {"models": await written(records[:limit], wanted, asking)}
    if len(records) > limit:
        found["more"] = True
    return found


async def find(payload: Payload, exposure: Exposure, asking: Asking) -> dict[str, Any]:
    """One record by its key."""
    reader = PayloadReader(payload, exposure, asking)
    preloads = reader.preloads()
    query: Query[Any] = Query(exposure.model)
    if preloads:
        query._preloads = preloads
        await _check(query, asking)
    record = await member(payload.get("id"), exposure, asking, query)
    wanted = Wanted(reader.selection(), tree_of(preloads), "find")
    return {"model": await written_one(record, wanted, asking)}


async def count(payload: Payload, exposure: Exposure, asking: Asking) -> dict[str, Any]:
    """How many rows there are; ``counts``, a list of the groups' values and their number, where
    rows are grouped.
    """
    reader = PayloadReader(payload, exposure, asking)
    query = reader.query()
    groups = reader.groups()
    if groups:
        query = query.group(*groups)
    column = payload.get("column")
    name = column and asking.attribute(exposure, column, "pluck")
    gate = await _check(query, asking)
    if name:
        gate.check_name(exposure, name, "pluck")
    query = reachable(query, exposure, asking)
    if not groups:
        limit, offset = _given_page(payload, reader)
        return {"count": await query.limit(limit).offset(offset).count(name or None)}
    most = exposure.max_page_size
    # Sorting groups by what they are not grouped by means nothing.
    counts: Any = await query.reorder().limit(most + 1).count(name or None)
    if len(counts) > most:
        raise ResourceLimitError("page_size", most, f"There are more than {most:,} groups.")
    keys = [[*key] if len(groups) > 1 else [key] for key in counts]
    return {"counts": [[*key, n] for key, n in zip(keys, counts.values(), strict=True)]}


async def pluck(payload: Payload, exposure: Exposure, asking: Asking) -> dict[str, Any]:
    """Values of attributes, those of related records too: a list, or a list of lists."""
    reader = PayloadReader(payload, exposure, asking)
    plucks = reader.plucks()
    if not plucks:
        raise MalformedCommandError("'pluck' names what to pluck.")
    query = reader.query()
    gate = await _check(query, asking)
    query = _with_groups(query, reader, exposure, gate)
    for steps, name in plucks:
        gate.check_name(gate.follow(exposure, steps), name, "pluck")
    names = tuple(".".join((*steps, name)) for steps, name in plucks)
    if query._distinct and not {one.removeprefix("-") for one in reader.sorts()} <= {*names}:
        raise MalformedCommandError("Distinct values are sorted by what is plucked only.")
    limit, offset = reader.page()
    one_more = 0 if reader.is_limited else 1
    query = reachable(query, exposure, asking).limit(limit + one_more).offset(offset)
    values = await _values(query, names)
    # A column of JSON holds whatever it holds.
    asking.is_plain = False
    found: dict[str, Any] = {"values": values[:limit]}
    if len(values) > limit:
        found["more"] = True
    return found


async def _values(query: Query[Any], names: tuple[str, ...]) -> list[Any]:
    """The values that the paths *names* lead to; None where a row has no partner."""

    def shape(query: Query[Any], joins: Joins) -> Statement:
        def columns(resolver: Resolver) -> tuple[Expression, ...]:
            found = [resolver.optional().path_operand(name)[0] for name in names]
            joins.types = [_type(joins, name) for name in names]
            return tuple(map(plans.as_stored, found))

        return plans.select_of(query, joins, columns)

    schema, plan, values = await query._planned(("pluck paths", names), shape)
    rows = await schema.database.fetch(plan.compiled.sql, plan.compiled.bind(values))
    what = f"{query._model.__name__} ({', '.join(names)})"
    return [[*row] if len(names) > 1 else row for row in decode_rows(rows, list(plan.types), what)]


def _type(joins: Joins, name: str) -> Any:
    *steps, attribute = name.split(".")
    return joins.schemas[tuple(steps)].attributes[attribute].type


async def _check(query: Query[Any], asking: Asking) -> Gate:
    gate = Gate(asking, Budget(asking.settings))
    gate.check(query)
    if gate.compares_others:
        try:
            await query._planned("records", plans.records_shape)
        except QueryError as error:
            # Before there is anything of ours in it, so the mistake is the client's.
            raise MalformedCommandError(str(error)) from error
    return gate


def _with_groups(
    query: Query[Any], reader: PayloadReader, exposure: Exposure, gate: Gate
) -> Query[Any]:
    """*query*, each row once where it is grouped: records grouped by what they have are themselves.

    Raises:
        MalformedCommandError: it is grouped by what related records have.
    """
    groups = reader.groups()
    for one in groups:
        gate.check_path(one, exposure, "group by")
    if any("." in one for one in groups):
        raise MalformedCommandError(
            f"Records of {exposure.name} cannot be grouped by what related ones have: count the "
            "groups."
        )
    return query.distinct() if groups else query


def _given_page(payload: Payload, reader: PayloadReader) -> tuple[int | None, int | None]:
    """What the client itself said about rows, without any page of ours."""
    if reader.is_limited or payload.get("offset") is not None:
        limit, offset = reader.page()
        return (limit if reader.is_limited else None), offset
    return None, None
