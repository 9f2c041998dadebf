"""Shapes: what of a condition's value decides the SQL text, and the values that are bound to it.

Law: equal shapes compile to equal SQL. Lists are padded to a few lengths, and long ones travel as one parameter, so that
an application has few shapes however its lists vary.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from velocious.sql.nodes import Expression
    from velocious.sql.types import ColumnType

from velocious.sql import nodes as n

EQUAL = "="
NULL = "null"
#: Past this many values a list is bound as one array parameter.
LONGEST_LIST = 256

LISTS = (list, tuple, set, frozenset, range)


def shape_of(value: Any) -> Hashable:
    """The shape of *value* compared for equality."""
    if value is None:
        return NULL
    if isinstance(value, LISTS):
        return list_shape(value)
    return EQUAL


def list_shape(values: Iterable[Any]) -> Hashable:
    """``("in", padded length or None for an array, whether None is a member)``."""
    items = list(values)
    present = sum(1 for item in items if item is not None)
    return "in", padded(present), present < len(items)


def padded(length: int) -> int | None:
    """*length*, or the next power of two, or None for a list that is bound as an array."""
    if length > LONGEST_LIST:
        return None
    return length if length <= 4 else 1 << (length - 1).bit_length()


def bound_values(value: Any) -> list[Any]:
    """The values to bind for *value*, fitting its shape."""
    if value is None:
        return []
    if not isinstance(value, LISTS):
        return [value]
    present = [item for item in value if item is not None]
    length = padded(len(present))
    if length is None:
        return [present]
    return present + present[-1:] * (length - len(present))


def equality(operand: Expression, type: ColumnType | None, value: Any) -> Expression:
    """The expression that compares *operand* with a value shaped like *value*."""
    if value is None:
        return n.IsNull(operand)
    if isinstance(value, LISTS):
        return _membership(operand, type, value)
    return n.Binary(operand, "=", n.Parameter(type))


def _membership(operand: Expression, type: ColumnType | None, values: Any) -> Expression:
    present = sum(1 for item in values if item is not None)
    length = padded(present)
    among: Expression = (
        n.InArray(operand, type) if length is None else n.InList(operand, type, length)
    )
    if present == len(values):
        return among
    return n.Either((n.IsNull(operand), among)) if present else n.IsNull(operand)
