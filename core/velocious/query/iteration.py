"""``async for task in Task.where(done=False)``: a query's records, one after the other.

Law: the rows are read as a whole with the first record, so that no statement stays open while the
loop's body waits for something else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator

    from velocious.query.query import Query
    from velocious.record.record import Record


class Iteration[R: Record]:
    """One walk through the records of *query*; leaving it early leaves nothing behind."""

    # Not an asynchronous generator: each of its steps takes half as long again.
    __slots__ = ("_query", "_records")

    def __init__(self, query: Query[R]) -> None:
        self._query = query
        self._records: Iterator[R] | None = None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> R:
        records = self._records
        if records is None:
            records = self._records = iter(await self._query.to_list())
        for record in records:
            return record
        raise StopAsyncIteration
