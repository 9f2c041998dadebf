"""A SQLite connection that runs statements inline, but holds the event loop for a limited time.

Law: only reads are interrupted. A read past its budget is run again in a thread, and the next time
it starts there; a write that may touch many rows goes to a thread at once.
"""

from __future__ import annotations

from itertools import chain, islice
from time import perf_counter
from typing import TYPE_CHECKING

from velocious.database.sqlite.connection import SqliteConnection, answer, describe, rows
from velocious.database.sqlite.errors import SQLITE_ERRORS, is_interrupted
from velocious.database.sqlite.statement_kind import (
    BULK_WRITE,
    READ,
    SLOW_READ,
    WRITE,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Awaitable, Callable, Iterable, Iterator

    from velocious.database.driver import Parameters, Result, Row
    from velocious.database.settings import DatabaseSettings
    from velocious.database.sqlite.statement_kind import StatementKinds
    from velocious_node.database.sqlite_readers import ReaderPool
    from velocious_node.database.threads import Threads

#: How many steps of SQLite's virtual machine pass between two looks at the clock.
STEPS_BETWEEN_LOOKS = 5_000
#: How many rows `execute_many` writes inline, and how many in one visit to the thread.
INLINE_ROWS = 200
CHUNK_ROWS = 5_000

# A statement that has not reached the first look yet.
_NOT_SEEN = 0.0


class BudgetedConnection(SqliteConnection):
    """The reader (given *readers*, to which slow queries move) or the writer (which has none)."""

    __slots__ = ("_budget", "_may_stop", "_readers", "_started", "_threads")

    def __init__(
        self,
        raw: sqlite3.Connection,
        settings: DatabaseSettings,
        kinds: StatementKinds,
        threads: Threads,
        *,
        readers: ReaderPool | None = None,
    ) -> None:
        super().__init__(raw, settings, kinds)
        self._threads = threads
        self._readers = readers
        self._budget = settings.time_budget
        self._started = _NOT_SEEN
        self._may_stop = False
        self._watch()

    def close(self) -> None:
        self.raw.set_progress_handler(None, 0)
        super().close()

    # Reads

    async def fetch(self, sql: str, params: Parameters = ()) -> list[Row]:
        if self.kinds[sql] != READ or self._aborted:
            return await self._read(sql, params, rows)
        # The hot path: what _inline does, without its calls.
        self._started = _NOT_SEEN
        self._may_stop = True
        try:
            return self._cursor.execute(sql, params).fetchall()
        except SQLITE_ERRORS as error:
            failure = error
        finally:
            self._may_stop = False
        return await self._read_again(failure, sql, params, rows)

    async def fetch_described(
        self, sql: str, params: Parameters = ()
    ) -> tuple[list[str], list[Row]]:
        return await self._read(sql, params, describe)

    async def _read[ResultT](
        self, sql: str, params: Parameters, collect: Callable[[sqlite3.Cursor], ResultT]
    ) -> ResultT:
        self.check_read(sql)
        kind = self.kinds[sql]
        if kind == WRITE:
            return await self.run(sql, lambda: collect(self.raw.execute(sql, params)))
        if kind != READ:
            return await self._read_in_thread(sql, params, collect)
        try:
            return self._inline(sql, params, collect)
        except SQLITE_ERRORS as error:
            failure = error
        return await self._read_again(failure, sql, params, collect)

    def _inline[ResultT](
        self, sql: str, params: Parameters, collect: Callable[[sqlite3.Cursor], ResultT]
    ) -> ResultT:
        self._started = _NOT_SEEN
        self._may_stop = True
        try:
            return collect(self.raw.execute(sql, params))
        finally:
            self._may_stop = False

    async def _read_again[ResultT](
        self,
        error: Exception,
        sql: str,
        params: Parameters,
        collect: Callable[[sqlite3.Cursor], ResultT],
    ) -> ResultT:
        """After *error* of an inline read: in a thread, if the budget was all that was wrong."""
        if is_interrupted(error):
            self.kinds.remember(sql, SLOW_READ)
            return await self._read_in_thread(sql, params, collect)
        return await self.recover(error, sql, lambda: self._read(sql, params, collect))

    async def _read_in_thread[ResultT](
        self, sql: str, params: Parameters, collect: Callable[[sqlite3.Cursor], ResultT]
    ) -> ResultT:
        """Run a slow read; one that turns out to be fast is run inline the next time."""

        def timed(raw: sqlite3.Connection) -> tuple[ResultT, float]:
            started = perf_counter()
            return collect(raw.execute(sql, params)), perf_counter() - started

        result, seconds = await self.insistently(sql, lambda: self._away(timed))
        if seconds < self._budget / 2 and self.kinds[sql] == SLOW_READ:
            self.kinds.remember(sql, READ)
        return result

    def _away[ResultT](
        self, operation: Callable[[sqlite3.Connection], ResultT]
    ) -> Awaitable[ResultT]:
        """*operation* in a thread: on another reader, or here if only this connection will do."""
        if self._readers is not None:
            return self._readers.run(operation)
        return self.own(lambda: operation(self.raw), self.raw.interrupt)

    # Writes

    async def execute(
        self, sql: str, params: Parameters = (), *, unbounded: bool = False
    ) -> Result:
        kind = self.kinds[sql]
        if kind != WRITE or unbounded or self._aborted:
            return await self._execute(kind, sql, params)
        self._started = _NOT_SEEN
        try:
            result = answer(self._cursor.execute(sql, params))
        except SQLITE_ERRORS as error:
            return await self.repeat(error, sql, lambda: answer(self.raw.execute(sql, params)))
        if self._started and perf_counter() - self._started > self._budget:
            self.kinds.remember(sql, BULK_WRITE)
        return result

    async def execute_many(self, sql: str, rows: Iterable[Parameters]) -> int:
        self.check(sql)
        remaining = iter(rows)
        chunk = list(islice(remaining, INLINE_ROWS + 1))
        if len(chunk) <= INLINE_ROWS:
            return await self.run(sql, lambda: self.raw.executemany(sql, chunk).rowcount)
        return await self.write_chunks(sql, chain(chunk, remaining))

    async def write_chunks(self, sql: str, rows: Iterator[Parameters]) -> int:
        """Write *rows* in the thread, some thousands at a time."""
        changed = 0
        while chunk := list(islice(rows, CHUNK_ROWS)):
            changed += await self._write_many(sql, chunk)
        return changed

    async def execute_script(self, sql: str) -> None:
        self.check("")
        was_in_transaction = self.in_transaction
        await self._write_in_thread(sql, lambda: self.raw.executescript(sql))
        self.check_script(was_in_transaction)

    async def _execute(self, kind: int, sql: str, params: Parameters) -> Result:
        self.check(sql)
        if kind <= SLOW_READ:
            return await self._read(sql, params, answer)
        return await self._write_in_thread(sql, lambda: answer(self.raw.execute(sql, params)))

    async def _write_many(self, sql: str, chunk: list[Parameters]) -> int:
        return await self._write_in_thread(sql, lambda: self.raw.executemany(sql, chunk).rowcount)

    async def _write_in_thread[ResultT](
        self, sql: str, operation: Callable[[], ResultT]
    ) -> ResultT:
        # Interrupting a write ends the whole transaction it is in, so that only one that stands
        # alone is stopped when its task is cancelled.
        stop = None if self.raw.in_transaction else self.raw.interrupt
        return await self.insistently(sql, lambda: self.own(operation, stop))

    # Threads

    async def insistently[ResultT](
        self, sql: str, start: Callable[[], Awaitable[ResultT]]
    ) -> ResultT:
        """Await what *start* starts, again while the database is busy."""
        try:
            return await start()
        except SQLITE_ERRORS as error:
            failure = error
        return await self.recover(failure, sql, start)

    async def own[ResultT](
        self, operation: Callable[[], ResultT], stop: Callable[[], None] | None
    ) -> ResultT:
        """*operation* on this connection in a thread, where nobody looks at the clock."""
        self.raw.set_progress_handler(None, 0)
        try:
            return await self._threads.run(operation, stop)
        finally:
            self._watch()

    # The clock

    def _watch(self) -> None:
        self.raw.set_progress_handler(self._look, STEPS_BETWEEN_LOOKS)

    def _look(self) -> bool:
        """Called by SQLite now and then during a statement; True interrupts it."""
        now = perf_counter()
        if self._started == _NOT_SEEN:
            self._started = now
        return self._may_stop and now - self._started > self._budget
