"""Bodies of requests: as JSON, and as the forms that say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.controller.body.body import FORM, MULTIPART
from velocious.controller.declaring.schemas import has_file, types_of

if TYPE_CHECKING:
    from velocious.controller.declaring import Declaration
    from velocious.controller.declaring.schemas import Schema

JSON = "application/json"


def request_body(declared: Declaration) -> dict[str, Any]:
    """What the body of *declared* may be."""
    required = [name for name in declared.body if name in declared.required]
    whole = _object(declared.body, required)
    form = _form(whole)
    content: dict[str, Any] = {}
    if has_file(whole):
        content[MULTIPART] = {"schema": form or whole}
    else:
        content[JSON] = {"schema": whole}
        if form is not None:
            content[FORM] = {"schema": form}
    return {"content": content, **({"required": True} if required else {})}


def _object(properties: dict[str, Schema], required: list[str]) -> Schema:
    found: Schema = {"type": "object", "properties": properties}
    return {**found, "required": required} if required else found


def _form(whole: Schema) -> Schema | None:
    """*whole* with the names that a form has for it, or None where a form cannot say it."""
    fields: dict[str, Schema] = {}
    required: list[str] = []
    if not _flatten("", whole, True, fields, required):
        return None
    return _object(fields, required)


def _flatten(
    prefix: str, schema: Schema, needed: bool, fields: dict[str, Schema], required: list[str]
) -> bool:
    names = schema.get("required", ())
    for name, inner in schema.get("properties", {}).items():
        full = f"{prefix}[{name}]" if prefix else name
        is_needed = needed and name in names
        if "object" in types_of(inner):
            if not inner.get("properties"):
                return False
            if not _flatten(full, inner, is_needed, fields, required):
                return False
            continue
        if "array" in types_of(inner):
            if {"object", "array"} & set(types_of(inner.get("items", {}))):
                return False
            full = f"{full}[]"
        fields[full] = inner
        required += [full] if is_needed else []
    return True
