"""What a validation compares with: a value, an attribute or method by its name, or a function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from velocious.record.record import Record


def operand(record: Record, given: Any) -> Any:
    """The value that *given* stands for: text names a member of the record, functions get it."""
    if isinstance(given, str):
        named = getattr(record, given)
        return named() if callable(named) else named
    return given(record) if callable(given) else given
