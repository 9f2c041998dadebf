"""Records of which a query selected some attributes only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import AttributeNotSelectedError
from velocious.query.plan import selected_columns
from velocious.record.schema import NOT_SELECTED

if TYPE_CHECKING:
    from velocious.record.record import Record
    from velocious.record.schema import ModelSchema


def padded_rows(
    schema: ModelSchema, rows: list[tuple[Any, ...]], selected: tuple[str, ...]
) -> list[tuple[Any, ...]]:
    """Rows of the attributes *selected* at the places of whole rows; a backend's are whole rows
    already.
    """
    if schema.remote is not None:
        return rows
    columns = selected_columns(schema, selected)
    places = {schema.attributes[name].index: place for place, name in enumerate(columns)}
    order = [places.get(index, len(columns)) for index in range(len(schema.attributes))]
    rest = (NOT_SELECTED,)
    return [tuple(map((*row, *rest).__getitem__, order)) for row in rows]


def has_key(record: Record) -> bool:
    """Whether the query that made *record* selected its key."""
    schema = type(record)._definition.schema
    if schema is None:
        return True
    return record._row[schema.attributes[schema.primary_key].index] is not NOT_SELECTED


def selected_key(record: Record, schema: ModelSchema) -> Any:
    """The stored key of *record*. Raises AttributeNotSelectedError where it was left out."""
    key = record._row[schema.attributes[schema.primary_key].index]
    if key is NOT_SELECTED:
        raise AttributeNotSelectedError(type(record).__name__, schema.primary_key)
    return key
