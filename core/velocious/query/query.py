"""``Query``: an immutable, chainable description of rows, run when it is awaited.

Law: every method returns a new query; nothing touches a database until a method that is awaited
does.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from velocious.errors import (
    QueryError,
    RecordNotFoundError,
    UnknownAttributeError,
    UnsupportedValueError,
)
from velocious.query import plan as plans
from velocious.query.conditions import Group, Keywords, RawCondition
from velocious.query.expressions import ColumnExpression
from velocious.query.ordering import Ordering
from velocious.query.paths import relationship_paths

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Hashable, Mapping

    from velocious.query.conditions import Condition
    from velocious.query.expressions import Raw
    from velocious.query.plan import Shape
    from velocious.query.resolution import Path
    from velocious.record.record import Record
    from velocious.record.schema import ModelSchema
    from velocious.sql.types import ColumnType


class Query[R: Record]:
    """Rows of a model, described::

    tasks = Task.where(done=False, project={"name": "Apollo"})
    await tasks.order("-position").limit(10).to_list()
    """

    __slots__ = (
        "_conditions",
        "_distinct",
        "_joins",
        "_limit",
        "_model",
        "_offset",
        "_order",
        "_preloads",
    )

    def __init__(self, model: type[R]) -> None:
        self._model = model
        self._conditions: tuple[Condition, ...] = model._definition.default_conditions
        self._joins: tuple[tuple[Path, str], ...] = ()
        self._order: tuple[Ordering, ...] = ()
        self._limit: int | None = None
        self._offset: int | None = None
        self._distinct = False
        self._preloads: tuple[Path, ...] = ()

    def _copy(self) -> Query[R]:
        new: Query[R] = object.__new__(type(self))
        new._model = self._model
        new._conditions = self._conditions
        new._joins = self._joins
        new._order = self._order
        new._limit = self._limit
        new._offset = self._offset
        new._distinct = self._distinct
        new._preloads = self._preloads
        return new

    # Describing rows

    def where(self, *conditions: Any, **attributes: Any) -> Query[R]:
        """Only rows that fulfil all of these.

        Keywords compare for equality: None is NULL, a list is membership, a dict goes along a
        relationship (and joins it). Positional conditions are column expressions (``Task.position >
        3``), mappings, or raw SQL followed by its values (``where("tasks.position > ?", 3)``).
        """
        new = self._copy()
        new._conditions += _conditions(conditions, attributes)
        return new

    def where_not(self, *conditions: Any, **attributes: Any) -> Query[R]:
        """Only rows that do not fulfil all of these together. As in SQL, NULL is neither equal nor
        unequal.
        """
        if not conditions and not attributes:
            raise QueryError("where_not needs a condition: .where_not(done=True).")
        new = self._copy()
        new._conditions += (Group("not", _conditions(conditions, attributes)),)
        return new

    def or_(self, other: Query[R]) -> Query[R]:
        """Rows of this query or of *other*: both of one model, with equal joins and no limits."""
        if other._model is not self._model:
            raise QueryError(f"or_ takes a query of {self._model.__name__}, not {other!r}.")
        if any(one is not None for one in (self._limit, self._offset, other._limit, other._offset)):
            raise QueryError("or_ takes queries without limit and offset: set them afterwards.")
        if set(self._joins) != set(other._joins):
            raise QueryError(
                "or_ takes queries with the same joins. Leave joins out (nested conditions join by "
                "themselves), or call the same .joins(…) or .left_joins(…) on both."
            )
        new = self._copy()
        sides = (Group("all", self._conditions), Group("all", other._conditions))
        new._conditions = (Group("any", sides),)
        return new

    def joins(self, *relationships: Any) -> Query[R]:
        """Join relationships: names, lists, and dicts for nested ones. Rows without a partner are
        left out.
        """
        new = self._copy()
        new._joins += tuple((path, "INNER") for path in relationship_paths(relationships))
        return new

    def left_joins(self, *relationships: Any) -> Query[R]:
        """As :meth:`joins`, but rows without a partner stay."""
        new = self._copy()
        new._joins += tuple((path, "LEFT") for path in relationship_paths(relationships))
        return new

    def preload(self, *relationships: Any) -> Query[R]:
        """Load relationships with the rows, one query for each: names, lists, and dicts for nested
        ones.
        """
        new = self._copy()
        new._preloads = tuple(dict.fromkeys(self._preloads + relationship_paths(relationships)))
        return new

    def order(self, *by: str | ColumnExpression | Raw) -> Query[R]:
        """Sort by these, after what is sorted by already: ``"name"``, ``"-project.name"``,
        ``Task.name.desc()``.
        """
        new = self._copy()
        new._order += tuple(Ordering(one) for one in by)
        return new

    def reorder(self, *by: str | ColumnExpression | Raw) -> Query[R]:
        """Sort by these alone."""
        new = self._copy()
        new._order = tuple(Ordering(one) for one in by)
        return new

    def reverse_order(self) -> Query[R]:
        """The other way round; without an order, from the largest primary key."""
        new = self._copy()
        new._order = tuple(one.reversed() for one in self._order) or (self._by_key("-"),)
        return new

    def limit(self, count: int | None) -> Query[R]:
        """At most *count* rows; None: all."""
        new = self._copy()
        new._limit = _row_count("limit", count)
        return new

    def offset(self, count: int | None) -> Query[R]:
        """Without the first *count* rows."""
        new = self._copy()
        new._offset = _row_count("offset", count)
        return new

    def distinct(self, distinct: bool = True) -> Query[R]:
        """Each row once, however often a join repeats it."""
        new = self._copy()
        new._distinct = distinct
        return new

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        scope = self._model._definition.scopes.get(name)
        if scope is None:
            known = [*self._model._definition.scopes, *(n for n in dir(Query) if n[0] != "_")]
            raise UnknownAttributeError(f"Query[{self._model.__name__}]", name, known)
        return partial(scope, self)

    # Reading

    async def to_list(self) -> list[R]:
        """The records."""
        rows = await self._rows("records", plans.records_shape)
        records = self._model._hydrate(rows)
        if self._preloads:
            await self._model._preload(records, self._preloads)
        return records

    async def __aiter__(self) -> AsyncIterator[R]:
        for record in await self.to_list():
            yield record

    async def first(self) -> R | None:
        """The first record in the query's order, by primary key where it has none; None without
        rows.
        """
        query = self if self._order else self.order(self._model._definition.key_name)
        found = await query._one().to_list()
        return found[0] if found else None

    async def first_or_fail(self) -> R:
        """As :meth:`first`. Raises RecordNotFoundError without rows."""
        return self._found(await self.first())

    async def last(self) -> R | None:
        """The last record in the query's order, by primary key where it has none; None without
        rows.
        """
        if self._limit is not None or self._offset is not None:
            records = await self.to_list()
            return records[-1] if records else None
        return await self.reverse_order().first()

    async def find(self, key: Any) -> R:
        """The record with this primary key. Raises RecordNotFoundError."""
        name = self._model._definition.key_name
        found = await self.where({name: key})._one().to_list()
        return self._found(found[0] if found else None, {name: key})

    async def find_by(self, *conditions: Any, **attributes: Any) -> R | None:
        """The first record that fulfils these; None without one."""
        found = await self.where(*conditions, **attributes)._one().to_list()
        return found[0] if found else None

    async def find_by_or_fail(self, *conditions: Any, **attributes: Any) -> R:
        """As :meth:`find_by`. Raises RecordNotFoundError without one."""
        return self._found(await self.find_by(*conditions, **attributes), attributes)

    async def find_or_initialize_by(
        self, attributes: Mapping[str, Any], prepare: Callable[[R], Any] | None = None
    ) -> R:
        """The record with these attributes, or a new, unsaved one that has them; *prepare* gets the
        new one.
        """
        found = await self.find_by(attributes)
        if found is not None:
            return found
        await self._model._definition.ready()
        new = self._model(**attributes)
        prepared = prepare(new) if prepare else None
        if prepared is not None and hasattr(prepared, "__await__"):
            await prepared
        return new

    async def find_or_create_by(
        self, attributes: Mapping[str, Any], prepare: Callable[[R], Any] | None = None
    ) -> R:
        """As :meth:`find_or_initialize_by`, saved. Raises ValidationError.

        Two tasks may both find nothing: a unique index decides, and the loser finds the winner's
        record.
        """
        new = await self.find_or_initialize_by(attributes, prepare)
        if not new.is_new_record:
            return new
        return await self._model._create_or_find(new, partial(self.find_by, attributes))

    async def count(self) -> int:
        """How many rows."""
        rows = await self._rows("count", plans.count_shape)
        return rows[0][0]

    async def exists(self, **attributes: Any) -> bool:
        """Whether there is a row (that fulfils these too)."""
        query = self.where(**attributes) if attributes else self
        return bool(await query._one()._rows("exists", plans.exists_shape))

    async def pluck(self, *columns: str | ColumnExpression) -> list[Any]:
        """The values of one attribute as a list, or of several as a list of tuples; no records are
        made.
        """
        if not columns:
            raise QueryError('No columns given to pluck. Name one at least: .pluck("id").')
        names = tuple(map(self._own_name, columns))
        rows = await self._rows(("pluck", names), plans.pluck_shape(names))
        schema = await self._model._definition.ready()
        types = [_type_of(schema, name) for name in names]
        try:
            return _decode_rows(rows, types)
        except (ValueError, TypeError, ArithmeticError) as error:
            raise QueryError(
                f"A stored value of {', '.join(names)} does not fit its column's type ({error}). "
                f"Read the records of {self._model.__name__} to see which: their error names it."
            ) from error

    async def pick(self, *names: str) -> Any:
        """The first row's values, as :meth:`pluck` gives them; None without rows."""
        values = await self._one().pluck(*names)
        return values[0] if values else None

    async def ids(self) -> list[Any]:
        """The primary keys."""
        await self._model._definition.ready()
        return await self.pluck(self._model._definition.key_name)

    # Writing

    async def destroy_all(self) -> list[R]:
        """Destroy the records one by one, callbacks and dependents included, in one transaction."""
        async with self._model.transaction():
            records = await self.to_list()
            for record in records:
                await record.destroy()
        return records

    async def delete_all(self) -> int:
        """Delete the rows in one statement, without callbacks; returns how many.

        Raises:
            QueryError: for a query with joins, a limit or an offset, which a DELETE cannot express.
        """
        if self._joins or self._limit is not None or self._offset is not None:
            raise QueryError(
                "delete_all works on conditions alone, not on joins, limits and offsets. "
                "Delete by key instead: Model.where(id=await query.ids()).delete_all()."
            )
        schema, plan, values = await self._planned("delete", plans.delete_shape)
        bound = plan.bind(values)
        return (await schema.database.execute(plan.sql, bound, unbounded=True)).rowcount

    async def to_sql(self) -> str:
        """The SQL that :meth:`to_list` runs, with placeholders."""
        return (await self._planned("records", plans.records_shape))[1].sql

    # Running

    async def _rows(self, kind: Hashable, shape: Shape) -> list[tuple[Any, ...]]:
        schema, compiled, values = await self._planned(kind, shape)
        return await schema.database.fetch(compiled.sql, compiled.bind(values))

    async def _planned(self, kind: Hashable, shape: Shape) -> tuple[Any, Any, list[Any]]:
        definition = self._model._definition
        schema = definition.schema_in_use() or await definition.ready()
        key = self._key(kind)
        plan = schema.plans.get(key)
        if plan is None:
            plan = await plans.plan_for(self, schema, key, shape)
        return schema, plan.compiled, [*plan.join_values, *self._values()]

    def _key(self, kind: Hashable) -> Hashable:
        return (
            kind,
            tuple([condition.key for condition in self._conditions]),
            self._joins,
            tuple([one.key for one in self._order]),
            self._limit is None,
            self._offset is None,
            self._distinct,
        )

    def _values(self) -> list[Any]:
        values = [value for condition in self._conditions for value in condition.values()]
        for one in self._order:
            values.extend(one.values())
        if self._limit is not None:
            values.append(self._limit)
        if self._offset is not None:
            values.append(self._offset)
        return values

    def _one(self) -> Query[R]:
        return self if self._limit == 0 else self.limit(1)

    def _own_name(self, column: str | ColumnExpression) -> str:
        if isinstance(column, str):
            return column
        if not isinstance(column, ColumnExpression) or column.model is not self._model:  # pyright: ignore[reportUnnecessaryIsInstance]
            raise UnsupportedValueError(
                f"pluck takes attributes of {self._model.__name__}, not {column!r}."
            )
        return column.attribute

    def _by_key(self, sign: str = "") -> Ordering:
        return Ordering(sign + self._model._definition.key_name)

    def _found(self, record: R | None, conditions: Mapping[str, Any] | None = None) -> R:
        if record is None:
            raise RecordNotFoundError(self._model.__name__, conditions)
        return record

    def __await__(self) -> Any:
        """A query awaited is its list: ``tasks = await Task.where(done=False)``."""
        return self.to_list().__await__()

    def __repr__(self) -> str:
        return f"<Query of {self._model.__name__} with {len(self._conditions)} conditions>"

    def __len__(self) -> int:
        raise QueryError("A query has no length until it is run: use `await query.count()`.")

    def __bool__(self) -> bool:
        raise QueryError(
            "A query is neither true nor false until it is run: use `await query.exists()`."
        )

    def __iter__(self) -> Any:
        raise QueryError(
            "A query is iterated with `async for`, or awaited first: `await query.to_list()`."
        )


def _conditions(given: tuple[Any, ...], attributes: dict[str, Any]) -> tuple[Condition, ...]:
    if not given:
        return (Keywords(attributes),) if attributes else ()
    parsed = _positional(given)
    return (*parsed, Keywords(attributes)) if attributes else parsed


def _positional(given: tuple[Any, ...]) -> tuple[Condition, ...]:
    first = given[0]
    if isinstance(first, str):
        return (RawCondition(first, given[1:]),)
    return tuple(_condition(one) for one in given)


def _condition(given: Any) -> Condition:
    if isinstance(given, dict):
        return Keywords(given)  # pyright: ignore[reportUnknownArgumentType]
    if hasattr(given, "expression") and hasattr(given, "values") and hasattr(given, "key"):
        return given
    raise UnsupportedValueError(
        f"{given!r} is not a condition. Use keywords (done=False), a mapping, a column expression "
        '(Task.position > 3) or raw SQL with its values ("tasks.position > ?", 3).'
    )


def _row_count(what: str, count: Any) -> int | None:
    if count is None:
        return None
    if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count < 2**63:
        raise UnsupportedValueError(
            f"{what} takes a whole number from 0 to 2**63 - 1, or None, not {count!r}."
        )
    return count


def _type_of(schema: ModelSchema, name: str) -> ColumnType:
    """The type of the attribute *name*, or of the key of the belongs_to *name*."""
    attribute = schema.attributes.get(name)
    return (attribute or schema.attributes[schema.relationships[name].owner_column()]).type


def _decode_rows(rows: list[tuple[Any, ...]], types: list[Any]) -> list[Any]:
    decoders = [type.decode if type is not None and type.decodes else None for type in types]
    if len(decoders) == 1:
        decode = decoders[0]
        if decode is None:
            return [row[0] for row in rows]
        return [None if row[0] is None else decode(row[0]) for row in rows]
    if not any(decoders):
        return rows
    return [
        tuple(
            value if decode is None or value is None else decode(value)
            for decode, value in zip(decoders, row, strict=True)
        )
        for row in rows
    ]
