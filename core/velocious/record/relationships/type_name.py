"""The name under which polymorphic relationships remember a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from velocious.record.record import Record


def type_name(model: type[Record]) -> str:
    """The name of *model*; for classes that share a table, that of the one they inherit from."""
    definition = model._definition
    named = model
    for base in model.__mro__[1:]:
        parent = getattr(base, "_definition", None)
        if parent and not parent.abstract and parent.table_name == definition.table_name:
            named = base
    return named.__name__
