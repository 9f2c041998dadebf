"""A value of any attribute, as a page shows it."""

from __future__ import annotations

import json
from datetime import date, time
from decimal import Decimal
from enum import Enum
from typing import Any

from markupsafe import Markup

from velocious.naming import humanize
from velocious.record import Record
from velocious.translation.catalogue import find_message
from velocious.view.helpers.dates import l
from velocious.view.helpers.numbers import number
from velocious.view.markup import element

#: What stands for nothing, so that a row of a table has no hole.
NOTHING = Markup('<span class="quiet" aria-label="none">–</span>')


def display(value: Any) -> Any:
    """*value* as people read it: yes and no, days, moments, numbers, a dash for nothing."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return _truth(value)
    if isinstance(value, int | float | Decimal):
        return number(value)
    if isinstance(value, date | time):
        return l(value)
    if isinstance(value, Enum):
        return humanize(value.name.lower())
    if isinstance(value, Record):
        return name_of(value)
    if isinstance(value, bytes):
        return f"{number(len(value))} bytes"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value


def name_of(record: Record) -> str:
    """What a person calls *record*: its name, title or the like, else its model and key."""
    schema = type(record)._definition.schema_or_fail()
    for attribute in ("name", "title", "label", "email", "subject"):
        if attribute in schema.attributes and record.read(attribute):
            return str(record.read(attribute))
    return f"{humanize(type(record).__name__)} {record.primary_key_value()}"


def _truth(value: bool) -> Markup:
    word = "yes" if value else "no"
    text = find_message([("values", word)]) or word.capitalize()
    return element("span", text, {"class": f"badge badge-{word}"})
