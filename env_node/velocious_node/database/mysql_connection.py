"""One connection to a MariaDB or MySQL server.

Law: no exception of a driver package leaves this file, transaction control belongs to
:meth:`control` alone, and a connection whose answer may be half read is cut off, never used again.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from velocious.database.driver import Result
from velocious.database.mysql.script import split_script
from velocious.database.mysql.server_errors import place
from velocious.database.mysql.statement_kind import (
    CONTROL,
    DEFINITION,
    OTHER,
    READ,
    WRITE,
    first_word,
)
from velocious.database.refusals import controls_transactions, only_reads, rolled_back
from velocious.errors import StatementError, TransactionError
from velocious_node.database.mysql_block import Block
from velocious_node.database.mysql_failures import FAILURES, Failures
from velocious_node.database.mysql_parameters import BINDABLE, bindable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from velocious.database.driver import Parameters, Row
    from velocious.database.mysql.statement_kind import StatementKinds
    from velocious.database.settings import DatabaseSettings
    from velocious.errors import DatabaseError
    from velocious_node.database.mysql_link import Answer
    from velocious_node.database.mysql_opening import Opened


class MysqlConnection:
    """A connection for one task at a time.

    Attributes:
        link: the connection of the driver package.
    """

    __slots__ = (
        "_block",
        "_errors",
        "_failures",
        "_identity",
        "_kill",
        "_kinds",
        "_settings",
        "link",
    )

    def __init__(
        self,
        opened: Opened,
        settings: DatabaseSettings,
        kinds: StatementKinds,
        kill: Callable[[int, str], Awaitable[None]],
    ) -> None:
        self.link = opened.link
        self._settings = settings
        self._kinds = kinds
        self._kill = kill
        self._identity = opened.identity
        self._errors = (*opened.errors, *FAILURES)
        self._failures = Failures(opened, settings)
        self._block = Block()

    @property
    def in_transaction(self) -> bool:
        link = self.link
        return (link.in_transaction or self._block.aborted) and not link.is_closed

    @property
    def is_closed(self) -> bool:
        return self.link.is_closed

    # Statements

    async def fetch(self, sql: str, params: Parameters = ()) -> list[Row]:
        if self._kinds[sql] != READ or self._block.aborted:
            self._check_read(sql)
        return list((await self._run(sql, params)).rows or ())

    async def fetch_described(
        self, sql: str, params: Parameters = ()
    ) -> tuple[list[str], list[Row]]:
        self._check_read(sql)
        answer = await self._run(sql, params)
        return [column[0] for column in answer.description or ()], list(answer.rows or ())

    async def execute(
        self, sql: str, params: Parameters = (), *, unbounded: bool = False
    ) -> Result:
        kind = self._kinds[sql]
        if kind > WRITE or self._block.aborted:
            self._check(kind, sql)
            if kind == DEFINITION:
                await self._define(sql, wrote=self._block.wrote)
                return Result([], -1, None)
        if kind == WRITE or (kind == OTHER and first_word(sql) != "SET"):
            self._block.wrote = True
        answer = await self._run(sql, params, text=kind == OTHER and not params)
        return Result(list(answer.rows or ()), answer.changed, answer.key or None)

    async def execute_many(self, sql: str, rows: Iterable[Parameters]) -> int:
        self._check(self._kinds[sql], sql)
        listed = [
            row if BINDABLE.issuperset(map(type, row)) else bindable(sql, row) for row in rows
        ]
        if not listed:
            return 0
        self._block.wrote = True
        changed = await self._send(self.link.run_many(sql, listed), sql, ())
        # The server counts two for a row that an upsert updates.
        return len(listed) if "ON DUPLICATE KEY UPDATE" in sql else changed

    async def execute_script(self, sql: str) -> None:
        statements = split_script(sql)
        for statement in statements:
            if self._kinds[statement] == CONTROL:
                self._refuse("BEGIN or COMMIT in a script")
        wrote = self._block.wrote
        for number, statement in enumerate(statements, 1):
            try:
                if self._kinds[statement] == DEFINITION:
                    await self._define(statement, wrote=wrote)
                else:
                    await self.execute(statement)
            except (StatementError, TransactionError) as error:
                error.add_note(f"This is statement {number} of {len(statements)} of a script.")
                raise

    async def _run(self, sql: str, params: Parameters, *, text: bool = False) -> Answer:
        # Written out instead of calling _send(): every statement passes here.
        if params and not BINDABLE.issuperset(map(type, params)):
            params = bindable(sql, params)
        try:
            return await (self.link.query(sql) if text else self.link.run(sql, params))
        except self._errors as error:
            failure = error
        except asyncio.CancelledError:
            await self._abandon()
            raise
        raise await self._failure(failure, sql, params) from self._failures.cause(failure)

    async def _send[ResultT](
        self, answer: Awaitable[ResultT], sql: str, params: Parameters
    ) -> ResultT:
        try:
            return await answer
        except self._errors as error:
            failure = error
        except asyncio.CancelledError:
            await self._abandon()
            raise
        raise await self._failure(failure, sql, params) from self._failures.cause(failure)

    async def _define(self, sql: str, *, wrote: bool) -> None:
        """Run a statement that commits by itself; the transaction around it then begins again."""
        inside = self.in_transaction
        if inside and wrote:
            raise TransactionError(
                f"{sql[:60]!r} would commit what this transaction has stored so far, because "
                f"{self._failures.server} cannot undo changes of tables. Change tables before or "
                "after the transaction."
            )
        try:
            await self._send(self.link.query(sql), sql, ())
        finally:
            # Even one that fails has committed.
            if inside and not self.link.is_closed:
                await self._begin_again()

    async def _begin_again(self) -> None:
        self._block.wrote = False
        for sql in ("BEGIN", *(f"SAVEPOINT {name}" for name in self._block.savepoints)):
            await self._send(self.link.query(sql), sql, ())

    # Transactions

    async def control(self, sql: str) -> None:
        block = self._block
        if block.aborted and sql != "ROLLBACK":
            if not block.is_undone(sql):
                self._refuse(sql)
            return
        if sql == "COMMIT":
            await self._commit()
        else:
            await self._send(self.link.query(sql), sql, ())
            block.follow(sql)

    async def _commit(self) -> None:
        """COMMIT, to its end: a task that is cancelled meanwhile learns of it afterwards."""
        commit = asyncio.ensure_future(self.link.query("COMMIT"))
        cancelled: asyncio.CancelledError | None = None
        while not commit.done():
            try:
                await asyncio.wait((commit,))
            except asyncio.CancelledError as stop:
                cancelled = stop
        failure = commit.exception()
        if failure is not None:
            if not isinstance(failure, self._errors):
                raise failure
            raise await self._failure(failure, "COMMIT", ()) from self._failures.cause(failure)
        self._block.follow("COMMIT")
        if cancelled is not None:
            raise cancelled

    # What a pool asks

    async def ping(self) -> None:
        """Ask the server for an answer."""
        await self._send(self.link.ping(), "", ())

    async def reset(self) -> None:
        """Roll back what is open."""
        if self.in_transaction:
            await self.control("ROLLBACK")

    async def close(self) -> None:
        """Say goodbye to the server."""
        try:
            await self.link.close()
        except self._errors:
            self.link.terminate()

    def terminate(self) -> None:
        """Cut the connection off at once; safe to call twice."""
        self.link.terminate()

    # What may be run

    def _check(self, kind: int, sql: str) -> None:
        if kind == CONTROL or self._block.aborted:
            self._refuse(sql)

    def _check_read(self, sql: str) -> None:
        kind = self._kinds[sql]
        self._check(kind, sql)
        if kind in (WRITE, DEFINITION):
            raise only_reads(sql)

    def _refuse(self, sql: str) -> None:
        aborted = self._block.aborted
        raise rolled_back(place(self._settings)) if aborted else controls_transactions(sql)

    # Failures

    async def _failure(self, error: Any, sql: str, params: Parameters) -> DatabaseError:
        """Our error for *error*; notices a transaction that the server has ended by itself."""
        if self._failures.ends_transaction(error) and self.link.in_transaction:
            self._block.aborted = True
        return await self._failures.translate(error, sql, params)

    async def _abandon(self) -> None:
        """After a cancellation: nobody reads the answer, so nobody may use the connection, and the
        server need not go on with it.
        """
        if not self.link.is_closed:
            self.link.terminate()
        await asyncio.shield(self._kill(self.link.thread_id, self._identity))
