"""What of a record differs from its row.

Law: values are compared as they would be stored, so setting a value back, or to an equal one, is no
change.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import (
    AttributeNotSelectedError,
    UnknownAttributeError,
    UnsupportedValueError,
)
from velocious.record.attribute import UNREADABLE, Attribute, attribute_for, unreadable
from velocious.record.schema import NOT_SELECTED
from velocious.record.state import NEW

if TYPE_CHECKING:
    from velocious.record.record import Record
    from velocious.record.schema import AttributeSchema
    from velocious.sql.types import ColumnType


#: In place of the values of a secret.
FILTERED = "[filtered]"


def encoded_changes(record: Record) -> dict[str, Any]:
    """Attribute → new value as it is stored, for those that would be written.

    Raises:
        UnsupportedValueError: for a value its column cannot hold.
    """
    assigned = record._assigned
    if not assigned:
        return {}
    attributes = type(record)._definition.schema_or_fail().attributes
    row = record._row
    new = record._state == NEW
    changed: dict[str, Any] = {}
    for name, value in assigned.items():
        attribute = attributes[name]
        encoded = attribute.type.encode(value)
        stored = row[attribute.index]
        if new or (encoded != stored and _differs(attribute.type, encoded, stored)):
            changed[name] = encoded
    return changed


def changes(record: Record) -> dict[str, tuple[Any, Any]]:
    """Attribute → (stored value, new value); of secrets, only that they changed."""
    definition = type(record)._definition
    attributes = definition.schema_or_fail().attributes
    found: dict[str, tuple[Any, Any]] = {}
    for name, value in (record._assigned or {}).items():
        attribute = attributes[name]
        stored = record._row[attribute.index]
        try:
            encoded = attribute.type.encode(value)
        except UnsupportedValueError:
            encoded = value
        if encoded != stored and _differs(attribute.type, encoded, stored):
            found[name] = (_decoded(record, attribute, stored), value)
    return _filtered(found, definition.secrets) if definition.secrets else found


def _differs(type: ColumnType, encoded: Any, stored: Any) -> bool:
    """Whether *stored* is more than another spelling of *encoded* (JSON with spaces, an instant
    in another zone), as other programs write it.
    """
    if not type.decodes or encoded is None or stored is None or stored is NOT_SELECTED:
        return True
    try:
        return type.encode(type.decode(stored)) != encoded
    except (*UNREADABLE, UnsupportedValueError):
        return True


def saved_changes(record: Record) -> dict[str, tuple[Any, Any]]:
    """Attribute → (value before, value after) of the last save. ``_saved`` is the row before it; ()
    for none.
    """
    before = record._saved
    if before is None:
        return {}
    definition = type(record)._definition
    attributes = definition.schema_or_fail().attributes
    found: dict[str, tuple[Any, Any]] = {}
    for name, attribute in attributes.items():
        old = before[attribute.index] if before else None
        new = record._row[attribute.index]
        if old != new:
            found[name] = (_decoded(record, attribute, old), _decoded(record, attribute, new))
    return _filtered(found, definition.secrets) if definition.secrets else found


def _filtered(
    found: dict[str, tuple[Any, Any]], secrets: frozenset[str]
) -> dict[str, tuple[Any, Any]]:
    # Changes end up in logs and audit trails.
    return {name: (FILTERED, FILTERED) if name in secrets else both for name, both in found.items()}


def stored_value(record: Record, name: str) -> Any:
    """The value of the attribute *name* as it was read or saved, whatever was assigned since.

    Raises:
        UnknownAttributeError: with close matches.
        AttributeNotSelectedError: the query left it out.
    """
    attributes = type(record)._definition.schema_or_fail().attributes
    if name not in attributes:
        raise UnknownAttributeError(type(record).__name__, name, attributes)
    stored = record._row[attributes[name].index]
    if stored is NOT_SELECTED:
        raise AttributeNotSelectedError(type(record).__name__, name)
    return _decoded(record, attributes[name], stored)


def _decoded(record: Record, attribute: AttributeSchema, stored: Any) -> Any:
    if stored is None or stored is NOT_SELECTED:
        return None
    try:
        return attribute.type.decode(stored)
    except UNREADABLE as error:
        model = type(record).__name__
        raise unreadable(model, attribute.name, attribute.type, stored) from error


def restore(record: Record, names: tuple[str, ...] = ()) -> None:
    """Forget what is assigned, to *names* or altogether."""
    attributes = type(record)._definition.schema_or_fail().attributes
    files = {one.name: one for one in type(record)._definition.attachments}
    for name in names:
        if name not in attributes and name not in files:
            raise UnknownAttributeError(type(record).__name__, name, [*attributes, *files])
    for name in files:
        if record._related is not None and (not names or name in names):
            record._related.pop(files[name].queue_name, None)
    restored = names or tuple(record._assigned or ())
    keys = _keys_of_relationships(record)
    for name in restored:
        if record._assigned is not None and name in record._assigned:
            del record._assigned[name]
            for relationship in keys.get(name, ()):
                relationship.unload(record)
    definition = type(record)._definition
    if record._state == NEW and definition.defaults:
        # Imported late: declarations need this module.
        from velocious.record.declared import apply_defaults

        kept = [name for name in definition.defaults if name not in restored]
        apply_defaults(record, definition, kept)
    if not record._assigned:
        record._assigned = None
    if record._errors is not None:
        record._errors.clear()


def _own(related: Any) -> Any:
    return copy(cast("list[Any]", related)) if isinstance(related, list) else related


def copied(record: Record) -> Any:
    """Another object for the row of *record*, whose changes are its own."""
    new = type(record).__new__(type(record))
    new._row = record._row
    new._assigned = dict(record._assigned) if record._assigned else None
    new._related = {name: _own(one) for name, one in (record._related or {}).items()}
    new._errors = None
    new._saved = record._saved
    new._cohort = None
    new._state = record._state
    if hasattr(record, "_extras"):
        new._extras = dict(record._extras)
    return new


def _keys_of_relationships(record: Record) -> dict[str, list[Any]]:
    keys: dict[str, list[Any]] = {}
    for relationship in type(record)._definition.relationships.values():
        if relationship.holds_key:
            keys.setdefault(relationship.owner_column(), []).append(relationship)
    return keys


def attributes(record: Record) -> dict[str, Any]:
    """Every selected attribute, by name; without secrets."""
    definition = type(record)._definition
    row, assigned, secrets = record._row, record._assigned or {}, definition.secrets
    return {
        name: record.read(name)
        for name, attribute in definition.schema_or_fail().attributes.items()
        if (row[attribute.index] is not NOT_SELECTED or name in assigned) and name not in secrets
    }


def descriptor(record: Record, name: str) -> Attribute[Any]:
    """The attribute *name* of a record's model, whatever the class has under that name."""
    found = vars(type(record)).get(name)
    if isinstance(found, Attribute):
        return found  # pyright: ignore[reportUnknownVariableType]
    schema = type(record)._definition.schema_or_fail()
    if name not in schema.attributes:
        raise UnknownAttributeError(type(record).__name__, name, schema.attributes)
    return attribute_for(schema.attributes[name], ())
