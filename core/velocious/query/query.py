"""``Query``: an immutable, chainable description of rows, run when it is awaited.

Law: every method returns a new query; nothing touches a database until a method that is awaited
does.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Self

from velocious import current
from velocious.errors import (
    QueryError,
    RecordNotFoundError,
    UnknownAttributeError,
    UnsupportedValueError,
)
from velocious.query import batches, bulk_changes, filters, inspection, pages
from velocious.query import plan as plans
from velocious.query.calculations import calculate
from velocious.query.conditions import Group, parse_conditions
from velocious.query.decoding import decode_rows
from velocious.query.expressions import ColumnExpression
from velocious.query.joined_scopes import where_scope
from velocious.query.ordering import Ordering, without_idle_order
from velocious.query.pages import paged
from velocious.query.paths import relationship_paths
from velocious.query.refinements import PLAIN
from velocious.query.shape import Subquery
from velocious.query.subqueries import column_of, partnered

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Hashable, Iterable, Mapping

    from velocious.query.conditions import Condition
    from velocious.query.expressions import Raw
    from velocious.query.grouped import GroupedQuery
    from velocious.query.plan import Shape
    from velocious.query.refinements import Refinements
    from velocious.query.resolution import Path
    from velocious.record.record import Record
    from velocious.record.schema import ModelSchema
    from velocious.sql.types import ColumnType


class Query[R: Record](Subquery):
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
        "_refinements",
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
        self._refinements: Refinements = PLAIN

    def _copy(self) -> Self:
        new = object.__new__(type(self))
        new._model = self._model
        new._conditions = self._conditions
        new._joins = self._joins
        new._order = self._order
        new._limit = self._limit
        new._offset = self._offset
        new._distinct = self._distinct
        new._preloads = self._preloads
        new._refinements = self._refinements
        return new

    def _refined(self, **refinements: Any) -> Self:
        new = self._copy()
        new._refinements = self._refinements._replace(**refinements)
        return new

    # Describing rows

    def where(self, *conditions: Any, **attributes: Any) -> Self:
        """Only rows that fulfil all of these.

        Keywords compare for equality: None is NULL, a list is membership, a dict goes along a
        relationship (and joins it). Positional conditions are column expressions (``Task.position >
        3``), mappings, or raw SQL followed by its values (``where("tasks.position > ?", 3)``).
        """
        new = self._copy()
        new._conditions += parse_conditions(conditions, attributes)
        return new

    def where_not(self, *conditions: Any, **attributes: Any) -> Self:
        """Only rows that do not fulfil all of these together. As in SQL, NULL is neither equal nor
        unequal.
        """
        if not conditions and not attributes:
            raise QueryError("where_not needs a condition: .where_not(done=True).")
        new = self._copy()
        new._conditions += (Group("not", parse_conditions(conditions, attributes)),)
        return new

    def where_exists(self, path: str, *conditions: Any, **attributes: Any) -> Self:
        """Only rows with a partner (that fulfils these) along a relationship, each of them once::

        Project.where_exists("tasks.comments", body="Done")
        """
        new = self._copy()
        new._conditions += (partnered(self, path, conditions, attributes, negated=False),)
        return new

    def where_missing(self, path: str, *conditions: Any, **attributes: Any) -> Self:
        """Only rows without such a partner; see :meth:`where_exists`."""
        new = self._copy()
        new._conditions += (partnered(self, path, conditions, attributes, negated=True),)
        return new

    def select(self, *attributes: str | ColumnExpression) -> Self:
        """Read these attributes alone. Any other one of the records raises
        AttributeNotSelectedError; saving writes what was assigned.
        """
        if not attributes:
            raise QueryError('No attributes given to select. Name one at least: .select("id").')
        names = tuple(self._own_name(one, "select") for one in attributes)
        return self._refined(selected=tuple(dict.fromkeys(self._refinements.selected + names)))

    def or_(self, other: Query[R]) -> Self:
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

    def joins(self, *relationships: Any) -> Self:
        """Join relationships: names, lists, and dicts for nested ones. Rows without a partner are
        left out.
        """
        new = self._copy()
        new._joins += tuple((path, "INNER") for path in relationship_paths(relationships))
        return new

    def left_joins(self, *relationships: Any) -> Self:
        """As :meth:`joins`, but rows without a partner stay."""
        new = self._copy()
        new._joins += tuple((path, "LEFT") for path in relationship_paths(relationships))
        return new

    def preload(self, *relationships: Any) -> Self:
        """Load relationships with the rows, one query for each: names, lists, and dicts for nested
        ones.
        """
        new = self._copy()
        new._preloads = tuple(dict.fromkeys(self._preloads + relationship_paths(relationships)))
        return new

    def order(self, *by: str | ColumnExpression | Raw) -> Self:
        """Sort by these, after what is sorted by already: ``"name"``, ``"-project.name"``,
        ``Task.name.desc()``.
        """
        new = self._copy()
        new._order += tuple(Ordering(one) for one in by)
        return new

    def reorder(self, *by: str | ColumnExpression | Raw) -> Self:
        """Sort by these alone."""
        new = self._copy()
        new._order = tuple(Ordering(one) for one in by)
        return new

    def reverse_order(self) -> Self:
        """The other way round; without an order, from the largest primary key."""
        new = self._copy()
        new._order = tuple(one.reversed() for one in self._order) or (self._by_key("-"),)
        return new

    def limit(self, count: int | None) -> Self:
        """At most *count* rows; None: all."""
        new = self._copy()
        new._limit = _row_count("limit", count)
        return new

    def offset(self, count: int | None) -> Self:
        """Without the first *count* rows."""
        new = self._copy()
        new._offset = _row_count("offset", count)
        return new

    def search(self, given: Mapping[str, Any], *, allow: Iterable[str]) -> Self:
        """Narrowed and sorted as a search form says, within the attributes that *allow* names::

        Task.search({"name_cont": "docs", "project_name_eq": "Apollo", "s": "name desc"},
                    allow=["name", "project.name"])
        """
        return filters.search(self, given, allow)

    def page(self, number: int) -> Self:
        """The page *number*, from 1 on; :meth:`per_page` says how many rows it has, else 30."""
        return paged(self, page=number)

    def per_page(self, count: int) -> Self:
        """Pages of *count* rows."""
        return paged(self, per_page=count)

    def lock(self) -> Self:
        """Lock the rows until the transaction ends, where the database has row locks. SQLite has
        one writer at a time: there a transaction that writes needs no lock.
        """
        return self._refined(locked=True)

    def where_scope(self, path: str, name: str, *given: Any, **named: Any) -> Self:
        """Narrowed by the scope *name* of the model at the end of a relationship path::

        Comment.joins("task").where_scope("task.project", "active")
        """
        return where_scope(self, path, name, given, named)

    def distinct(self, distinct: bool = True) -> Self:
        """Each row once, however often a join repeats it."""
        new = self._copy()
        new._distinct = distinct
        return new

    def group(self, *by: str | ColumnExpression | Raw) -> GroupedQuery[R]:
        """Groups of rows that are equal in these, after what is grouped by already; calculations
        are dicts then.
        """
        # Imported late: a grouped query is a query.
        from velocious.query.grouped import GroupedQuery, grouping

        if not by:
            raise QueryError('No groups given. Name one at least: .group("project_id").')
        new: Any = GroupedQuery(self._model)
        for slot in Query.__slots__:
            setattr(new, slot, getattr(self, slot))
        return new._refined(groups=self._refinements.groups + tuple(map(grouping, by)))

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
        selected = self._refinements.selected
        records = (
            self._model._gather_selected(rows, selected) if selected else self._model._gather(rows)
        )
        if self._preloads:
            await self._model._preload(records, self._preloads)
        return records

    async def __aiter__(self) -> AsyncIterator[R]:
        for record in await self.to_list():
            yield record

    def find_each(self, size: int = 1000) -> AsyncIterator[R]:
        """Every record once, by primary key, read *size* at a time."""
        return batches.find_each(self, size)

    def in_batches(self, size: int = 1000) -> AsyncIterator[Self]:
        """Queries of *size* records each, by primary key: ``await batch.update_all(…)``."""
        return batches.in_batches(self, size)  # pyright: ignore[reportReturnType]

    async def total_count(self) -> int:
        """How many rows all pages have together."""
        return await pages.total_count(self)

    async def total_pages(self) -> int:
        """How many pages there are."""
        return await pages.total_pages(self)

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
            query = self if self._order else self.order(self._model._definition.key_name)
            records = await query.to_list()
            return records[-1] if records else None
        return await self.reverse_order().first()

    async def find(self, key: Any) -> R:
        """The record with this primary key. Raises RecordNotFoundError."""
        definition = self._model._definition
        schema, name = definition.schema_in_use() or await definition.ready(), definition.key_name
        try:
            schema.attributes[name].type.encode(key)
        except UnsupportedValueError as error:
            raise RecordNotFoundError(self._model.__name__, {name: key}) from error
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

    async def count(self, name: str | None = None) -> int:
        """How many rows (have a value of the attribute *name*)."""
        if name is not None:
            return await calculate(self, "COUNT", name)
        query = self if not self._order or self._limit is not None else without_idle_order(self)
        rows = await query._rows("count", plans.count_shape)
        return rows[0][0]

    async def sum(self, name: str) -> Any:
        """What the values of the attribute *name* add up to; 0 without any."""
        return await calculate(self, "SUM", name)

    async def average(self, name: str) -> Any:
        """The mean of the values; None without any."""
        return await calculate(self, "AVG", name)

    async def minimum(self, name: str) -> Any:
        """The smallest value; None without any."""
        return await calculate(self, "MIN", name)

    async def maximum(self, name: str) -> Any:
        """The largest value; None without any."""
        return await calculate(self, "MAX", name)

    async def exists(self, **attributes: Any) -> bool:
        """Whether there is a row (that fulfils these too)."""
        query = self.where(**attributes) if attributes else self
        query = without_idle_order(query) if query._order else query
        return bool(await query._one()._rows("exists", plans.exists_shape))

    async def pluck(self, *columns: str | ColumnExpression) -> list[Any]:
        """The values of one attribute as a list, or of several as a list of tuples; no records are
        made.
        """
        if not columns:
            raise QueryError('No columns given to pluck. Name one at least: .pluck("id").')
        names = tuple(self._own_name(one, "pluck") for one in columns)
        rows = await self._rows(("pluck", names), plans.pluck_shape(names))
        schema = await self._model._definition.ready()
        types = [_type_of(schema, name) for name in names]
        return decode_rows(rows, types, f"{self._model.__name__} ({', '.join(names)})")

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

    async def update_all(
        self, attributes: Mapping[str, Any] | None = None, /, *, touch: bool = False, **more: Any
    ) -> int:
        """Set attributes of all rows in one statement, without callbacks and validations; returns
        how many rows. Values are cast; ``raw("position + 1")`` is SQL. *touch* sets ``updated_at``.
        """
        given = {**(attributes or {}), **more}
        if touch:
            given.setdefault("updated_at", current.configuration().clock.now())
        return await bulk_changes.update_all(self, given)

    async def delete_all(self) -> int:
        """Delete the rows in one statement, without callbacks; returns how many."""
        return await bulk_changes.delete_all(self)

    async def to_sql(self) -> str:
        """The SQL that :meth:`to_list` runs, with placeholders."""
        return (await self._planned("records", plans.records_shape))[1].compiled.sql

    async def explain(self) -> str:
        """The database's plan for :meth:`to_list`."""
        return await inspection.explain(self)

    async def table_for_join(self, path: str = "") -> str:
        """What raw SQL calls the table that the query joins along *path*, quoted; without a path,
        the model's own.
        """
        return await inspection.table_for_join(self, path)

    def to_data(self) -> dict[str, Any]:
        """The query as plain data that JSON can hold."""
        # Imported late: few applications send queries anywhere.
        from velocious.query.serialization import to_data

        return to_data(self)

    @staticmethod
    def from_data(data: Mapping[str, Any], *, allow_raw: bool = False) -> Query[Any]:
        """The query that :meth:`to_data` described. It may ask for everything: check who sends it.
        Raises QueryError for other data, and for SQL in it unless *allow_raw*.
        """
        from velocious.query.serialization import from_data

        return from_data(data, allow_raw=allow_raw)

    # Running

    async def _rows(self, kind: Hashable, shape: Shape) -> list[tuple[Any, ...]]:
        schema, plan, values = await self._planned(kind, shape)
        compiled = plan.compiled
        return await schema.database.fetch(compiled.sql, compiled.bind(values))

    async def _planned(self, kind: Hashable, shape: Shape) -> tuple[Any, Any, list[Any]]:
        definition = self._model._definition
        schema = definition.schema_in_use() or await definition.ready()
        key = self._key(kind)
        plan = schema.plans.get(key)
        if plan is None:
            plan = await plans.plan_for(self, schema, key, shape)
        return schema, plan, [*plan.join_values, *self._values()]

    def subquery_key(self) -> Hashable:
        column_of(self)
        return "sub", self._model, self._key(None)

    def subquery_values(self) -> list[Any]:
        dropped = self._order and self._limit is None and self._offset is None
        return (self.reorder() if dropped else self)._values()

    def _key(self, kind: Hashable) -> Hashable:
        return (
            kind,
            tuple([condition.key for condition in self._conditions]),
            self._joins,
            tuple([one.key for one in self._order]),
            self._limit is None,
            self._offset is None,
            self._distinct,
            None if self._refinements is PLAIN else self._refinements.key,
        )

    def _values(self) -> list[Any]:
        values = [value for condition in self._conditions for value in condition.values()]
        if self._refinements is not PLAIN:
            values.extend(self._refinements.values())
        for one in self._order:
            values.extend(one.values())
        if self._limit is not None:
            values.append(self._limit)
        if self._offset is not None:
            values.append(self._offset)
        return values

    def _one(self) -> Self:
        return self if self._limit == 0 else self.limit(1)

    def _own_name(self, column: str | ColumnExpression, method: str) -> str:
        if isinstance(column, str):
            return column
        if not isinstance(column, ColumnExpression) or column.model is not self._model:  # pyright: ignore[reportUnnecessaryIsInstance]
            raise UnsupportedValueError(
                f"{method} takes attributes of {self._model.__name__}, not {column!r}."
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
