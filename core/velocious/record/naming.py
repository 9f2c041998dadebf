"""What attributes are called before people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.naming import humanize
from velocious.translation.catalogue import find_message

if TYPE_CHECKING:
    from velocious.record.record import Record


def human_attribute_name(model: type[Record], attribute: str) -> str:
    """``attributes.<Model>.<attribute>`` of the messages, or the attribute written as words."""
    keys = [("attributes", name, attribute) for name in model_names(model)]
    return find_message([*keys, ("attributes", attribute)]) or humanize(attribute)


def model_names(model: type[Record]) -> list[str]:
    """The names under which messages know *model*: its own, then those of its parents."""
    return [base.__name__ for base in model.__mro__ if hasattr(base, "_definition")]
