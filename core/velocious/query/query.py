"""``Query``: an immutable, chainable description of rows, run when it is awaited.

Law: nothing touches a database until a method that is awaited does. What a program may never ask
for is imported when it does: a page waits for every module.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Self, cast

from velocious import current
from velocious.errors import QueryError, RecordNotFoundError, UnsupportedValueError
from velocious.query import plan as plans
from velocious.query.decoding import decode_rows
from velocious.query.description import Description
from velocious.query.iteration import Iteration
from velocious.query.narrowing import attributes_of, demand_met
from velocious.query.ordering import without_idle_order

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Hashable, Mapping

    from velocious.live import Live
    from velocious.query.expressions import ColumnExpression
    from velocious.query.plan import Shape
    from velocious.record.record import Record
    from velocious.record.schema import ModelSchema
    from velocious.sql.types import ColumnType


class Query[R: Record](Description[R]):
    """Rows of a model, described::

    tasks = Task.where(done=False, project={"name": "Apollo"})
    await tasks.order("-position").limit(10).to_list()
    """

    __slots__ = ()

    # Reading

    async def to_list(self) -> list[R]:
        """The records."""
        rows = await self._rows("records", plans.records_shape)
        selected = self._refinements.selected
        records = (
            self._model._gather_selected(rows, selected) if selected else self._model._gather(rows)
        )
        if self._preloads:
            await self._model._preload(records, self._preloads, self._refinements.sight)
        return records

    def __aiter__(self) -> AsyncIterator[R]:
        return Iteration(self)

    def find_each(self, size: int = 1000) -> AsyncIterator[R]:
        """Every record once, by primary key, read *size* at a time."""
        from velocious.query import batches

        return batches.find_each(self, size)

    def in_batches(self, size: int = 1000) -> AsyncIterator[Self]:
        """Queries of *size* records each, by primary key: ``await batch.update_all(…)``."""
        from velocious.query import batches

        return cast("AsyncIterator[Self]", batches.in_batches(self, size))

    def live(self, *, interval: float = 0.02) -> Live[list[R]]:
        """The records now, and again after each change of the tables that they come from::

            async for tasks in Task.where(done=False).live():
                show(tasks)

        *interval*: seconds from the end of one run to the next. ``velocious.live.live`` does the
        same for any function that reads: ``live(query.count)``.
        """
        from velocious.live import Live

        backend = self._model._definition.remote_home()
        if backend is not None:
            # Without what tells of changes it would never follow them.
            backend.realtime(self._model)
        return Live(self.to_list, interval)

    async def total_count(self) -> int:
        """How many rows all pages have together."""
        from velocious.query import pages

        return await pages.total_count(self)

    async def total_pages(self) -> int:
        """How many pages there are."""
        from velocious.query import pages

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
        """The record with these attributes, or a new, unsaved one that has them, and what the query
        compares for equality; *prepare* gets the new one.

        Raises:
            QueryError: the query has other conditions, and nobody gave the new one what they are
                about.
        """
        found = await self.find_by(attributes)
        if found is not None:
            return found
        await self._model._definition.ready()
        given = attributes_of(self) | dict(attributes) if self._conditions else attributes
        new = self._model(**given)
        prepared = prepare(new) if prepare else None
        if prepared is not None and hasattr(prepared, "__await__"):
            await prepared
        if self._conditions:
            demand_met(self, new)
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
            from velocious.query.calculations import calculate

            return await calculate(self, "COUNT", name)
        query = self if not self._order or self._limit is not None else without_idle_order(self)
        rows = await query._rows("count", plans.count_shape)
        return rows[0][0]

    async def sum(self, name: str) -> Any:
        """What the values of the attribute *name* add up to; 0 without any."""
        from velocious.query.calculations import calculate

        return await calculate(self, "SUM", name)

    async def average(self, name: str) -> Any:
        """The mean of the values; None without any."""
        from velocious.query.calculations import calculate

        return await calculate(self, "AVG", name)

    async def minimum(self, name: str) -> Any:
        """The smallest value; None without any."""
        from velocious.query.calculations import calculate

        return await calculate(self, "MIN", name)

    async def maximum(self, name: str) -> Any:
        """The largest value; None without any."""
        from velocious.query.calculations import calculate

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
        self._refuse_remote("destroy_all()", "Destroy the records one by one, or add a command.")
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
        from velocious.query import bulk_changes

        self._refuse_remote("update_all()", "Update the records one by one, or add a command.")
        given = {**(attributes or {}), **more}
        if touch:
            given.setdefault("updated_at", current.configuration().clock.now())
        return await bulk_changes.update_all(self, given)

    async def delete_all(self) -> int:
        """Delete the rows in one statement, without callbacks; returns how many."""
        from velocious.query import bulk_changes

        self._refuse_remote("delete_all()", "Destroy the records one by one, or add a command.")
        return await bulk_changes.delete_all(self)

    async def to_sql(self) -> str:
        """The SQL that :meth:`to_list` runs, with placeholders."""
        self._refuse_remote("to_sql()", "Its backend writes the SQL; look at query.to_data().")
        return (await self._planned("records", plans.records_shape))[1].compiled.sql

    async def explain(self) -> str:
        """The database's plan for :meth:`to_list`."""
        from velocious.query import inspection

        self._refuse_remote("explain()", "Ask for the plan where the database is.")
        return await inspection.explain(self)

    async def table_for_join(self, path: str = "") -> str:
        """What raw SQL calls the table that the query joins along *path*, quoted; without a path,
        the model's own.
        """
        from velocious.query import inspection

        self._refuse_remote("table_for_join()", "It is for raw SQL, which goes to no backend.")
        return await inspection.table_for_join(self, path)

    def to_data(self) -> dict[str, Any]:
        """The query as plain data that JSON can hold."""
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
        # The hot path: what _planned does, without its call.
        definition = self._model._definition
        schema = definition.schema_in_use() or await definition.ready()
        key = self._key(kind)
        plan = schema.plans.get(key) or await plans.plan_for(self, schema, key, shape)
        compiled = plan.compiled
        values = self._values()
        if plan.join_values:
            values[:0] = plan.join_values
        return await schema.database.fetch(compiled.sql, compiled.bind(values))

    async def _planned(self, kind: Hashable, shape: Shape) -> tuple[Any, Any, list[Any]]:
        definition = self._model._definition
        schema = definition.schema_in_use() or await definition.ready()
        key = self._key(kind)
        plan = schema.plans.get(key)
        if plan is None:
            plan = await plans.plan_for(self, schema, key, shape)
        return schema, plan, [*plan.join_values, *self._values()]

    def _refuse_remote(self, wanted: str, instead: str) -> None:
        from velocious.query.remote import refuse_remote

        refuse_remote(self._model, wanted, instead)

    def _one(self) -> Self:
        return self if self._limit == 0 else self.limit(1)

    def _found(self, record: R | None, conditions: Mapping[str, Any] | None = None) -> R:
        if record is None:
            raise RecordNotFoundError(self._model.__name__, conditions)
        return record

    def __await__(self) -> Any:
        """A query awaited is its list: ``tasks = await Task.where(done=False)``."""
        return self.to_list().__await__()

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


def _type_of(schema: ModelSchema, name: str) -> ColumnType:
    """The type of the attribute *name*, or of the key of the belongs_to *name*."""
    attribute = schema.attributes.get(name)
    return (attribute or schema.attributes[schema.relationships[name].owner_column()]).type
