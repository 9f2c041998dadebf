"""Copies and compares one table.

Law: rows, and the note of how far the copy is, are stored in one transaction.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from velocious.errors import (
    CopyError,
    LockTimeoutError,
    StatementError,
    StatementTimeoutError,
    TransactionConflictError,
)
from velocious.transfer.checksum import added, rows_checksum
from velocious.transfer.columns import WRONG, ColumnReader, failed, fits
from velocious.transfer.keys import ChunkReader, key_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.database.database import Database
    from velocious.database.driver import Row
    from velocious.progress import Step
    from velocious.transfer.plan import TablePlan
    from velocious.transfer.state import CopyState, TableState
    from velocious.transfer.targets.base import CopyTarget

#: What says nothing about the rows themselves.
_OF_THE_MOMENT = (TransactionConflictError, StatementTimeoutError, LockTimeoutError)


class TableCopy:
    """The copy of the table of *plan*, from *source* to *target*."""

    def __init__(
        self,
        plan: TablePlan,
        source: Database,
        target: Database,
        adapter: CopyTarget,
        state: CopyState,
    ) -> None:
        self._plan = plan
        self._source = source
        self._target = target
        self._adapter = adapter
        self._state = state
        self._insert = _insert_sql(target, plan)

    async def copy(self, at: TableState, step: Step) -> TableState:
        """Copy what is missing behind *at*; where it is at the end."""
        plan = self._plan
        step.advance(at.copied)
        if at.finished:
            return at
        reader = ChunkReader(self._source, plan.name, plan.key, plan.source_columns)
        async for last, rows in reader.chunks(at.last_key):
            encoded, checksum = self._converted(rows)
            at = replace(
                at,
                last_key=last,
                copied=at.copied + len(rows),
                checksum=added(at.checksum, checksum),
            )
            await self._store(rows, encoded, at)
            step.advance(len(rows))
        at = replace(at, finished=True)
        await self._state.keep(at)
        return at

    async def verify(self, at: TableState, step: Step) -> None:
        """Read the target's rows, and compare them with those that were copied.

        Raises:
            CopyError: they differ, or the source has changed.
        """
        name = self._plan.name
        self._check_count("the source now has", await row_count(self._source, name), at)
        table = await self._target.table(name)
        columns = [column for column in table.columns if not column.generated]
        readers = [ColumnReader(column, self._target.dialect) for column in columns]
        chunks = ChunkReader(self._target, name, await key_of(self._target, table), columns)
        count = checksum = 0
        async for _, rows in chunks.chunks(None):
            values = [
                reader.comparable(column)
                for reader, column in zip(readers, zip(*rows, strict=True), strict=True)
            ]
            checksum = added(checksum, rows_checksum(zip(*values, strict=True)))
            count += len(rows)
            step.advance(len(rows))
        self._check_count("the target has", count, at)
        if checksum != at.checksum:
            raise CopyError(
                f"The rows of {name} in the target are not those of the source, although there are "
                f"{count:,} in both: something changes them (a trigger, or another program). Stop "
                "that, and copy anew with --truncate."
            )

    def _check_count(self, who: str, count: int, at: TableState) -> None:
        if count != at.copied:
            raise CopyError(
                f"{at.copied:,} rows of {self._plan.name} were copied, but {who} {count:,}: "
                "somebody writes to it. Stop the application, and copy anew with --truncate."
            )

    # A chunk

    def _converted(self, rows: list[Row]) -> tuple[list[tuple[Any, ...]], int]:
        """*rows* as the target takes them, and their checksum."""
        try:
            encoded: list[Sequence[Any]] = []
            comparable: list[Sequence[Any]] = []
            copies = self._plan.copies
            for copy, stored in zip(copies, zip(*rows, strict=True), strict=True):
                values = copy.values(stored)
                comparable.append(copy.comparable(values))
                encoded.append(copy.encoded(values))
        except WRONG as error:
            wrong = next((row for row in rows if not fits(self._plan.copies, row)), rows[0])
            raise self._failed(wrong, error) from error
        checksum = rows_checksum(zip(*comparable, strict=True))
        return list(zip(*encoded, strict=True)), checksum

    async def _store(self, rows: list[Row], encoded: list[tuple[Any, ...]], at: TableState) -> None:
        try:
            async with self._target.transaction():
                await self._write(encoded)
                await self._state.keep(at)
        except _OF_THE_MOMENT:
            raise
        except StatementError as error:
            wrong = await self._refused(encoded)
            if wrong is None:
                raise
            raise self._failed(rows[wrong], error) from error

    async def _write(self, encoded: list[tuple[Any, ...]]) -> None:
        table = self._plan.name
        transaction = self._target.current_transaction()
        assert transaction is not None
        await self._adapter.before_rows(table)
        await transaction.connection.execute_many(self._insert, encoded)
        await self._adapter.after_rows(table)

    async def _refused(self, encoded: list[tuple[Any, ...]]) -> int | None:
        """The place of a row that the target refuses, or None: it refuses none of them alone."""
        start, end = 0, len(encoded)
        while end - start > 1:
            middle = (start + end) // 2
            if not await self._takes(encoded[start:middle]):
                end = middle
            elif not await self._takes(encoded[middle:end]):
                start = middle
            else:
                return None
        return start

    async def _takes(self, encoded: list[tuple[Any, ...]]) -> bool:
        try:
            async with self._target.transaction():
                await self._write(encoded)
                raise _UndoError
        except _UndoError:
            return True
        except StatementError:
            return False

    def _failed(self, row: Row, error: Exception) -> CopyError:
        names = [column.name for column in self._plan.columns]
        shown = [name for name in self._plan.table.primary_key if name in names] or names[:3]
        key = ", ".join(f"{name} = {row[names.index(name)]!r}" for name in shown)
        return failed(self._plan.name, self._plan.copies, row, key, error)


class _UndoError(Exception):
    """Rolls a trial back."""


async def row_count(database: Database, table: str) -> int:
    """How many rows *table* has."""
    return (await database.fetch(f"SELECT COUNT(*) FROM {database.dialect.quote(table)}"))[0][0]


def _insert_sql(target: Database, plan: TablePlan) -> str:
    dialect = target.dialect
    names = ", ".join(dialect.quote(column.name) for column in plan.columns)
    marks = ", ".join(dialect.placeholder(place) for place in range(1, len(plan.columns) + 1))
    return f"INSERT INTO {dialect.quote(plan.name)} ({names}) VALUES ({marks})"
