"""One connection to a PostgreSQL server, through asyncpg.

Law: no asyncpg exception leaves this file, transaction control belongs to :meth:`control` alone,
and a connection whose protocol may be half read is closed, never used again.
"""

from __future__ import annotations

import asyncio
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import asyncpg

from velocious.database.driver import Result
from velocious.database.postgresql.errors import (
    UNDEFINED_TABLE,
    outdated,
    shows_values,
    translated,
)
from velocious.database.postgresql.server_errors import aborted, lost
from velocious.errors import StatementError, ValueOutOfRangeError
from velocious.sql.dialects.postgresql_text import CONTROLS, first_words
from velocious_node.database.postgresql_parameters import refused_before_sending, refused_row, unfit
from velocious_node.database.postgresql_rows import changed_rows, write_rows
from velocious_node.database.postgresql_statements import CHANGES_SCHEMA, Statements

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velocious.database.driver import Parameters, Row
    from velocious.database.settings import DatabaseSettings
    from velocious.errors import DatabaseError
    from velocious_node.database.postgresql_raw import RawConnection
    from velocious_node.database.postgresql_statements import Statement

#: The quickest way from asyncpg's records to plain tuples: a full slice is made in C.
_AS_TUPLE = itemgetter(slice(None))

#: Everything asyncpg raises for a statement, a value or a connection.
ERRORS = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    # What asyncpg says where the server died between two messages of one statement.
    asyncpg.InternalClientError,
    OSError,
    asyncio.IncompleteReadError,
)

_LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.InternalClientError,
    ConnectionError,
    OSError,
    asyncio.IncompleteReadError,
)
_TABLE_NAMES = """
    SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind IN ('r', 'p', 'v', 'm') AND nspname = ANY(current_schemas(false))
"""


class PostgresqlConnection:
    """A connection for one task at a time.

    Attributes:
        raw: asyncpg's connection.
    """

    __slots__ = ("_settings", "_statements", "raw")

    def __init__(
        self, raw: RawConnection, settings: DatabaseSettings, *, prepared: bool = True
    ) -> None:
        self.raw = raw
        self._settings = settings
        self._statements = Statements(raw, kept=prepared)

    @property
    def in_transaction(self) -> bool:
        return not self.raw.is_closed() and self.raw.is_in_transaction()

    @property
    def is_closed(self) -> bool:
        return self.raw.is_closed()

    # Statements

    async def fetch(self, sql: str, params: Parameters = ()) -> list[Row]:
        statements = self._statements
        statement = statements.reading.get(sql)
        try:
            if statement is None:
                statement = await statements.prepare_read(sql, len(params))
            else:
                statements.known.move_to_end(sql)
            return list(map(_AS_TUPLE, await statement.raw.fetch(*params)))
        except ERRORS as error:
            failure = error
        statement = await self._repeatable(failure, sql, params, statement)
        return list(map(_AS_TUPLE, await self._again(statement, params)))

    async def fetch_described(
        self, sql: str, params: Parameters = ()
    ) -> tuple[list[str], list[Row]]:
        rows = await self.fetch(sql, params)
        statement = self._statements.reading.get(sql) or await self._prepared(sql, params)
        return [attribute.name for attribute in statement.raw.get_attributes()], rows

    async def execute(
        self, sql: str, params: Parameters = (), *, unbounded: bool = False
    ) -> Result:
        statement = self._statements.known.get(sql)
        try:
            if statement is None:
                statement = await self._statements.prepare(sql, len(params))
            else:
                self._statements.known.move_to_end(sql)
            records = await statement.raw.fetch(*params)
        except ERRORS as error:
            statement = await self._repeatable(error, sql, params, statement)
            records = await self._again(statement, params)
        if statement.word in CHANGES_SCHEMA:
            self._statements.clear()
        status = statement.raw.get_statusmsg()
        return Result(list(map(_AS_TUPLE, records)), changed_rows(status), None)

    async def execute_many(self, sql: str, rows: Iterable[Parameters]) -> int:
        listed = list(rows)
        if not listed:
            return 0
        statement = await self._prepared(sql, listed[0])
        try:
            return await write_rows(self.raw, statement, listed)
        except ERRORS as error:
            row = refused_row(error, listed)
            raise await self._failure(error, sql, row, statement) from _chained(error)
        except (TypeError, ValueError, ArithmeticError):
            # COPY says neither which value it was, nor hides it.
            raise ValueOutOfRangeError("A value of the rows does not fit its column", sql) from None

    async def execute_script(self, sql: str) -> None:
        if not CONTROLS.isdisjoint(first_words(sql)):
            self._statements.refuse_control("BEGIN or COMMIT in a script")
        try:
            await self.raw.execute(sql)
        except ERRORS as error:
            raise await self._failure(error, sql, (), None) from _chained(error)
        finally:
            self._statements.clear()

    async def control(self, sql: str) -> None:
        if sql == "COMMIT":
            await self._commit()
            return
        try:
            await self.raw.execute(sql)
        except ERRORS as error:
            raise await self._failure(error, sql, (), None) from _chained(error)

    async def _commit(self) -> None:
        """COMMIT, to its end: a task that is cancelled meanwhile learns of it afterwards."""
        loop = asyncio.get_running_loop()
        commit = asyncio.Task(self.raw.execute("COMMIT"), loop=loop, eager_start=True)
        cancelled: asyncio.CancelledError | None = None
        while not commit.done():
            try:
                await asyncio.shield(commit)
            except asyncio.CancelledError as stop:
                cancelled = stop
            except ERRORS:
                break
        error = commit.exception()
        if isinstance(error, ERRORS):
            raise await self._failure(error, "COMMIT", (), None) from _chained(error)
        if commit.result() != "COMMIT":
            # An error that the block caught: the server answers ROLLBACK, and calls it success.
            raise aborted(self._settings)
        if cancelled is not None:
            raise cancelled

    # What a pool asks

    async def ping(self) -> None:
        """Ask the server for an answer."""
        try:
            await self.raw.execute("SELECT 1")
        except ERRORS as error:
            raise await self._failure(error, "", (), None) from _chained(error)

    async def reset(self) -> None:
        """Roll back what is open."""
        try:
            if self.in_transaction:
                await self.raw.execute("ROLLBACK")
        except ERRORS as error:
            raise await self._failure(error, "ROLLBACK", (), None) from _chained(error)

    async def close(self) -> None:
        """Say goodbye to the server."""
        try:
            await self.raw.close()
        except ERRORS:
            self.raw.terminate()

    def terminate(self) -> None:
        """Cut the connection off at once; safe to call twice."""
        self.raw.terminate()

    # Failures

    async def _prepared(self, sql: str, params: Parameters) -> Statement:
        statement = self._statements.known.get(sql)
        if statement is not None:
            return statement
        try:
            return await self._statements.prepare(sql, len(params))
        except ERRORS as error:
            raise await self._failure(error, sql, params, None) from _chained(error)

    async def _repeatable(
        self, error: BaseException, sql: str, params: Parameters, statement: Statement | None
    ) -> Statement:
        """A new plan for *sql*, if *error* only says that the old one is outdated; else raises our
        error. A table that changed makes the plans of all connections outdated.
        """
        if isinstance(error, asyncpg.InvalidCachedStatementError):
            self._statements.clear()
            if not self.in_transaction:
                return await self._prepared(sql, params)
            raise outdated(sql) from error
        raise await self._failure(error, sql, params, statement) from _chained(error)

    async def _again(self, statement: Statement, params: Parameters) -> list[Any]:
        try:
            return await statement.raw.fetch(*params)
        except ERRORS as error:
            raise await self._failure(error, statement.sql, params, statement) from _chained(error)

    async def _failure(
        self, error: BaseException, sql: str, params: Parameters, statement: Statement | None
    ) -> DatabaseError:
        """Our error for *error*."""
        if statement is not None and refused_before_sending(error):
            return unfit(error, sql, params, statement)
        if isinstance(error, asyncpg.PostgresError):
            missing = getattr(error, "sqlstate", None) == UNDEFINED_TABLE
            names = await self._table_names() if missing else ()
            return translated(error, sql, self._settings, names)
        if isinstance(error, _LOST) or self.raw.is_closed():
            self.raw.terminate()
            return lost(self._settings, error)
        return StatementError(f"{error}", sql)

    async def _table_names(self) -> list[str]:
        if self.raw.is_in_transaction():
            # Nothing can be asked in a transaction that an error has just ended.
            return []
        return [name for (name,) in await self.raw.fetch(_TABLE_NAMES)]


def _chained(error: BaseException) -> BaseException | None:
    """*error*, unless it shows values."""
    if isinstance(error, asyncpg.PostgresError):
        return None if shows_values(error) else error
    return None if isinstance(error, asyncpg.InterfaceError) else error
