"""What a declared parameter may be: Python's types in short, JSON Schema for everything else.

Law: what is documented is what is checked; there is one schema for both.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from velocious.errors import RoutingError, suggestion

if TYPE_CHECKING:
    type Schema = dict[str, Any]

_TYPES: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    Decimal: {"type": "number"},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
    UUID: {"type": "string", "format": "uuid"},
    "file": {"type": "string", "format": "binary"},
}
_NAMES = ("string", "integer", "number", "boolean", "array", "object", "null")


def schema_of(given: Any) -> Schema:
    """The JSON Schema that *given* is short for: ``int``, ``[str]``, ``"file"``, ``date``, …

    Raises:
        RoutingError: it is none of those.
    """
    if isinstance(given, Mapping):
        return _checked(dict(cast("Mapping[str, Any]", given)))
    if isinstance(given, list):
        items = cast("list[Any]", given)
        if len(items) == 1:
            return {"type": "array", "items": schema_of(items[0])}
    elif given in _TYPES:
        return dict(_TYPES[given])
    raise RoutingError(
        f"{given!r} is no type of a parameter. Give str, int, float, bool, date, datetime, UUID, "
        'Decimal, "file", a list of one of them ([str]), or a JSON Schema ({"type": "string"}).'
    )


def _checked(schema: Schema) -> Schema:
    for name in types_of(schema):
        if name not in _NAMES:
            raise RoutingError(
                f"{schema!r} is no JSON Schema: the type {name!r} is unknown. "
                f"{suggestion(str(name), _NAMES)}"
            )
    if isinstance(schema.get("properties"), Mapping):
        properties = cast("Mapping[str, Any]", schema["properties"])
        schema["properties"] = {name: schema_of(one) for name, one in properties.items()}
    if "items" in schema:
        schema["items"] = schema_of(schema["items"])
    return schema


def types_of(schema: Schema) -> tuple[str, ...]:
    """The types that *schema* names; none where it names none."""
    named = schema.get("type", ())
    return (named,) if isinstance(named, str) else tuple(named)


def has_file(schema: Schema) -> bool:
    """Whether *schema* is a file's, or has one inside."""
    inner: list[Schema] = [*schema.get("properties", {}).values()]
    if "items" in schema:
        inner.append(schema["items"])
    return schema.get("format") == "binary" or any(map(has_file, inner))
