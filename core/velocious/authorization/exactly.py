"""Rules that need no database: comparisons of whole numbers, booleans and NULL.

Law: three answers as in SQL (True, False, None for unknown), and UNSURE wherever Python's
comparison might differ from some database's: text has collations, decimals and times have forms of
storage.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from velocious.authorization.predicate import needs_no_table_but_its_own
from velocious.query.conditions import Comparison, Group, Keywords
from velocious.query.shape import as_list
from velocious.record.schema import NOT_SELECTED
from velocious.record.state import PERSISTED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from velocious.authorization.rule import Rule
    from velocious.query.conditions import Condition
    from velocious.record.record import Record


class _Unsure:
    __slots__ = ()

    def __repr__(self) -> str:
        return "<unsure>"


#: Only the database knows.
UNSURE: Any = _Unsure()

#: Kinds of columns → the one type of their values that compares as the database does.
_TYPES = {"integer": int, "bigint": int, "boolean": bool}

_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "gt": operator.gt,
    "gteq": operator.ge,
    "lt": operator.lt,
    "lteq": operator.le,
}


def holds(rule: Rule, record: Record) -> Any:
    """Whether *rule* is about *record*: True, False, None as SQL's NULL, or UNSURE."""
    if rule.is_unconditional:
        return True
    query = rule.query()
    if not needs_no_table_but_its_own(query):
        return UNSURE
    return _all(_holds(one, record) for one in query._conditions)


def _holds(condition: Condition, record: Record) -> Any:
    match condition:
        case Keywords():
            return _all(_equals(record, name, value) for name, value in condition.pairs.items())
        case Comparison():
            return _compared(condition, record)
        case Group(connective="all"):
            return _all(_holds(part, record) for part in condition.parts)
        case Group(connective="any"):
            return _any(_holds(part, record) for part in condition.parts)
        case Group(connective="not"):
            return _not(_all(_holds(part, record) for part in condition.parts))
        case _:
            return UNSURE


def _compared(condition: Comparison, record: Record) -> Any:
    name, value = condition.attribute, condition.value
    if condition.operator in ("eq", "in"):
        return _equals(record, name, value)
    if condition.operator in ("not_eq", "not_in"):
        return _not(_equals(record, name, value))
    if condition.operator == "between":
        low, high = value
        return _all((_ordered(record, name, "gteq", low), _ordered(record, name, "lteq", high)))
    return _ordered(record, name, condition.operator, value)


def _ordered(record: Record, name: str, how: str, value: Any) -> Any:
    stored, kind = _stored(record, name)
    if how not in _COMPARED or kind is not int or type(value) is not int:
        return UNSURE
    return None if stored is None else _COMPARED[how](stored, value)


def _equals(record: Record, name: str, value: Any) -> Any:
    name, value = _without_record(record, name, value)
    stored, kind = _stored(record, name)
    members = as_list(value)
    if value is None or (kind is not None and members == [None]):
        return UNSURE if stored is UNSURE else stored is None
    wanted = [value] if members is None else [one for one in members if one is not None]
    if kind is None or any(type(one) is not kind for one in wanted):
        return UNSURE
    if stored is None:
        return True if members is not None and None in members else None if wanted else False
    return stored in wanted


def _without_record(record: Record, name: str, value: Any) -> tuple[str, Any]:
    """A belongs_to compared with a record, as its key."""
    relationship = type(record)._definition.relationships.get(name)
    if relationship is None or not relationship.holds_key or relationship.polymorphic:
        return name, value
    if hasattr(value, "_definition"):
        known = isinstance(value, relationship.target())
        key = value.read(relationship.target_column()) if known else None
        # A record of another class, or without a key, is an error for the query to raise.
        value = UNSURE if key is None else key
    return relationship.owner_column(), value


def _stored(record: Record, name: str) -> tuple[Any, type | None]:
    """What the row of *record* has as *name*, and the type that it may be compared with."""
    schema = type(record)._definition.schema_in_use()
    attribute = None if schema is None else schema.attributes.get(name)
    if attribute is None:
        return UNSURE, None
    if record._state == PERSISTED:
        value = record._row[attribute.index]
        if value is NOT_SELECTED:
            return UNSURE, None
        if value is not None and attribute.type.decodes:
            value = attribute.type.decode(value)
    else:
        value = record.read(name)
    kind = _TYPES.get(attribute.type.kind)
    if value is None:
        return None, kind
    return (value, kind) if type(value) is kind else (UNSURE, None)


# SQL's logic, in which one unsure part may not matter


def _all(parts: Iterable[Any]) -> Any:
    found: Any = True
    for part in parts:
        if part is False:
            return False
        found = _weaker(found, part)
    return found


def _any(parts: Iterable[Any]) -> Any:
    return _not(_all(_not(part) for part in parts))


def _not(part: Any) -> Any:
    return part if part is UNSURE or part is None else not part


def _weaker(one: Any, other: Any) -> Any:
    if UNSURE in (one, other):
        return UNSURE
    return None if None in (one, other) else True
