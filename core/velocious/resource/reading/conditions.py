"""Conditions of clients: hashes, searches, and what ``Query.to_data()`` gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from velocious.errors import (
    MalformedCommandError,
    NotExposedError,
    QueryError,
    RawQueryRefusedError,
    UnknownModelError,
)
from velocious.query.conditions import Comparison, Keywords
from velocious.query.filters import PREDICATES, Filter
from velocious.query.joined_scopes import AtPath
from velocious.query.serialization import DataReader
from velocious.resource.permitting import sent_twice
from velocious.resource.reading.shapes import mapping, sequence, single, text

if TYPE_CHECKING:
    from velocious.query.conditions import Condition
    from velocious.query.query import Query
    from velocious.resource.asking import Asking
    from velocious.resource.exposure import Exposure

#: What clients call an operator → what conditions call it.
OPERATORS = {
    "eq": "eq",
    "=": "eq",
    "notEq": "not_eq",
    "not_eq": "not_eq",
    "!=": "not_eq",
    "gt": "gt",
    ">": "gt",
    "gteq": "gteq",
    ">=": "gteq",
    "lt": "lt",
    "<": "lt",
    "lteq": "lteq",
    "<=": "lteq",
    "like": "like",
}


def pairs(given: Any, exposure: Exposure, asking: Asking) -> dict[str, Any]:
    """``{"projectId": 5, "project": {"name": "x"}}`` with the names of attributes.

    Raises:
        NotExposedError: an attribute is not listed.
    """
    found: dict[str, Any] = {}
    for name, value in mapping(given, "where").items():
        if exposure.is_followed(name):
            known = exposure.followed(name)
            compared = _related(value, known, exposure, asking)
        else:
            known = asking.attribute(exposure, name, "filter by")
            compared = _compared(value, name)
        if known in found:
            raise sent_twice(known)
        found[known] = compared
    return found


def _related(value: Any, name: str, exposure: Exposure, asking: Asking) -> Any:
    if not isinstance(value, dict):
        return _compared(value, name)
    relationship = exposure.relationships[name]
    if relationship.polymorphic:
        raise NotExposedError(exposure.name, name, "filter by", ())
    return pairs(value, asking.exposure_of(relationship.target()), asking)


def _compared(value: Any, name: str) -> Any:
    if isinstance(value, list):
        return [single(one, name) for one in cast("list[Any]", value)]
    return single(value, name)


def path(given: Any, exposure: Exposure, asking: Asking) -> tuple[tuple[str, ...], Exposure]:
    """A list of relationships with the names that they have here, and where it leads."""
    steps: list[str] = []
    for one in sequence(given, "path"):
        name = exposure.followed(one)
        relationship = exposure.relationships[name]
        if relationship.polymorphic:
            raise NotExposedError(exposure.name, name, "go along", ())
        steps.append(name)
        exposure = asking.exposure_of(relationship.target())
    return tuple(steps), exposure


def search(given: Any, exposure: Exposure, asking: Asking) -> Condition:
    """``{"path": [], "column": "name", "operator": "like", "value": "A%"}`` as a condition."""
    words = mapping(given, "searches")
    steps, target = path(words.get("path"), exposure, asking)
    column = text(words.get("column"), "column")
    name = asking.attribute(target, column, "filter by")
    operator = OPERATORS.get(text(words.get("operator"), "operator"))
    if operator is None:
        known = ", ".join(OPERATORS)
        raise MalformedCommandError(
            f"There is no operator {words.get('operator')!r:.40}. Known here: {known}."
        )
    value = _compared(words.get("value"), column)
    if operator == "eq":
        # A list is one of its members, as in a hash.
        condition: Condition = Keywords({name: value})
    else:
        if isinstance(value, list) and operator == "not_eq":
            operator = "not_in"
        condition = Comparison(target.model, name, operator, value)
    return AtPath(steps, condition) if steps else condition


def data_conditions(given: Any, exposure: Exposure, asking: Asking) -> tuple[Condition, ...]:
    """The conditions that the list *given*, of ``Query.to_data()["where"]``, describes.

    Raises:
        MalformedCommandError: it describes none.
        RawQueryRefusedError: it holds SQL.
    """
    if given is None:
        return ()
    reader = _ExposedReader(asking)
    try:
        read = tuple(map(reader.condition, sequence(given, "conditions")))
        return _without_defaults(read, exposure.model)
    except (NotExposedError, RawQueryRefusedError):
        raise
    except (
        *(KeyError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError),
        *(QueryError, UnknownModelError),
    ) as error:
        raise MalformedCommandError(
            "The conditions describe no query. Make them with query.to_data()."
        ) from error


class _ExposedReader(DataReader):
    """Reads the data of a query of which only exposed models may be part."""

    def __init__(self, asking: Asking) -> None:
        super().__init__(allow_raw=False)
        self._asking = asking

    def model(self, name: Any) -> Any:
        return self._asking.resources.find(name).model

    def condition(self, data: Any) -> Any:
        found = super().condition(data)
        if isinstance(found, Filter):
            if found.predicate not in PREDICATES:
                raise ValueError(f"{found.predicate!r} is no predicate")
            if (found.members is not None) != (found.predicate in ("in", "not_in")):
                raise TypeError(f"{found.value!r} is no value of {found.predicate!r}")
        return found

    def sql(self, sql: Any) -> str:
        raise RawQueryRefusedError

    def query(self, data: dict[str, Any]) -> Query[Any]:
        query = super().query(data)
        # What a model's queries leave out, such as rows marked as destroyed, stays out.
        defaults = query._model._definition.default_conditions
        own = _without_defaults(query._conditions, query._model)
        query._conditions = (*defaults, *own)
        return query


def _without_defaults(conditions: tuple[Condition, ...], model: Any) -> tuple[Condition, ...]:
    """*conditions* without those that every query of *model* has anyway: a client with the same
    model sends them along.
    """
    defaults = model._definition.default_conditions
    if not defaults:
        return conditions
    known = [(one.key, one.values()) for one in defaults]
    return tuple(one for one in conditions if (one.key, one.values()) not in known)
