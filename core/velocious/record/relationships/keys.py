"""The keys of many records at once, without a call for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import UnknownAttributeError
from velocious.record.schema import NOT_SELECTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.record.record import Record
    from velocious.record.schema import AttributeSchema


def keys_of(owners: Sequence[Record], column: str) -> list[Any]:
    """The value of *column* of each of *owners*, all of one model, as it would be read."""
    attribute = _attribute(type(owners[0]), column)
    index, decode = attribute.index, _decoder(attribute)
    keys: list[Any] = []
    for owner in owners:
        assigned = owner._assigned
        if assigned is not None and column in assigned:
            keys.append(assigned[column])
            continue
        key = owner._row[index]
        if key is NOT_SELECTED:
            key = owner.read(column)  # an error that says so
        elif decode is not None and key is not None:
            key = decode(key)
        keys.append(key)
    return keys


def keys_in_rows(model: type[Record], rows: list[tuple[Any, ...]], column: str) -> list[Any]:
    """The value of *column* in whole *rows* of *model*."""
    attribute = _attribute(model, column)
    index, decode = attribute.index, _decoder(attribute)
    if decode is None:
        return [row[index] for row in rows]
    return [None if row[index] is None else decode(row[index]) for row in rows]


def _decoder(attribute: AttributeSchema) -> Any:
    return attribute.type.decode if attribute.type.decodes else None


def _attribute(model: type[Record], column: str) -> AttributeSchema:
    attributes = model._definition.schema_or_fail().attributes
    if column not in attributes:
        raise UnknownAttributeError(model.__name__, column, attributes)
    return attributes[column]
