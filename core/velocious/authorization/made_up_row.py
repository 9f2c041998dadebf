"""Rules about a record that has no row: a new one, or one that was destroyed.

Law: the database judges here, too. A row with the record's values stands in for the model's table
in one SELECT, with the types and collations of the table's columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from velocious.errors import RuleError, UnsupportedValueError
from velocious.query.plan import select_of
from velocious.query.resolution import Joins, SchemaNeededError
from velocious.sql import nodes as n
from velocious.sql.compiler import compile_statement

if TYPE_CHECKING:
    from velocious.query.query import Query
    from velocious.record.record import Record
    from velocious.record.schema import AttributeSchema, ModelSchema
    from velocious.sql.statements import Select

#: A key that no row has: what leads from a new record to others leads nowhere.
NOBODY = -(2**31)


async def row_fits(query: Query[Any], record: Record) -> bool:
    """Whether *query* of the model of *record* would find its row."""
    if query._limit is not None or query._offset is not None:
        raise RuleError(
            f"A rule of {query._model.__name__} limits rows, so it says nothing of a record that "
            "is not stored. Write it with conditions."
        )
    schema = await query._model._definition.ready()
    row = tuple((name, _value(one, record, schema)) for name, one in schema.attributes.items())
    while True:
        joins = Joins(schema)
        joins.row = row
        try:
            select = select_of(query, joins, (n.Raw("1"),), ordered=False)
            break
        except SchemaNeededError as needed:
            await needed.model._definition.ready()
    return bool(await _rows(select, joins, query))


async def _rows(select: Select, joins: Joins, query: Query[Any]) -> list[Any]:
    database = joins.root.database
    compiled = compile_statement(select, database.dialect)
    return await database.fetch(compiled.sql, compiled.bind([*joins.values, *query._values()]))


def _value(attribute: AttributeSchema, record: Record, schema: ModelSchema) -> Any:
    value = record.read(attribute.name)
    if value is None and attribute.name == schema.primary_key:
        value = NOBODY if attribute.kind in ("integer", "bigint") else str(uuid4())
    try:
        return attribute.type.encode(value)
    except UnsupportedValueError:
        # Nothing can be stored with it, so nothing is allowed by it.
        return None
