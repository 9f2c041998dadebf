"""One SQLite connection, run inline on the event loop.

Law: nothing waits inside SQLite. A lock of another process is waited for with ``asyncio.sleep``.
"""

from __future__ import annotations

import asyncio
import sqlite3
from typing import TYPE_CHECKING, Any

from velocious.database.driver import Result
from velocious.database.sqlite.errors import (
    SQLITE_ERRORS,
    is_busy,
    place,
    primary_code,
    shows_values,
    translated,
)
from velocious.database.sqlite.statement_kind import CONTROL, SLOW_READ, surely_writes
from velocious.errors import DatabaseUnavailableError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from velocious.database.driver import Parameters, Row
    from velocious.database.settings import DatabaseSettings
    from velocious.database.sqlite.statement_kind import StatementKinds
    from velocious.errors import DatabaseError

_LONGEST_PAUSE = 0.05
_MAKE = tuple[Any, ...].__new__
# Neither may be changed by PRAGMA inside a transaction, or at all on some builds; these may.
_FOREIGN_KEYS = sqlite3.SQLITE_DBCONFIG_ENABLE_FKEY
_LEGACY_RENAME = sqlite3.SQLITE_DBCONFIG_LEGACY_ALTER_TABLE


class SqliteConnection:
    """A connection that leaves transaction control to :meth:`control` alone.

    Attributes:
        raw: the connection of the ``sqlite3`` module.
        kinds: what is known about statements, shared by all connections of a driver.
        in_block: whether a transaction was begun whose end has not been asked for yet.
    """

    __slots__ = ("_aborted", "_cursor", "_settings", "in_block", "kinds", "raw")

    def __init__(
        self, raw: sqlite3.Connection, settings: DatabaseSettings, kinds: StatementKinds
    ) -> None:
        self.raw = raw
        # For statements that are run and read to their end without an await: the connection's own
        # execute makes a cursor each time, which is a twentieth of a lookup by key.
        self._cursor = raw.cursor()
        self.kinds = kinds
        self.in_block = False
        self._settings = settings
        # Some failures (a full disk) make SQLite end a transaction by itself. What follows in
        # its block must not be committed statement by statement.
        self._aborted = False

    @property
    def in_transaction(self) -> bool:
        return self.raw.in_transaction

    # Statements

    async def fetch(self, sql: str, params: Parameters = ()) -> list[Row]:
        if self.kinds[sql] > SLOW_READ or self._aborted:
            self.check_read(sql)
        try:
            return self._cursor.execute(sql, params).fetchall()
        except SQLITE_ERRORS as error:
            return await self.repeat(error, sql, lambda: self.raw.execute(sql, params).fetchall())

    async def fetch_described(
        self, sql: str, params: Parameters = ()
    ) -> tuple[list[str], list[Row]]:
        self.check_read(sql)
        return await self.run(sql, lambda: describe(self.raw.execute(sql, params)))

    async def execute(
        self, sql: str, params: Parameters = (), *, unbounded: bool = False
    ) -> Result:
        if self.kinds[sql] == CONTROL or self._aborted:
            self.refuse(sql)
        try:
            return answer(self._cursor.execute(sql, params))
        except SQLITE_ERRORS as error:
            return await self.repeat(error, sql, lambda: answer(self.raw.execute(sql, params)))

    async def execute_many(self, sql: str, rows: Iterable[Parameters]) -> int:
        self.check(sql)
        # A list, because a statement that found the database busy is run again from the start.
        listed = rows if isinstance(rows, list) else list(rows)
        return await self.run(sql, lambda: self.raw.executemany(sql, listed).rowcount)

    async def execute_script(self, sql: str) -> None:
        self.check("")
        was_in_transaction = self.in_transaction
        await self.run(sql, lambda: self.raw.executescript(sql))
        self.check_script(was_in_transaction)

    async def execute_unchecked(self, statements: Sequence[str]) -> None:
        """Run *statements* without foreign keys, which the caller checks afterwards; leaves every
        switch as it was.
        """
        before = {one: self.raw.getconfig(one) for one in (_FOREIGN_KEYS, _LEGACY_RENAME)}
        self.raw.setconfig(_FOREIGN_KEYS, False)
        try:
            for statement in statements:
                await self.execute(statement, unbounded=True)
        finally:
            for switch, value in before.items():
                self.raw.setconfig(switch, value)

    async def control(self, sql: str) -> None:
        if sql == "BEGIN":
            sql = self._begin_sql()
        elif self._aborted:
            self.refuse(sql)
        try:
            self.raw.execute(sql)
        except SQLITE_ERRORS as error:
            await self.repeat(error, sql, lambda: self.raw.execute(sql))
        self.in_block = self.raw.in_transaction

    async def run[ResultT](self, sql: str, operation: Callable[[], ResultT]) -> ResultT:
        """Run *operation*, again while the database is busy; *sql* is for messages."""
        try:
            return operation()
        except SQLITE_ERRORS as error:
            return await self.repeat(error, sql, operation)

    def close(self) -> None:
        """Close it; what is open on it is rolled back."""
        self.raw.close()

    def reset(self) -> None:
        """Roll back what is open, so that the next user of the connection starts clean."""
        self._aborted = self.in_block = False
        try:
            if self.raw.in_transaction:
                self.raw.execute("ROLLBACK")
        except SQLITE_ERRORS as error:
            raise self.failure(error, "ROLLBACK") from error

    def _begin_sql(self) -> str:
        return "BEGIN" if self._settings.read_only else "BEGIN IMMEDIATE"

    # What may be run

    def check(self, sql: str) -> None:
        """Raise unless *sql* may be run now."""
        if self.kinds[sql] == CONTROL or self._aborted:
            self.refuse(sql)

    def check_read(self, sql: str) -> None:
        """Raise unless *sql* may be run now and may be a reading statement."""
        self.check(sql)
        # A read-only database refuses it with an error of its own.
        if surely_writes(sql) and not self._settings.read_only:
            # Imported late: only what goes wrong needs it.
            from velocious.database.refusals import only_reads

            raise only_reads(sql)

    def check_script(self, was_in_transaction: bool) -> None:
        """Raise where a script has begun or ended a transaction."""
        if self.in_transaction is not was_in_transaction:
            self.in_block = True
            self._aborted = was_in_transaction
            self.refuse("BEGIN or COMMIT in a script")

    def refuse(self, sql: str) -> None:
        """Raise what keeps *sql* from being run."""
        from velocious.database.refusals import controls_transactions, rolled_back

        raise rolled_back(place(self._settings)) if self._aborted else controls_transactions(sql)

    # Failures

    async def repeat[ResultT](
        self, error: Exception, sql: str, operation: Callable[[], ResultT]
    ) -> ResultT:
        """Run *operation* again while the database is busy; raise our error for other *error*s."""

        async def again() -> ResultT:
            return operation()

        return await self.recover(error, sql, again)

    async def recover[ResultT](
        self, error: Exception, sql: str, again: Callable[[], Awaitable[ResultT]]
    ) -> ResultT:
        """As :meth:`repeat`, for an operation that is awaited."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._settings.busy_timeout
        pause = 0.001
        while is_busy(error) and loop.time() < deadline:
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
            try:
                return await again()
            except SQLITE_ERRORS as repeated:
                error = repeated
        raise self.failure(error, sql) from (None if shows_values(error) else error)

    def failure(self, error: Exception, sql: str) -> DatabaseError:
        """Our error for *error*; notices a transaction that SQLite has ended by itself."""
        if _is_closed(error):
            return DatabaseUnavailableError(
                f"{place(self._settings)} was closed while it was in use. "
                "Keep its configuration open until the work is done."
            )
        if self.in_block and not self.raw.in_transaction:
            self._aborted = True
        if primary_code(error) == sqlite3.SQLITE_READONLY and self._only_reads():
            from velocious.database.refusals import only_reads

            return only_reads(sql)
        return translated(error, sql, self._settings, self._table_names)

    def _only_reads(self) -> bool:
        if self._settings.read_only:
            return False
        return bool(self.raw.execute("PRAGMA query_only").fetchone()[0])

    def _table_names(self) -> list[str]:
        sql = "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')"
        return [name for (name,) in self.raw.execute(sql)]


def answer(cursor: sqlite3.Cursor) -> Result:
    """The result of a statement that has just been run."""
    # Rows first: SQLite counts the changes of RETURNING while it hands the rows out.
    rows = cursor.fetchall()
    # As Result(…), without the function of Python's that it calls.
    return _MAKE(Result, (rows, cursor.rowcount, cursor.lastrowid))


def rows(cursor: sqlite3.Cursor) -> list[Row]:
    """The rows of a statement that has just been run."""
    return cursor.fetchall()


def describe(cursor: sqlite3.Cursor) -> tuple[list[str], list[Row]]:
    """The column names and rows of a statement that has just been run."""
    description: Any = cursor.description or ()
    return [column[0] for column in description], cursor.fetchall()


def _is_closed(error: Exception) -> bool:
    return isinstance(error, sqlite3.ProgrammingError) and "closed database" in str(error)
