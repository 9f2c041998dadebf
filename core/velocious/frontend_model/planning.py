"""From a query to the command that asks a backend for its answer.

Law: what the backend could not do is refused here, before anything is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

from velocious.errors import NotRemoteError, QueryError
from velocious.frontend_model.command import Command, member, object_of
from velocious.frontend_model.rows import row_of, rows_of, sent, stored
from velocious.query.expressions import ColumnExpression, Raw
from velocious.query.ordering import without_idle_order
from velocious.query.plan import Plan
from velocious.query.resolution import Joins, Resolver
from velocious.query.serialization import to_data

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from velocious.query.description import Description
    from velocious.query.ordering import Ordering
    from velocious.record.schema import ModelSchema

#: The largest number that every reader of JSON knows.
MOST_ROWS = 2**53 - 1
#: Calculations, as calls of a program.
_CALCULATIONS = {"SUM": "sum()", "AVG": "average()", "MIN": "minimum()", "MAX": "maximum()"}


class Statement(Protocol):
    """What stands where SQL would in a plan."""

    schema: ModelSchema

    @property
    def models(self) -> Sequence[type[Any]]:
        """The models whose rows it reads, as far as is known here."""
        ...

    @property
    def model(self) -> type[Any]:
        """The model whose rows it reads."""
        ...

    def command(self, values: Sequence[Any]) -> Command:
        """The command; *values* are what a plan was bound to."""
        ...

    def rows(self, response: Mapping[str, Any], backend: str) -> list[tuple[Any, ...]]:
        """What *response* says. Raises BackendAnswerError."""
        ...


class Compiled:
    """A statement where a plan has compiled SQL: its values are in it already."""

    __slots__ = ("sql",)

    def __init__(self, statement: Statement) -> None:
        self.sql: Any = statement

    def bind(self, values: Sequence[Any]) -> tuple[Any, ...]:
        """Nothing is bound."""
        return ()


def plan(query: Any, schema: ModelSchema, kind: Any) -> Plan:
    """The plan of *query* for what the plans of SQL call *kind*.

    Raises:
        NotRemoteError: no command gives that.
    """
    word, *given = cast("tuple[Any, ...]", kind if isinstance(kind, tuple) else (kind,))
    match word:
        case "records":
            return _made(IndexStatement(query, schema))
        case "exists":
            return _made(ExistsStatement(query, schema))
        case "count":
            return _made(CountStatement(query, schema))
        case "COUNT":
            return _made(CountStatement(query, schema, given[0]), (None,))
        case "pluck":
            return _made(PluckStatement(query, schema, given[0]))
        case _:
            wanted = _CALCULATIONS.get(str(word), f"a query for {word!r}")
            instead = "Let a command of the resource find it out, on its own side."
            raise NotRemoteError(schema.model.__name__, wanted, instead)


def _made(statement: Statement, types: tuple[Any, ...] = ()) -> Plan:
    return Plan(Compiled(statement), (), types)  # pyright: ignore[reportArgumentType]


class _OfQuery:
    """What the statements of a query have in common."""

    kind = "index"

    def __init__(self, query: Any, schema: ModelSchema) -> None:
        self.schema = schema
        self.model: type[Any] = schema.model
        self.payload = payload_of(query)
        self.models = models_of(query)

    def command(self, values: Sequence[Any]) -> Command:
        return Command(self.schema.model.__name__, self.kind, self.payload)


class IndexStatement(_OfQuery):
    """Whole rows."""

    def __init__(self, query: Any, schema: ModelSchema) -> None:
        super().__init__(query, schema)
        selected: tuple[str, ...] = query._refinements.selected
        if selected:
            columns = [_column(schema, name) for name in selected]
            self.payload["select"] = {schema.model.__name__: list(dict.fromkeys(columns))}
        if query._preloads:
            self.payload["preload"] = nested_paths(query._preloads)

    def rows(self, response: Mapping[str, Any], backend: str) -> list[tuple[Any, ...]]:
        said = member(response, "models", list, backend)
        return rows_of(self.schema, (object_of(one, backend) for one in said))


class CountStatement(_OfQuery):
    """How many rows (have a value of an attribute)."""

    kind = "count"

    def __init__(self, query: Any, schema: ModelSchema, name: str | None = None) -> None:
        super().__init__(without_idle_order(query), schema)
        if name is not None:
            self.payload["column"] = _column(schema, name)
        # What a page leaves of all rows is counted here, however many a page may have there.
        self._limit = self.payload.pop("limit", None)
        self._offset = self.payload.pop("offset", 0)

    def rows(self, response: Mapping[str, Any], backend: str) -> list[tuple[Any, ...]]:
        left = max(member(response, "count", int, backend) - self._offset, 0)
        return [(left if self._limit is None else min(left, self._limit),)]


class ExistsStatement(_OfQuery):
    """Whether there are rows: their number, of one at most."""

    kind = "count"

    def rows(self, response: Mapping[str, Any], backend: str) -> list[tuple[Any, ...]]:
        return [(1,)] if member(response, "count", int, backend) else []


class PluckStatement(_OfQuery):
    """Values of some attributes."""

    kind = "pluck"

    def __init__(self, query: Any, schema: ModelSchema, names: Sequence[str]) -> None:
        super().__init__(query, schema)
        self._attributes = [schema.attributes[_column(schema, name)] for name in names]
        self.payload["pluck"] = [{"path": [], "column": one.name} for one in self._attributes]

    def rows(self, response: Mapping[str, Any], backend: str) -> list[tuple[Any, ...]]:
        values = member(response, "values", list, backend)
        if len(self._attributes) == 1:
            # One attribute's values come as they are, several as lists.
            only = self._attributes[0]
            return [(stored(only, value),) for value in values]
        return [
            tuple(map(stored, self._attributes, value))
            for value in values
            if len(value) == len(self._attributes)
        ]


class FindStatement:
    """The row with a key."""

    def __init__(self, schema: ModelSchema) -> None:
        self.schema = schema
        self.model: type[Any] = schema.model
        self._key = schema.attributes[schema.primary_key]
        self.models = (schema.model,)

    def command(self, values: Sequence[Any]) -> Command:
        key = sent(self._key, values[0])
        return Command(self.schema.model.__name__, "find", {"id": key})

    def rows(self, response: Mapping[str, Any], backend: str) -> list[tuple[Any, ...]]:
        return [row_of(self.schema, member(response, "model", dict, backend))]


# From a query


def payload_of(query: Description[Any]) -> dict[str, Any]:
    """What *query* asks for, but for what is read of the rows. Raises QueryError."""
    payload: dict[str, Any] = {}
    conditions = to_data(query).get("where")
    if conditions:
        payload["conditions"] = conditions
    for kind, name in (("INNER", "joins"), ("LEFT", "leftJoins")):
        paths = [path for path, joined in query._joins if joined == kind]
        if paths:
            payload[name] = nested_paths(paths)
    if query._order:
        sorts = [_sort(one, query) for one in query._order]
        if query._limit is None or sorts != [query._model._definition.key_name]:
            # A page of rows in no order comes by the key anyway, whoever may sort by it.
            payload["sort"] = sorts
    if query._distinct:
        payload["distinct"] = True
    if query._limit is not None:
        payload["limit"] = min(query._limit, MOST_ROWS)
    if query._offset is not None:
        payload["offset"] = query._offset
    return payload


def nested_paths(paths: Iterable[Sequence[str]]) -> dict[str, Any]:
    """``("project",), ("project", "account")`` as ``{"project": {"account": {}}}``."""
    nested: dict[str, Any] = {}
    for path in paths:
        place = nested
        for step in path:
            place = place.setdefault(step, {})
    return nested


def models_of(query: Description[Any]) -> tuple[type[Any], ...]:
    """The models whose rows *query* reads, as far as is known here."""
    models: dict[Any, None] = {query._model: None}
    for path in (*query._preloads, *(path for path, _ in query._joins)):
        model = query._model
        for step in path:
            relationship = model._definition.relationships.get(step)
            if relationship is None or relationship.polymorphic:
                break
            model = relationship.target()
            models[model] = None
    return tuple(models)


def _sort(one: Ordering, query: Description[Any]) -> str:
    sign = "-" if one.descending else ""
    by = one.by
    if isinstance(by, Raw):
        raise NotRemoteError(query._model.__name__, "an order of SQL", "Order by attributes.")
    if isinstance(by, ColumnExpression):
        return f"{sign}{'.'.join((*_path_to(by.model, query), by.attribute))}"
    return f"{sign}{by}"


def _path_to(model: Any, query: Description[Any]) -> tuple[str, ...]:
    """The joined path that leads to *model*."""
    if model is query._model:
        return ()
    found: list[tuple[str, ...]] = []
    for path, _ in query._joins:
        reached: Any = query._model
        for step in path:
            reached = reached._definition.relationships[step].target()
        if reached is model:
            found.append(path)
    if len(found) != 1:
        raise QueryError(
            f"{model.__name__} is joined {len(found)} times by a query of "
            f'{query._model.__name__}: name the path, as in .order("project.name").'
        )
    return found[0]


def _column(schema: ModelSchema, name: str) -> str:
    """The column of the attribute *name*, of which a belongs_to is its key."""
    operand = Resolver(Joins(schema)).operand(name)[0]
    return getattr(operand, "name")  # noqa: B009
