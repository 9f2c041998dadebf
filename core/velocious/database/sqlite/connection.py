"""One SQLite connection, run inline on the event loop.

Law: nothing waits inside SQLite. A lock of another process is waited for with ``asyncio.sleep``.
"""

from __future__ import annotations

import asyncio
import sqlite3
from typing import TYPE_CHECKING, Any

from velocious.database.driver import Result
from velocious.database.sqlite.errors import SQLITE_ERRORS, is_busy, place, primary_code, translated
from velocious.database.sqlite.statement_kind import CONTROL
from velocious.errors import DatabaseUnavailableError, StatementError, TransactionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from velocious.database.driver import Parameters, Row
    from velocious.database.settings import DatabaseSettings
    from velocious.database.sqlite.statement_kind import StatementKinds
    from velocious.errors import DatabaseError

_LONGEST_PAUSE = 0.05


class SqliteConnection:
    """A connection that refuses statements of transaction control, except through :meth:`control`.

    Attributes:
        raw: the connection of the ``sqlite3`` module.
        kinds: what is known about statements, shared by all connections of a driver.
    """

    __slots__ = ("_aborted", "_settings", "kinds", "raw", "read_only")

    def __init__(
        self,
        raw: sqlite3.Connection,
        settings: DatabaseSettings,
        kinds: StatementKinds,
        *,
        read_only: bool,
    ) -> None:
        self.raw = raw
        self.kinds = kinds
        self.read_only = read_only
        self._settings = settings
        # Some failures (a full disk) make SQLite end the transaction by itself; what follows must not autocommit.
        self._aborted = False

    @property
    def in_transaction(self) -> bool:
        return self.raw.in_transaction

    # Statements

    async def fetch(self, sql: str, params: Parameters = ()) -> list[Row]:
        if self.kinds[sql] == CONTROL or self._aborted:
            self.refuse(sql)
        try:
            return self.raw.execute(sql, params).fetchall()
        except SQLITE_ERRORS as error:
            return await self.recover(error, sql, lambda: self.raw.execute(sql, params).fetchall())

    async def fetch_described(
        self, sql: str, params: Parameters = ()
    ) -> tuple[list[str], list[Row]]:
        self.check(sql)
        return await self.run(sql, lambda: describe(self.raw.execute(sql, params)))

    async def execute(
        self, sql: str, params: Parameters = (), *, unbounded: bool = False
    ) -> Result:
        if self.kinds[sql] == CONTROL or self._aborted:
            self.refuse(sql)
        try:
            return answer(self.raw.execute(sql, params))
        except SQLITE_ERRORS as error:
            return await self.recover(error, sql, lambda: answer(self.raw.execute(sql, params)))

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

    async def control(self, sql: str) -> None:
        if sql == "BEGIN":
            self._aborted = False
            sql = "BEGIN" if self.read_only else "BEGIN IMMEDIATE"
        elif self._aborted:
            self.refuse(sql)
        try:
            self.raw.execute(sql)
        except SQLITE_ERRORS as error:
            await self.recover(error, sql, lambda: self.raw.execute(sql))

    def close(self) -> None:
        """Close it; what is open on it is rolled back."""
        self.raw.close()

    def reset(self) -> None:
        """Roll back what is open, so that the next one to use the connection starts clean."""
        self._aborted = False
        if self.raw.in_transaction:
            self.raw.execute("ROLLBACK")

    # Failures

    def check(self, sql: str) -> None:
        """Raise unless *sql* may be run now."""
        if self.kinds[sql] == CONTROL or self._aborted:
            self.refuse(sql)

    def refuse(self, sql: str) -> None:
        """Raise what keeps *sql* from being run."""
        if self._aborted:
            raise TransactionError(
                f"{place(self._settings)} has rolled back the transaction by itself because of an earlier error, "
                "so nothing more can be stored in it. Leave the transaction's block and begin again."
            )
        raise TransactionError(
            f"{sql[:40]!r} would end or begin a transaction behind Velocious's back. "
            "Use `async with database.transaction():`."
        )

    def check_script(self, was_in_transaction: bool) -> None:
        """Raise where a script has changed the transaction it ran in."""
        if self.in_transaction is not was_in_transaction:
            self._aborted = was_in_transaction
            self.refuse("BEGIN or COMMIT in a script")

    async def run[ResultT](self, sql: str, operation: Callable[[], ResultT]) -> ResultT:
        """Run *operation*; *sql* is for messages."""
        try:
            return operation()
        except SQLITE_ERRORS as error:
            return await self.recover(error, sql, operation)

    async def recover[ResultT](
        self, error: Exception, sql: str, operation: Callable[[], ResultT]
    ) -> ResultT:
        """Repeat *operation* while the database is busy; raise our error for any other *error*."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._settings.busy_timeout
        pause = 0.001
        while is_busy(error) and loop.time() < deadline:
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
            try:
                return operation()
            except SQLITE_ERRORS as repeated:
                error = repeated
        raise self.failure(error, sql) from (None if _shows_values(error) else error)

    def failure(self, error: Exception, sql: str) -> DatabaseError:
        """Our error for *error*; notices a transaction that SQLite has ended by itself."""
        if _is_closed(error):
            return DatabaseUnavailableError(
                f"{place(self._settings)} was closed while it was in use. Keep its configuration open for longer."
            )
        if primary_code(error) == sqlite3.SQLITE_READONLY and self._only_reads():
            return StatementError(
                "fetch runs reading statements only. Use execute, whose result has the rows of RETURNING",
                sql,
            )
        return translated(error, sql, self._settings, self._table_names)

    def mark_aborted(self) -> None:
        """Remember that the transaction is over although its block is not."""
        self._aborted = True

    def _only_reads(self) -> bool:
        return not self._settings.read_only and bool(
            self.raw.execute("PRAGMA query_only").fetchone()[0]
        )

    def _table_names(self) -> list[str]:
        rows = self.raw.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")
        return [name for (name,) in rows]


def answer(cursor: sqlite3.Cursor) -> Result:
    """The result of a statement that has just been run."""
    # The rows first: SQLite counts the changes of a RETURNING statement while it hands them out.
    rows = cursor.fetchall()
    return Result(rows, cursor.rowcount, cursor.lastrowid)


def describe(cursor: sqlite3.Cursor) -> tuple[list[str], list[Row]]:
    """The column names and rows of a statement that has just been run."""
    description: Any = cursor.description or ()
    return [column[0] for column in description], cursor.fetchall()


def _is_closed(error: Exception) -> bool:
    return isinstance(error, sqlite3.ProgrammingError) and "closed database" in str(error)


def _shows_values(error: Exception) -> bool:
    return isinstance(error, UnicodeError) or "Could not decode" in str(error)
