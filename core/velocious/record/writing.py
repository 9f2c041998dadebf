"""The three statements that change a row, compiled once for each set of columns."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from velocious import current
from velocious.errors import RecordNotFoundError, UnsupportedValueError
from velocious.record.changes import encoded_changes
from velocious.record.state import PERSISTED
from velocious.record.validating import UnfitValueError
from velocious.sql import nodes as n
from velocious.sql.compiler import compile_statement
from velocious.sql.statements import Delete, Insert, Update

if TYPE_CHECKING:
    from velocious.record.record import Record
    from velocious.record.schema import ModelSchema


class InsertPlan(NamedTuple):
    """An INSERT: where its values go in the row, and where what it returns goes."""

    sql: str
    indexes: tuple[int, ...]
    returning: tuple[int, ...]
    key_index: int | None


def timestamp() -> str:
    """The present instant as a datetime column stores it."""
    return current.configuration().clock.now().astimezone(UTC).isoformat(" ", "microseconds")[:26]


async def insert_row(record: Record, schema: ModelSchema) -> None:
    """INSERT a new record; its row then holds what the database made of it."""
    encoded = _encode_all(record, schema)
    _complete(encoded, schema)
    key = ("insert", *encoded)
    plan: InsertPlan = schema.plans.get(key) or schema.remember(key, _plan_insert(schema, encoded))
    result = await schema.database.execute(plan.sql, list(encoded.values()))
    row = list(schema.blank_row)
    for index, value in zip(plan.indexes, encoded.values(), strict=True):
        row[index] = value
    if plan.key_index is not None:
        row[plan.key_index] = result.last_id
    if plan.returning:
        for index, value in zip(plan.returning, result.rows[0], strict=True):
            row[index] = value
    record._row = tuple(row)
    record._assigned = None
    record._saved = ()
    record._state = PERSISTED


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
    result = await schema.database.execute(sql, [*changed.values(), key_value])
    if result.rowcount == 0:
        raise RecordNotFoundError(type(record).__name__, {schema.primary_key: key_value})
    row = list(record._row)
    for name, value in changed.items():
        row[schema.attributes[name].index] = value
    record._saved = record._row
    record._row = tuple(row)
    record._assigned = None


async def delete_row(record: Record, schema: ModelSchema) -> None:
    """DELETE the row; one that is gone already is no error."""
    sql = schema.plans.get("delete row") or schema.remember("delete row", _plan_delete(schema))
    key_value = record._row[schema.attributes[schema.primary_key].index]
    await schema.database.execute(sql, [key_value])


def _encode_all(record: Record, schema: ModelSchema) -> dict[str, Any]:
    attributes = schema.attributes
    encoded: dict[str, Any] = {}
    for name, value in (record._assigned or {}).items():
        try:
            encoded[name] = attributes[name].type.encode(value)
        except UnsupportedValueError as error:
            raise UnfitValueError(name) from error
    return encoded


def _encode_changes(record: Record) -> dict[str, Any]:
    try:
        return encoded_changes(record)
    except UnsupportedValueError as error:
        raise UnfitValueError(None) from error


def _complete(encoded: dict[str, Any], schema: ModelSchema) -> None:
    """Timestamps, and the key where this side makes it."""
    if schema.timestamps:
        now = timestamp()
        for name in schema.timestamps:
            if encoded.get(name) is None:
                encoded[name] = now
    key = schema.attributes[schema.primary_key]
    if encoded.get(key.name) is None:
        encoded.pop(key.name, None)
        if key.kind == "uuid" and key.column.default is None:
            encoded[key.name] = str(uuid4())


def _plan_insert(schema: ModelSchema, encoded: dict[str, Any]) -> InsertPlan:
    attributes = schema.attributes
    key = attributes[schema.primary_key]
    last_id = (
        key.name not in encoded
        and key.column.automatic
        and schema.database.capabilities.last_insert_id
    )
    made = [
        attribute
        for name, attribute in attributes.items()
        if name not in encoded
        and (attribute.column.default is not None or attribute.column.generated or attribute is key)
        and not (last_id and attribute is key)
        and not isinstance(schema.blank_row[attribute.index], int)
    ]
    statement = Insert(
        schema.table.name, tuple(encoded), returning=tuple(attribute.name for attribute in made)
    )
    return InsertPlan(
        compile_statement(statement, schema.database.dialect).sql,
        tuple(attributes[name].index for name in encoded),
        tuple(attribute.index for attribute in made),
        key.index if last_id else None,
    )


def _plan_update(schema: ModelSchema, names: tuple[str, ...]) -> str:
    statement = Update(schema.table.name, names, _key_is(schema))
    return compile_statement(statement, schema.database.dialect).sql


def _plan_delete(schema: ModelSchema) -> str:
    statement = Delete(schema.table.name, _key_is(schema))
    return compile_statement(statement, schema.database.dialect).sql


def _key_is(schema: ModelSchema) -> n.Expression:
    return n.Binary(n.Column(schema.table.name, schema.primary_key), "=", n.Parameter(None))

