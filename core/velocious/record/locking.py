"""Optimistic locking: a ``lock_version`` column tells whether a row is as it was read.

Law: every save of a record raises the version by one, and is refused where the row has another
version than the record was read in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import RecordNotFoundError, StaleRecordError
from velocious.sql import nodes as n

if TYPE_CHECKING:
    from velocious.record.record import Record
    from velocious.record.schema import ModelSchema

COLUMN = "lock_version"


def start(assigned: dict[str, Any], schema: ModelSchema) -> dict[str, Any]:
    """What to insert for a new record: the first version, unless the table or the caller gives
    one.
    """
    if assigned.get(COLUMN) is None and schema.blank_row[schema.attributes[COLUMN].index] is None:
        return {**assigned, COLUMN: 0}
    return assigned


def expected(record: Record, schema: ModelSchema) -> Any:
    """The version the row must have: the assigned one (a form sends it along), or that read."""
    attribute = schema.attributes[COLUMN]
    given = (record._assigned or {}).get(COLUMN)
    return record._row[attribute.index] if given is None else attribute.type.encode(given)


def condition(schema: ModelSchema, version: Any) -> n.Expression:
    """What a statement on the row demands of its version."""
    column = n.Column(schema.table.name, COLUMN)
    return n.IsNull(column) if version is None else n.Binary(column, "=", n.Parameter(None))


async def refuse(record: Record, schema: ModelSchema, action: str, version: Any) -> None:
    """Raise what tells why a statement met no row: StaleRecordError, or RecordNotFoundError."""
    from velocious.record import finding

    attribute = schema.attributes[schema.primary_key]
    key = record._row[attribute.index]
    try:
        await finding.find(type(record), attribute.type.decode(key), unscoped=True)
    except RecordNotFoundError:
        if action == "destroyed":
            return
        raise
    raise StaleRecordError(record, action, version)
