"""Many records, a batch at a time, in the order of their keys.

Law: each batch begins behind the last key of the one before. That is as fast for the last batch as
for the first, and rows that are added or deleted meanwhile shift nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import QueryError, UnsupportedValueError
from velocious.query.conditions import Comparison

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.query.query import Query
    from velocious.record.record import Record


async def find_each[R: Record](query: Query[R], size: int) -> AsyncIterator[R]:
    """The records, read *size* at a time."""
    key = query._model._definition.key_name
    async for batch, left in _batches(query, size):
        records = await batch.limit(left).to_list()
        for record in records:
            yield record
        if len(records) < left:
            return
        batch.behind(records[-1].read(key))


async def in_batches[R: Record](query: Query[R], size: int) -> AsyncIterator[Query[R]]:
    """Queries of *size* records each."""
    await query._model._definition.ready()
    key = query._model._definition.key_name
    async for batch, left in _batches(query, size):
        keys = await batch.limit(left).ids()
        if keys:
            yield query.limit(None).where({key: keys})
        if len(keys) < left:
            return
        batch.behind(keys[-1])


class _Batch:
    """The rows behind the last key that was read."""

    def __init__(self, query: Query[Any]) -> None:
        self._model = query._model
        self._query = query.distinct()
        self._last: Any = None

    def behind(self, key: Any) -> None:
        """Go on with larger keys."""
        self._last = key

    def limit(self, count: int) -> Query[Any]:
        """The next *count* rows."""
        name = self._model._definition.key_name
        query = self._query
        if self._last is not None:
            query = query.where(Comparison(self._model, name, "gt", self._last))
        return query.order(name).limit(count)


async def _batches(query: Query[Any], size: int) -> AsyncIterator[tuple[_Batch, int]]:
    _check(query, size)
    await query._model._definition.ready()
    batch, left = _Batch(query), query._limit
    while left is None or left > 0:
        count = size if left is None else min(size, left)
        yield batch, count
        left = None if left is None else left - count


def _check(query: Query[Any], size: Any) -> None:
    if query._order or query._offset is not None:
        raise QueryError(
            "Batches go by the primary key, so that no row is missed or read twice: they take no "
            "order and no offset. Leave those out: .reorder().offset(None)."
        )
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        raise UnsupportedValueError(f"size takes a whole number from 1 on, not {size!r}.")
