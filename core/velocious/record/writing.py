"""The three statements that change a row, compiled once for each set of columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious import current
from velocious.errors import RecordError, RecordNotFoundError, UnsupportedValueError
from velocious.record.changes import encoded_changes
from velocious.record.insert_plan import plan_insert
from velocious.record.state import PERSISTED
from velocious.record.validating import UnfitValueError
from velocious.sql import nodes as n
from velocious.sql.compiler import compile_statement
from velocious.sql.statements import Delete, Update

if TYPE_CHECKING:
    from velocious.record.insert_plan import InsertPlan
    from velocious.record.record import Record
    from velocious.record.schema import ModelSchema


class _UnderWay(tuple[Any, ...]):
    """Nothing has been saved yet, but an INSERT has been sent."""

    __slots__ = ()


UNDER_WAY = _UnderWay()


def timestamp() -> str:
    """The present instant as a datetime column stores it."""
    return current.configuration().clock.now().isoformat(" ", "microseconds")[:26]


async def insert_row(record: Record, schema: ModelSchema) -> None:
    """INSERT a new record; its row then holds what the database made of it."""
    if record._saved is UNDER_WAY:
        raise RecordError(
            f"{record!r} is being saved by another task, and a second INSERT would store it twice. "
            "Await the first save before the next one."
        )
    assigned = record._assigned or {}
    if None in assigned.values():
        _drop_unset(assigned, schema)
    key = ("insert", *assigned)
    plan: InsertPlan = schema.plans.get(key) or schema.remember(key, plan_insert(schema, assigned))
    values = _encode_for(plan, assigned)
    sent = assigned.copy()
    record._saved = UNDER_WAY
    try:
        result = await schema.database.execute(plan.sql, values)
    finally:
        record._saved = None
    returned = (result.last_id,) if plan.returns_id else result.rows[0] if result.rows else ()
    record._row = plan.row((*values, *returned, *schema.blank_row))
    record._assigned = _left(record._assigned, sent, schema)
    record._saved = ()
    record._state = PERSISTED


def _left(
    assigned: dict[str, Any] | None, sent: dict[str, Any], schema: ModelSchema
) -> dict[str, Any] | None:
    """What of *assigned* outlives the statement that was *sent*: values assigned while it was under
    way, and lists and dicts, which somebody may hold and go on changing.
    """
    if not assigned or (not schema.mutable and assigned == sent):
        return None
    missing = object()
    return {
        name: value
        for name, value in assigned.items()
        if value is not sent.get(name, missing) or (name in schema.mutable and value is not None)
    } or None


def _drop_unset(assigned: dict[str, Any], schema: ModelSchema) -> None:
    # A key or timestamp set to None is one that nobody set.
    for name in (schema.primary_key, *schema.timestamps):
        if name in assigned and assigned[name] is None:
            del assigned[name]


def _encode_for(plan: InsertPlan, assigned: dict[str, Any]) -> list[Any]:
    values: list[Any] = []
    for name, encode in plan.encoders:
        try:
            values.append(encode(assigned[name]))
        except UnsupportedValueError as error:
            raise UnfitValueError(name) from error
    if plan.stamps:
        values += [timestamp()] * plan.stamps
    if plan.key_factory is not None:
        values.append(plan.key_factory())
    return values


async def update_row(record: Record, schema: ModelSchema) -> None:
    """UPDATE what differs; without a difference nothing is sent.

    Raises:
        RecordNotFoundError: where the row is gone.
    """
    changed = _encode_changes(record)
    if not changed:
        record._saved = None
        return
    if "updated_at" in schema.timestamps and "updated_at" not in changed:
        changed["updated_at"] = timestamp()
    key = ("update", *changed)
    sql = schema.plans.get(key) or schema.remember(key, _plan_update(schema, tuple(changed)))
    key_value = record._row[schema.attributes[schema.primary_key].index]
    sent: dict[str, Any] = dict(record._assigned or {})
    result = await schema.database.execute(sql, [*changed.values(), key_value])
    if result.rowcount == 0:
        raise RecordNotFoundError(type(record).__name__, {schema.primary_key: key_value})
    row = list(record._row)
    for name, value in changed.items():
        row[schema.attributes[name].index] = value
    record._saved = record._row
    record._row = tuple(row)
    record._assigned = _left(record._assigned, sent, schema)


async def delete_row(record: Record, schema: ModelSchema) -> int:
    """DELETE the row; one that is gone already is no error. Returns how many were there."""
    sql = schema.plans.get("delete row") or schema.remember("delete row", _plan_delete(schema))
    key_value = record._row[schema.attributes[schema.primary_key].index]
    return (await schema.database.execute(sql, [key_value])).rowcount


def _encode_changes(record: Record) -> dict[str, Any]:
    try:
        return encoded_changes(record)
    except UnsupportedValueError as error:
        raise UnfitValueError(None) from error


def _plan_update(schema: ModelSchema, names: tuple[str, ...]) -> str:
    statement = Update(schema.table.name, names, _key_is(schema))
    return compile_statement(statement, schema.database.dialect).sql


def _plan_delete(schema: ModelSchema) -> str:
    statement = Delete(schema.table.name, _key_is(schema))
    return compile_statement(statement, schema.database.dialect).sql


def _key_is(schema: ModelSchema) -> n.Expression:
    return n.Binary(n.Column(schema.table.name, schema.primary_key), "=", n.Parameter(None))
