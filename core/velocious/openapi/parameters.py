"""Parameters of the path and the query."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from velocious.controller.declaring.schemas import types_of

if TYPE_CHECKING:
    from velocious.controller.declaring import Declaration
    from velocious.controller.declaring.schemas import Schema
    from velocious.routing.routes import Route

_PARAMETER = re.compile(r"\{(?P<name>\w+)(?::(?P<type>\w+))?\}")
#: What a route's types match.
_PATH_TYPES: dict[str, Schema] = {
    "str": {"type": "string", "minLength": 1, "pattern": "^[^/]+$"},
    "int": {"type": "integer", "minimum": 0},
    "float": {"type": "number", "minimum": 0},
    "uuid": {"type": "string", "format": "uuid"},
    "path": {"type": "string"},
}


def parameters(route: Route, declared: Declaration) -> list[dict[str, Any]]:
    """The parameters of the path, then those of the query."""
    in_path = [
        _parameter(found["name"], "path", _of_path(found, declared), required=True)
        for found in _PARAMETER.finditer(route.path)
    ]
    in_query = [
        _parameter(name, "query", schema, required=name in declared.required)
        for name, schema in declared.query.items()
    ]
    return in_path + in_query


def _of_path(found: re.Match[str], declared: Declaration) -> Schema:
    by_route = _PATH_TYPES.get(found["type"] or "str", {"type": "string"})
    return {**by_route, **declared.path.get(found["name"], {})}


def _parameter(name: str, place: str, schema: Schema, *, required: bool) -> dict[str, Any]:
    schema = dict(schema)
    described: dict[str, Any] = {"name": name, "in": place, "schema": schema}
    if required:
        described["required"] = True
    if "description" in schema:
        described["description"] = schema.pop("description")
    if "array" in types_of(schema):
        # Names that end so are lists in a query, however often they are sent.
        described |= {"name": f"{name.removesuffix('[]')}[]", "style": "form", "explode": True}
    elif "object" in types_of(schema):
        described |= {"style": "deepObject", "explode": True}
    return described
