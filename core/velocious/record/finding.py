"""Finding a record by its primary key: the shortest way there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import RecordNotFoundError, UnsupportedValueError
from velocious.query.query import Query
from velocious.record.hydration import hydrate_one
from velocious.sql import nodes as n
from velocious.sql.compiler import compile_statement
from velocious.sql.statements import Select

if TYPE_CHECKING:
    from velocious.record.record import Record
    from velocious.record.schema import ModelSchema


async def find[R: Record](model: type[R], key: Any, *, unscoped: bool = False) -> R:
    """The record with the primary key *key*; *unscoped*, whatever the model's queries leave out.

    Raises:
        RecordNotFoundError: without such a row, and for a key that the column cannot hold.
    """
    definition = model._definition
    if definition.default_conditions and not unscoped:
        return await Query(model).find(key)
    schema = definition.schema_in_use() or await definition.ready()
    sql, encode = schema.plans.get("find") or schema.remember("find", _plan(schema))
    try:
        encoded = encode(key)
    except UnsupportedValueError as error:
        raise RecordNotFoundError(model.__name__, {definition.key_name: key}) from error
    rows = await schema.database.fetch(sql, (encoded,))
    if not rows:
        raise RecordNotFoundError(model.__name__, {definition.key_name: key})
    return hydrate_one(model, rows[0])


def _plan(schema: ModelSchema) -> tuple[str, Any]:
    """The SELECT, and how its key is encoded; of a backend, the command."""
    if schema.remote is not None:
        return schema.remote.plan_find(schema)
    table = schema.table.name
    columns = tuple(n.Column(table, name) for name in schema.attributes)
    key = schema.attributes[schema.primary_key]
    where = n.Binary(n.Column(table, key.name), "=", n.Parameter(key.type))
    compiled = compile_statement(Select(table, columns, where=where), schema.database.dialect)
    return compiled.sql, compiled.encoders[0]
