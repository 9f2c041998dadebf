"""What a field shows of an attribute."""

from __future__ import annotations

import json
from datetime import datetime
from enum import Enum
from typing import Any

from velocious.record import Record
from velocious.record.enums import EnumType

#: Kind of column → type of ``<input>``.
INPUTS = {
    "integer": "number",
    "bigint": "number",
    "float": "number",
    "decimal": "number",
    "date": "date",
    "datetime": "datetime-local",
    "time": "time",
}
#: Attributes whose name says what they hold.
_NAMED = {"email": "email", "url": "url", "website": "url", "phone": "tel", "password": "password"}


def kind_of(record: Record | None, attribute: str) -> str:
    """``"text"``, ``"textarea"``, ``"checkbox"``, ``"select"`` or a type of ``<input>``."""
    known = None if record is None else _attributes(record).get(attribute)
    last = attribute.removesuffix("_confirmation").rpartition("_")[2]
    if known is None:
        return _NAMED.get(last, "text")
    if isinstance(known.type, EnumType):
        return "select"
    if known.kind == "boolean":
        return "checkbox"
    if known.kind in ("text", "json", "jsonb"):
        return "textarea"
    return INPUTS.get(known.kind) or _NAMED.get(last, "text")


def limit_of(record: Record | None, attribute: str) -> dict[str, Any]:
    """What else the column says about an ``<input type="number">``."""
    known = None if record is None else _attributes(record).get(attribute)
    if known is None or known.kind not in ("decimal", "float"):
        return {}
    return {"step": "any"}


def choices_of(record: Record | None, attribute: str) -> list[Any]:
    """The values of an enum; none for other attributes."""
    known = None if record is None else _attributes(record).get(attribute)
    return list(known.type.stored) if known and isinstance(known.type, EnumType) else []


def value_of(record: Record | None, attribute: str) -> Any:
    """What the record has, also where a method of the model took the attribute's name."""
    if record is None:
        return None
    return (
        record.read(attribute) if attribute in _attributes(record) else getattr(record, attribute)
    )


def text_of(value: Any) -> str | None:
    """*value* as the field of a form holds it."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes").partition("+")[0]
    if isinstance(value, Enum):
        return value.name.lower()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Record):
        return str(value.primary_key_value())
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _attributes(record: Record) -> Any:
    return type(record)._definition.schema_or_fail().attributes
