"""What a query says of a record that is made because it found none.

Law: equality gives the new record its attributes. Any other condition must be met by whoever asks:
a record that the query itself would not find is never made silently.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import QueryError
from velocious.query.conditions import Comparison, Group, Keywords, nested_pairs
from velocious.query.filters import Filter
from velocious.query.joined_scopes import AtPath
from velocious.query.shape import Subquery, as_list

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velocious.query.conditions import Condition
    from velocious.query.query import Query
    from velocious.record.record import Record

#: A condition that is no equality: the attributes it is about, as far as they are known.
type Unmet = frozenset[str]

_ABOUT_ANYTHING: Unmet = frozenset()


def attributes_of(query: Query[Any]) -> dict[str, Any]:
    """The attributes that *query* compares for equality, with their values."""
    found: dict[str, Any] = {}
    _gather(query._model, query._conditions, found, [])
    return found


def demand_met(query: Query[Any], new: Record) -> None:
    """Refuse a *new* record that nobody gave what *query*'s other conditions are about.

    Raises:
        QueryError: with the attributes to give, where it is known which.
    """
    unmet: list[Unmet] = []
    _gather(query._model, query._conditions, {}, unmet)
    assigned = frozenset(_column(query._model, name) for name in new._assigned or ())
    for about in unmet:
        columns = {_column(query._model, name) for name in about}
        if about and columns <= assigned:
            continue
        named = f"the condition on {', '.join(sorted(about))}" if about else "one of its conditions"
        remedy = "Give those attributes" if about else "Ask the model itself"
        raise QueryError(
            f"This query of {query._model.__name__} found no record, and cannot make one: {named} "
            f"is no equality, so it does not say what a new record has. {remedy}: "
            f"{query._model.__name__}.find_or_create_by({{…}}, prepare)."
        )


def _gather(
    model: type[Record],
    conditions: Iterable[Condition],
    found: dict[str, Any],
    unmet: list[Unmet],
) -> None:
    for one in conditions:
        match one:
            case Keywords():
                for name, value in one.pairs.items():
                    _take(model, name, value, found, unmet)
            case Comparison(operator="eq") if one.model is model:
                _take(model, one.attribute, one.value, found, unmet)
            case Group(connective="all"):
                _gather(model, one.parts, found, unmet)
            case _:
                unmet.append(_about(model, one))


def _take(
    model: type[Record], name: str, value: Any, found: dict[str, Any], unmet: list[Unmet]
) -> None:
    several = as_list(value) is not None or isinstance(value, Subquery)
    if several or nested_pairs(value) is not None:
        unmet.append(frozenset({name}))
    elif value is None or hasattr(value, "_definition"):
        found[name] = value
    else:
        found[_column(model, name)] = value


def _about(model: type[Record], one: Condition) -> Unmet:
    """The attributes that *one* is about; none where that cannot be known."""
    match one:
        case Comparison() if one.model is model:
            return frozenset({one.attribute})
        case Keywords():
            return frozenset(one.pairs)
        case Filter():
            return frozenset({one.path.partition(".")[0]})
        case AtPath():
            return frozenset({one.path[0]})
        case Group():
            parts = [_about(model, part) for part in one.parts]
            return frozenset[str]().union(*parts) if all(parts) else _ABOUT_ANYTHING
        case _:
            return _ABOUT_ANYTHING


def _column(model: type[Record], name: str) -> str:
    """The column of *name*, which may be a relationship whose key the row holds."""
    relationship = model._definition.relationships.get(name)
    if relationship is None or not relationship.holds_key:
        return name
    return relationship.owner_column()
