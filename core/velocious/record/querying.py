"""The class as a table: ``Task.where(…)``, ``Task.find(5)``, ``Task.insert_multiple(…)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.query.conditions import parse_conditions
from velocious.query.query import Query
from velocious.query.remote import refuse_remote_sql
from velocious.record import finding

if TYPE_CHECKING:
    # To type checkers a mixin's class is whatever it is mixed into only where it is a protocol.
    from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping, Sequence
    from typing import Protocol as Mixin

    from velocious.authorization.ability import Ability
    from velocious.query.expressions import ColumnExpression
    from velocious.query.grouped import GroupedQuery
    from velocious.record.bulk import BulkResult
    from velocious.record.record import Record
else:
    Mixin = object


class Querying(Mixin):
    """What a model can do without a record at hand: each a query of its own."""

    __slots__ = ()

    # Describing rows

    @classmethod
    def query[R: Record](cls: type[R]) -> Query[R]:
        """All rows, to be narrowed."""
        return Query(cls)

    all = query

    @classmethod
    def where[R: Record](cls: type[R], *conditions: Any, **attributes: Any) -> Query[R]:
        """See :meth:`Query.where`."""
        if conditions and type(conditions[0]) is str:
            refuse_remote_sql(cls, conditions[0])
        query = Query(cls)
        # As Query.where does it, without a copy: nobody else has this query yet.
        query._conditions += parse_conditions(conditions, attributes)
        return query

    @classmethod
    def where_not[R: Record](cls: type[R], *conditions: Any, **attributes: Any) -> Query[R]:
        """See :meth:`Query.where_not`."""
        return Query(cls).where_not(*conditions, **attributes)

    @classmethod
    def joins[R: Record](cls: type[R], *relationships: Any) -> Query[R]:
        """See :meth:`Query.joins`."""
        return Query(cls).joins(*relationships)

    @classmethod
    def left_joins[R: Record](cls: type[R], *relationships: Any) -> Query[R]:
        """See :meth:`Query.left_joins`."""
        return Query(cls).left_joins(*relationships)

    @classmethod
    def preload[R: Record](cls: type[R], *relationships: Any) -> Query[R]:
        """See :meth:`Query.preload`."""
        return Query(cls).preload(*relationships)

    @classmethod
    def where_exists[R: Record](
        cls: type[R], path: str, *conditions: Any, **attributes: Any
    ) -> Query[R]:
        """See :meth:`Query.where_exists`."""
        return Query(cls).where_exists(path, *conditions, **attributes)

    @classmethod
    def where_missing[R: Record](
        cls: type[R], path: str, *conditions: Any, **attributes: Any
    ) -> Query[R]:
        """See :meth:`Query.where_missing`."""
        return Query(cls).where_missing(path, *conditions, **attributes)

    @classmethod
    def select[R: Record](cls: type[R], *attributes: str | ColumnExpression) -> Query[R]:
        """See :meth:`Query.select`."""
        return Query(cls).select(*attributes)

    @classmethod
    def group[R: Record](cls: type[R], *by: Any) -> GroupedQuery[R]:
        """See :meth:`Query.group`."""
        return Query(cls).group(*by)

    @classmethod
    def search[R: Record](
        cls: type[R], given: Mapping[str, Any], *, allow: Iterable[str]
    ) -> Query[R]:
        """See :meth:`Query.search`."""
        return Query(cls).search(given, allow=allow)

    @classmethod
    def accessible[R: Record](cls: type[R], ability: Ability | None = None) -> Query[R]:
        """See :meth:`Query.accessible`."""
        return Query(cls).accessible(ability)

    @classmethod
    def accessible_by[R: Record](cls: type[R], ability: Ability) -> Query[R]:
        """See :meth:`Query.accessible_by`."""
        return Query(cls).accessible_by(ability)

    @classmethod
    def accessible_for[R: Record](
        cls: type[R], action: str, ability: Ability | None = None
    ) -> Query[R]:
        """See :meth:`Query.accessible_for`."""
        return Query(cls).accessible_for(action, ability)

    @classmethod
    def seen_by[R: Record](cls: type[R], ability: Ability) -> Query[R]:
        """See :meth:`Query.seen_by`."""
        return Query(cls).seen_by(ability)

    @classmethod
    def page[R: Record](cls: type[R], number: int) -> Query[R]:
        """See :meth:`Query.page`."""
        return Query(cls).page(number)

    @classmethod
    def find_each[R: Record](cls: type[R], size: int = 1000) -> AsyncIterator[R]:
        """See :meth:`Query.find_each`."""
        return Query(cls).find_each(size)

    @classmethod
    def in_batches[R: Record](cls: type[R], size: int = 1000) -> AsyncIterator[Query[R]]:
        """See :meth:`Query.in_batches`."""
        return Query(cls).in_batches(size)

    @classmethod
    def order[R: Record](cls: type[R], *by: Any) -> Query[R]:
        """See :meth:`Query.order`."""
        return Query(cls).order(*by)

    @classmethod
    def limit[R: Record](cls: type[R], count: int | None) -> Query[R]:
        """See :meth:`Query.limit`."""
        return Query(cls).limit(count)

    @classmethod
    def offset[R: Record](cls: type[R], count: int | None) -> Query[R]:
        """See :meth:`Query.offset`."""
        return Query(cls).offset(count)

    # Reading

    @classmethod
    def find[R: Record](cls: type[R], key: Any) -> Coroutine[Any, Any, R]:
        """The record with this primary key. Raises RecordNotFoundError."""
        # Not one coroutine inside another: finding by key is the most frequent thing of all.
        return finding.find(cls, key)

    @classmethod
    async def find_by[R: Record](cls: type[R], *conditions: Any, **attributes: Any) -> R | None:
        """See :meth:`Query.find_by`."""
        return await Query(cls).find_by(*conditions, **attributes)

    @classmethod
    async def find_by_or_fail[R: Record](cls: type[R], *conditions: Any, **attributes: Any) -> R:
        """See :meth:`Query.find_by_or_fail`."""
        return await Query(cls).find_by_or_fail(*conditions, **attributes)

    @classmethod
    async def find_or_initialize_by[R: Record](
        cls: type[R], attributes: Mapping[str, Any], prepare: Callable[[R], Any] | None = None
    ) -> R:
        """See :meth:`Query.find_or_initialize_by`."""
        return await Query(cls).find_or_initialize_by(attributes, prepare)

    @classmethod
    async def find_or_create_by[R: Record](
        cls: type[R], attributes: Mapping[str, Any], prepare: Callable[[R], Any] | None = None
    ) -> R:
        """See :meth:`Query.find_or_create_by`."""
        return await Query(cls).find_or_create_by(attributes, prepare)

    @classmethod
    async def first[R: Record](cls: type[R]) -> R | None:
        """See :meth:`Query.first`."""
        return await Query(cls).first()

    @classmethod
    async def last[R: Record](cls: type[R]) -> R | None:
        """See :meth:`Query.last`."""
        return await Query(cls).last()

    @classmethod
    async def to_list[R: Record](cls: type[R]) -> list[R]:
        """See :meth:`Query.to_list`."""
        return await Query(cls).to_list()

    @classmethod
    async def count(cls: type[Record]) -> int:
        """See :meth:`Query.count`."""
        return await Query(cls).count()

    @classmethod
    async def exists(cls: type[Record], **attributes: Any) -> bool:
        """See :meth:`Query.exists`."""
        return await Query(cls).exists(**attributes)

    @classmethod
    async def pluck(cls: type[Record], *columns: str | ColumnExpression) -> list[Any]:
        """See :meth:`Query.pluck`."""
        return await Query(cls).pluck(*columns)

    @classmethod
    async def ids(cls: type[Record]) -> list[Any]:
        """See :meth:`Query.ids`."""
        return await Query(cls).ids()

    # Many rows at once

    @classmethod
    async def insert_multiple(
        cls: type[Record],
        columns: Sequence[str],
        rows: Iterable[Sequence[Any]],
        *,
        validate: bool = False,
        retry_individually_on_failure: bool = False,
        return_results: bool = False,
    ) -> BulkResult:
        """Insert many rows; see :func:`velocious.record.bulk.insert_multiple`."""
        from velocious.record import bulk

        return await bulk.insert_multiple(
            cls,
            columns,
            rows,
            validate=validate,
            retry_individually=retry_individually_on_failure,
            return_results=return_results,
        )

    @classmethod
    async def upsert_all(
        cls: type[Record],
        rows: Iterable[Mapping[str, Any]],
        *,
        conflict: Sequence[str] | None = None,
        update: Sequence[str] | None = None,
    ) -> int:
        """Insert rows, or update those there are: :func:`velocious.record.upserts.upsert_all`."""
        from velocious.record import upserts

        return await upserts.upsert_all(cls, rows, conflict=conflict, update=update)

    @classmethod
    async def update_all(
        cls: type[Record],
        attributes: Mapping[str, Any] | None = None,
        /,
        *,
        touch: bool = False,
        **more: Any,
    ) -> int:
        """See :meth:`Query.update_all`."""
        return await Query(cls).update_all(attributes, touch=touch, **more)

    @classmethod
    async def destroy_all[R: Record](cls: type[R]) -> list[R]:
        """See :meth:`Query.destroy_all`."""
        return await Query(cls).destroy_all()

    @classmethod
    async def delete_all(cls: type[Record]) -> int:
        """See :meth:`Query.delete_all`."""
        return await Query(cls).delete_all()
