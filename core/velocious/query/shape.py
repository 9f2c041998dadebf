"""Shapes: what of a condition's value decides the SQL text, and the values that are bound to it.

Law: equal shapes compile to equal SQL. Lists are padded to a few lengths, and long ones travel as
one parameter, so that an application has few shapes however its lists vary.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from velocious.errors import UnsupportedValueError
from velocious.sql import nodes as n

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from velocious.sql.nodes import Expression
    from velocious.sql.types import ColumnType

EQUAL = "="
NULL = "null"
#: Past this many values a list is bound as one array parameter.
LONGEST_LIST = 256

#: Past this many numbers a range is no list that anybody means.
LONGEST_RANGE = 100_000

LISTS = (list, tuple, set, frozenset, range)
#: Types of values that are one value to every model: most are, and one look says so.
SINGLE = frozenset({str, int, bool, float, bytes})


class Subquery:
    """What a query is to the conditions of another one: the values it gives."""

    __slots__ = ()

    def subquery_key(self) -> Hashable:
        """Its shape."""
        raise NotImplementedError

    def subquery_values(self) -> list[Any]:
        """Its own values."""
        raise NotImplementedError


def shape_of(value: Any) -> Hashable:
    """The shape of *value* compared for equality."""
    if type(value) in SINGLE:
        return EQUAL
    if value is None:
        return NULL
    members = as_list(value)
    if members is not None:
        return list_shape(members)
    if isinstance(value, Subquery):
        return value.subquery_key()
    # A record: what is compared may depend on its model.
    kind: Any = value.__class__
    return EQUAL if type(kind) is type else (EQUAL, kind)


def as_list(value: Any) -> list[Any] | None:
    """The members of *value* if it is a list of some kind.

    Raises:
        UnsupportedValueError: for a range of so many numbers that a list of them would fill the
            memory.
    """
    # len() counts no further than 32 bits in a browser; a slice knows no limit.
    if isinstance(value, range) and value[LONGEST_RANGE:]:
        raise UnsupportedValueError(
            f"{value!r} has more than {LONGEST_RANGE} members, each of which would be compared. "
            f"Compare with its ends: Model.attribute.between({value[0]}, {value[-1]})."
        )
    return list(cast("Iterable[Any]", value)) if isinstance(value, LISTS) else None


def list_shape(members: list[Any]) -> Hashable:
    """``("in", padded length or None for an array, whether None is a member)``; for records, the
    lengths by model.
    """
    present = [member for member in members if member is not None]
    if present and hasattr(present[0], "_definition"):
        lengths = [(kind, padded(len(some))) for kind, some in by_class(present)]
        return "in", tuple(lengths), len(present) < len(members)
    return "in", padded(len(present)), len(present) < len(members)


def by_class(members: list[Any]) -> list[tuple[type, list[Any]]]:
    """*members* by their classes: what is compared with a record may depend on its model."""
    found: dict[type, list[Any]] = {}
    for member in members:
        found.setdefault(member.__class__, []).append(member)
    return list(found.items())


def padded(length: int) -> int | None:
    """*length*, or the next power of two, or None for a list that is bound as an array."""
    if length > LONGEST_LIST:
        return None
    return length if length <= 4 else 1 << (length - 1).bit_length()


def bound_values(value: Any) -> list[Any]:
    """The values to bind for *value*, fitting its shape."""
    if type(value) in SINGLE:
        return [value]
    if value is None:
        return []
    members = as_list(value)
    if members is None:
        return value.subquery_values() if isinstance(value, Subquery) else [value]
    present = [member for member in members if member is not None]
    if present and hasattr(present[0], "_definition"):
        return [one for _, some in by_class(present) for one in _padded_values(some)]
    return _padded_values(present)


def _padded_values(present: list[Any]) -> list[Any]:
    length = padded(len(present))
    if length is None:
        return [present]
    return present + present[-1:] * (length - len(present))


def equality(operand: Expression, type: ColumnType | None, value: Any) -> Expression:
    """The expression that compares *operand* with a value shaped like *value*."""
    if value is None:
        return n.IsNull(operand)
    members = as_list(value)
    if members is not None:
        return _membership(operand, type, members)
    return n.Binary(operand, "=", n.Parameter(type))


def _membership(operand: Expression, type: ColumnType | None, values: list[Any]) -> Expression:
    present = [member for member in values if member is not None]
    if present and hasattr(present[0], "_definition"):
        among = [membership(operand, type, len(some)) for _, some in by_class(present)]
    else:
        among = [membership(operand, type, len(present))]
    if len(present) < len(values):
        among = [n.IsNull(operand), *among] if present else [n.IsNull(operand)]
    return among[0] if len(among) == 1 else n.Either(tuple(among))


def membership(operand: Expression, type: ColumnType | None, count: int) -> Expression:
    """*operand* is one of *count* values."""
    length = padded(count)
    return n.InArray(operand, type) if length is None else n.InList(operand, type, length)
