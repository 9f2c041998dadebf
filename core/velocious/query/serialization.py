"""A query as plain data, for another process to run: ``query.to_data()`` and
``Query.from_data(data)``.

Law: the data is what JSON can hold, and only what this module knows comes back from it. SQL from
data is refused unless the caller trusts its source.
"""

from __future__ import annotations

import base64
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from velocious import current
from velocious.errors import QueryError, UnsupportedValueError
from velocious.query.conditions import Comparison, Group, Keywords, RawCondition
from velocious.query.expressions import ColumnExpression, Raw
from velocious.query.filters import Filter
from velocious.query.joined_scopes import AtPath
from velocious.query.plain_pairs import plain_pairs
from velocious.query.query import Query
from velocious.query.shape import Subquery, as_list
from velocious.query.subqueries import Partnered

if TYPE_CHECKING:
    from velocious.query.conditions import Condition
    from velocious.query.description import Description
    from velocious.query.ordering import Ordering
    from velocious.record.record import Record

VERSION = 1
CONNECTIVES = ("all", "any", "not")
_TEXTS: dict[str, tuple[type, Any]] = {
    "datetime": (datetime, datetime.fromisoformat),
    "date": (date, date.fromisoformat),
    "time": (time, time.fromisoformat),
    "decimal": (Decimal, Decimal),
    "uuid": (UUID, UUID),
}


def to_data(query: Description[Any]) -> dict[str, Any]:
    """*query* as dicts, lists, text and numbers."""
    extra = query._refinements
    if extra.sight is not None:
        raise QueryError(
            f"{query!r} is seen by somebody, whose rules stay where they are. Send the query, and "
            "call .seen_by(…) where it is run."
        )
    data: dict[str, Any] = {
        "version": VERSION,
        "model": query._model.__name__,
        "where": [_condition(one, query._model) for one in query._conditions],
        "joins": [[list(path), kind] for path, kind in query._joins],
        "order": [_ordering(one) for one in query._order],
        "limit": query._limit,
        "offset": query._offset,
        "distinct": query._distinct,
        "preload": [list(path) for path in query._preloads],
        "select": list(extra.selected),
        "group": [_ordering(one) for one in extra.groups],
        "having": [_condition(one, query._model) for one in extra.having],
        "page": extra.page,
        "per_page": extra.per_page,
        "lock": extra.lock,
    }
    # A limit of 0 says something, though it equals False.
    return {
        name: value
        for name, value in data.items()
        if value is not None and value is not False and value != []
    }


def from_data(data: Any, *, allow_raw: bool = False) -> Query[Any]:
    """The query that :func:`to_data` described.

    Raises:
        QueryError: for data that no query makes, and for SQL in it unless *allow_raw*.
        UnknownModelError: with close matches.
    """
    try:
        return DataReader(allow_raw).query(data)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError) as error:
        if isinstance(error, QueryError):
            raise
        raise QueryError(
            f"The data does not describe a query ({type(error).__name__}: {error}). Make it with "
            "query.to_data()."
        ) from error


# To data


def _condition(one: Condition, model: type[Record]) -> list[Any]:
    match one:
        case Keywords():
            return ["is", value_data(plain_pairs(one.pairs, model))]
        case Comparison():
            return [
                "compare",
                one.model.__name__,
                one.attribute,
                one.operator,
                value_data(one.value),
            ]
        case Group():
            return [one.connective, [_condition(part, model) for part in one.parts]]
        case RawCondition():
            return ["raw", one.sql, value_data(one.given)]
        case Filter():
            return ["filter", one.path, one.predicate, value_data(one.value)]
        case AtPath():
            for step in one.path:
                model = model._definition.relationships[step].target()
            return ["at", list(one.path), _condition(one.part, model)]
        case Partnered():
            return ["missing" if one.negated else "exists", to_data(one.query)]
        case _:
            raise QueryError(f"The condition {one!r} has no plain data: write it another way.")


def _ordering(one: Ordering) -> Any:
    by = one.by
    if isinstance(by, Raw):
        return {"raw": by.sql, "values": value_data(list(by.values))}
    sign = "-" if one.descending else ""
    if isinstance(by, ColumnExpression):
        return {"model": by.model.__name__, "attribute": by.attribute, "sign": sign}
    return f"{sign}{by}"


def value_data(value: Any) -> Any:
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, Subquery):
        return {"query": to_data(cast("Query[Any]", value))}
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value).items()
        return {"dict": {name: value_data(inner) for name, inner in pairs}}
    members = as_list(value)
    if members is not None:
        return [value_data(one) for one in members]
    if isinstance(value, bytes | bytearray | memoryview):
        return {"bytes": base64.b64encode(bytes(cast("bytes", value))).decode()}
    return _typed(value)


def _typed(value: Any) -> Any:
    for kind, (python_type, _) in _TEXTS.items():
        if isinstance(value, python_type):
            iso = kind in ("datetime", "date", "time")
            return {kind: value.isoformat() if iso else str(value)}
    if hasattr(value, "primary_key_value"):
        key = value.primary_key_value()
        if key is not None:
            return value_data(key)
    raise UnsupportedValueError(
        f"{value!r} has no plain data. Give numbers, text, bytes, booleans, dates, times, "
        "decimals, UUIDs, stored records, or lists and queries of them."
    )


# From data


class DataReader:
    """Makes queries of plain data; what it holds of SQL is refused unless *allow_raw*."""

    def __init__(self, allow_raw: bool) -> None:
        self.allow_raw = allow_raw

    def query(self, data: dict[str, Any]) -> Query[Any]:
        if data["version"] != VERSION:
            raise QueryError(
                f"The query's data has the version {data['version']!r}, and this is {VERSION}. "
                "Run the same Velocious on both sides."
            )
        query: Query[Any] = Query(self.model(data["model"]))
        if "group" in data:
            query = query.group(*map(self.by, data["group"]))
        query._conditions = tuple(map(self.condition, data.get("where", ())))
        query._joins = tuple(
            (_path(path), _join_kind(kind)) for path, kind in data.get("joins", ())
        )
        query._preloads = tuple(map(_path, data.get("preload", ())))
        query._refinements = query._refinements._replace(
            having=tuple(map(self.condition, data.get("having", ()))),
            selected=tuple(map(_text, data.get("select", ()))),
            lock=_lock(data.get("lock")),
        )
        query = query.order(*map(self.by, data.get("order", ())))
        if "page" in data:
            query = query.page(data["page"])
        if "per_page" in data:
            query = query.per_page(data["per_page"])
        query = query.distinct(bool(data.get("distinct", False)))
        return query.limit(data.get("limit")).offset(data.get("offset"))

    def model(self, name: Any) -> Any:
        return current.configuration().models.find(_text(name), wanted_by=Query)

    def condition(self, data: Any) -> Any:
        kind, *rest = data
        match kind:
            case "is":
                return Keywords(self.value(rest[0]))
            case "compare":
                model, attribute, operator, value = rest
                return Comparison(
                    self.model(model), _text(attribute), _text(operator), self.value(value)
                )
            case "raw":
                return RawCondition(self.sql(rest[0]), tuple(self.value(rest[1])))
            case "filter":
                return Filter(_text(rest[0]), _text(rest[1]), self.value(rest[2]))
            case "at":
                return AtPath(_path(rest[0]), self.condition(rest[1]))
            case "exists" | "missing":
                return Partnered(self.query(rest[0]), negated=kind == "missing")
            case str() if kind in CONNECTIVES:
                return Group(kind, tuple(map(self.condition, rest[0])))
            case _:
                raise QueryError(f"There is no condition {kind!r} in a query's data.")

    def by(self, data: Any) -> Any:
        if isinstance(data, str):
            return data
        if "raw" in data:
            return Raw(self.sql(data["raw"]), tuple(self.value(data["values"])))
        model, descending = self.model(data["model"]), data["sign"] == "-"
        return ColumnExpression(model, _text(data["attribute"]), descending=descending)

    def sql(self, sql: Any) -> str:
        if not self.allow_raw:
            raise QueryError(
                f"The query's data holds SQL: {sql!r}. Write the query with attributes; where its "
                "source is trusted, pass allow_raw=True."
            )
        return _text(sql)

    def value(self, data: Any) -> Any:
        if isinstance(data, list):
            return [self.value(one) for one in cast("list[Any]", data)]
        if not isinstance(data, dict):
            return data
        [(kind, inner)] = cast("dict[str, Any]", data).items()
        if kind == "query":
            return self.query(inner)
        if kind == "dict":
            return {name: self.value(one) for name, one in inner.items()}
        return base64.b64decode(inner) if kind == "bytes" else _TEXTS[kind][1](inner)


def _text(data: Any) -> str:
    if not isinstance(data, str):
        raise TypeError(f"{data!r} is no text")
    return data


def _path(data: Any) -> tuple[str, ...]:
    return tuple(map(_text, data))


def _lock(data: Any) -> Any:
    if data not in (None, "wait", "skip", "nowait"):
        raise ValueError(f"{data!r} is no kind of lock")
    return data


def _join_kind(kind: Any) -> str:
    if kind not in ("INNER", "LEFT"):
        raise ValueError(f"{kind!r} is no kind of join")
    return kind
