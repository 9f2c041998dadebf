"""The three statements that change a row, compiled once for each set of columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious import current
from velocious.errors import (
    RecordError,
    RecordNotFoundError,
    UnknownAttributeError,
    UnsupportedValueError,
)
from velocious.record import locking
from velocious.record.changes import encoded_changes
from velocious.record.insert_plan import plan_insert
from velocious.record.selecting import selected_key
from velocious.record.state import PERSISTED
from velocious.record.validating import unfit
from velocious.sql import nodes as n
from velocious.sql.compiler import compile_statement
from velocious.sql.statements import Delete, Update

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from velocious.database.driver import Result
    from velocious.record.insert_plan import InsertPlan
    from velocious.record.record import Record
    from velocious.record.schema import ModelSchema

    #: Runs a statement with its values.
    type Execute = Callable[[str, Any], Coroutine[Any, Any, Result]]


class _UnderWay(tuple[Any, ...]):
    """Nothing has been saved yet, but an INSERT has been sent."""

    __slots__ = ()


UNDER_WAY = _UnderWay()


def timestamp(schema: ModelSchema) -> Any:
    """The present instant as a datetime column of *schema* stores it."""
    now = current.configuration().clock.now()
    return now if schema.stamp is None else schema.stamp(now)


async def insert_row(record: Record, schema: ModelSchema, execute: Execute) -> None:
    """INSERT a new record through *execute*; its row then holds what the database made of it."""
    if record._saved is UNDER_WAY:
        raise RecordError(
            f"{record!r} is being saved by another task, and a second INSERT would store it twice. "
            "Await the first save before the next one."
        )
    assigned = record._assigned or {}
    if None in assigned.values():
        _drop_unset(assigned, schema)
    if schema.locked:
        assigned = record._assigned = locking.start(assigned, schema)
    key = ("insert", *assigned)
    plan: InsertPlan = schema.plans.get(key) or schema.remember(key, plan_insert(schema, assigned))
    try:
        values = [encode(assigned[name]) for name, encode in plan.encoders]
    except UnsupportedValueError as error:
        raise unfit(record) from error
    if plan.stamps:
        values += [timestamp(schema)] * plan.stamps
    if plan.key_factory is not None:
        values.append(plan.key_factory())
    sent = assigned.copy()
    record._saved = UNDER_WAY
    try:
        result = await execute(plan.sql, values)
        if plan.read_back is not None:
            at = plan.key_place
            key_value = values[at] if at >= 0 else result.last_id
            # Where it was written, not where others read.
            result = await execute(plan.read_back, (key_value,))
        if plan.count_on is not None:
            await execute(plan.count_on, (values[plan.key_place],))
    finally:
        record._saved = None
    returned = (result.last_id,) if plan.returns_id else result.rows[0] if result.rows else ()
    record._row = plan.row((*values, *returned, *schema.blank_row))
    record._assigned = left_assigned(record._assigned, sent, schema)
    record._saved = ()
    record._state = PERSISTED


def left_assigned(
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
        changed["updated_at"] = timestamp(schema)
    version = locking.expected(record, schema) if schema.locked else None
    if schema.locked:
        changed[locking.COLUMN] = (version or 0) + 1
    key = ("update", version is None, *changed)
    sql = schema.plans.get(key) or schema.remember(
        key, _plan_update(schema, tuple(changed), version)
    )
    key_value = selected_key(record, schema)
    sent: dict[str, Any] = dict(record._assigned or {})
    where = [key_value] if version is None else [key_value, version]
    result = await schema.database.execute(sql, [*changed.values(), *where])
    if result.rowcount == 0:
        if schema.locked:
            await locking.refuse(record, schema, "saved", version)
        raise RecordNotFoundError(type(record).__name__, {schema.primary_key: key_value})
    row = list(record._row)
    for name, value in changed.items():
        row[schema.attributes[name].index] = value
    record._saved = record._row
    record._row = tuple(row)
    record._assigned = left_assigned(record._assigned, sent, schema)


async def delete_row(record: Record, schema: ModelSchema) -> int:
    """DELETE the row; one that is gone already is no error. Returns how many were there.

    Raises:
        StaleRecordError: where somebody else saved it since it was read.
    """
    version = locking.expected(record, schema) if schema.locked else None
    key = ("delete row", version is None)
    sql = schema.plans.get(key) or schema.remember(key, _plan_delete(schema, version))
    key_value = selected_key(record, schema)
    where = [key_value] if version is None else [key_value, version]
    result = await schema.database.execute(sql, where)
    if schema.locked and result.rowcount == 0:
        await locking.refuse(record, schema, "destroyed", version)
    return result.rowcount


async def mark_row(record: Record, schema: ModelSchema, column: str) -> None:
    """UPDATE *column* of the row to the present instant; what else is assigned stays unsaved."""
    attribute = schema.attributes.get(column)
    if attribute is None:
        raise UnknownAttributeError(type(record).__name__, column, schema.attributes)
    assigned = record._assigned
    given = (assigned or {}).get(locking.COLUMN)
    record._assigned = {column: attribute.type.cast(current.configuration().clock.now())}
    if given is not None:
        record._assigned[locking.COLUMN] = given
    try:
        await update_row(record, schema)
    finally:
        record._assigned = {
            name: value
            for name, value in (assigned or {}).items()
            if name not in (column, locking.COLUMN)
        } or None


def _encode_changes(record: Record) -> dict[str, Any]:
    try:
        return encoded_changes(record)
    except UnsupportedValueError as error:
        raise unfit(record) from error


def _plan_update(schema: ModelSchema, names: tuple[str, ...], version: Any) -> str:
    statement = Update(schema.table.name, names, _row_is(schema, version))
    return compile_statement(statement, schema.database.dialect).sql


def _plan_delete(schema: ModelSchema, version: Any) -> str:
    statement = Delete(schema.table.name, _row_is(schema, version))
    return compile_statement(statement, schema.database.dialect).sql


def _row_is(schema: ModelSchema, version: Any) -> n.Expression:
    if not schema.locked:
        return _key_is(schema)
    return n.All((_key_is(schema), locking.condition(schema, version)))


def _key_is(schema: ModelSchema) -> n.Expression:
    return n.Binary(n.Column(schema.table.name, schema.primary_key), "=", n.Parameter(None))
