"""The options of a ``<select>``."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, cast

from markupsafe import Markup

from velocious.naming import humanize
from velocious.record import Record
from velocious.view.forms.values import text_of
from velocious.view.helpers.values import name_of
from velocious.view.markup import element

if TYPE_CHECKING:
    from collections.abc import Iterable


def options(choices: Iterable[Any], chosen: Any, prompt: str | None) -> Markup:
    """``<option>`` for each of *choices*: a value, a pair of value and text, or a record."""
    pieces = [] if prompt is None else [element("option", prompt, {"value": ""})]
    wanted = text_of(chosen)
    pieces += [_option(*_value_and_text(one), wanted) for one in choices]
    return Markup().join(pieces)


def _value_and_text(choice: Any) -> tuple[Any, Any]:
    if isinstance(choice, tuple | list):
        value, text = cast("tuple[Any, Any]", choice)
        return value, text
    if isinstance(choice, Record):
        return choice.primary_key_value(), name_of(choice)
    if isinstance(choice, Enum):
        return choice, humanize(choice.name.lower())
    return choice, humanize(choice) if isinstance(choice, str) and choice.islower() else choice


def _option(value: Any, text: Any, wanted: str | None) -> Markup:
    written = text_of(value) or ""
    return element("option", text, {"value": written, "selected": written == wanted})
