"""Transactions: the outermost one is a BEGIN, the ones inside are savepoints.

Law: a transaction belongs to the task that began it. It ends with its block, whatever happens: a
cancelled task leaves nothing open, a failing rollback never hides the first error, and callbacks
run when all is over.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Self

from velocious.database.callbacks import run_after_commit, run_after_rollback
from velocious.database.fair_lock import FairLock
from velocious.errors import ConnectionLostError, TransactionError, TransactionTaskError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from types import CoroutineType, TracebackType

    from velocious.database.callbacks import Callback
    from velocious.database.database import Database
    from velocious.database.driver import Connection, Parameters, Result
    from velocious.database.held_connections import Held
    from velocious.database.reading import Reading

_log = logging.getLogger("velocious.database")
#: Past so many texts in one transaction nobody looks what each of them has changed.
_KEPT = 1000

#: The innermost open scope of the running task, or one inherited from the task that started it.
#: Blocks that keep connections, and those that note what they read, are links of the same chain.
innermost: ContextVar[Scope | Held | Reading | None] = ContextVar(
    "velocious_transaction", default=None
)


class Scope:
    """One leased connection with a BEGIN on it.

    Attributes:
        outer: what it was begun in: the scope of another database, or a block that keeps
            connections.
        owner: the task that began it.
        user: the task that may use it now: the owner, or a child it was handed over to.
        top: the innermost open transaction.
        schema_changed: whether a rollback makes what is known about the tables wrong.
        reading: what notes the reads around it.
    """

    __slots__ = (
        "connection",
        "database",
        "ended",
        "lock",
        "outer",
        "owner",
        "reading",
        "schema_changed",
        "top",
        "user",
    )

    def __init__(self, database: Database, connection: Connection, top: Transaction) -> None:
        self.database = database
        self.connection = connection
        self.top = top
        self.outer = outer = innermost.get()
        self.reading: Reading | None = None if outer is None else outer.reading
        self.owner = self.user = asyncio.current_task()
        self.ended = False
        self.schema_changed = False
        # Made when the transaction is first handed over.
        self.lock: FairLock | None = None

    def check_user(self) -> None:
        """Raise TransactionTaskError unless the running task may use this scope."""
        task = asyncio.current_task()
        if task is not self.user:
            raise TransactionTaskError(_name(self.user), _name(task))

    async def take_back(self) -> None:
        """Wait until no child task uses it; before that not even a cancellation may end it."""
        lock, cancelled = self.lock, None
        while lock is not None and lock.held:
            try:
                await lock.acquire()
            except asyncio.CancelledError as stop:
                cancelled = stop
            else:
                lock.release()
        if cancelled is not None:
            raise cancelled


class Transaction:
    """A transaction, or a savepoint in one; the block of ``async with database.transaction() as
    transaction``.

    Attributes:
        depth: 1 for the outermost, one more for each transaction around it.
        ran: the statements that were run in it, of which some may write; None among them: nobody
            knows.
    """

    __slots__ = (
        "_after_commit",
        "_after_rollback",
        "_connection",
        "_database",
        "_parent",
        "_scope",
        "depth",
        "ran",
    )

    _connection: Connection
    _scope: Scope

    def __init__(self, database: Database) -> None:
        self._database = database
        self._parent: Transaction | None = None
        self._after_commit: list[Callback] = []
        self._after_rollback: list[Callback] = []
        self.depth = 0
        self.ran: set[str | None] = set()

    @property
    def connection(self) -> Connection:
        """The connection everything in the block runs on. Nobody sees what is run on it directly:
        whoever follows changes is told that anything may have changed.
        """
        self.ran.add(None)
        return self._connection

    @connection.setter
    def connection(self, connection: Connection) -> None:
        self._connection = connection

    def execute(
        self, sql: str, params: Parameters, *, unbounded: bool = False
    ) -> CoroutineType[Any, Any, Result]:
        """Run one statement in it, which is noted: for a caller that has asked whether the running
        task may use it, and that tells a block which notes what it reads.
        """
        ran = self.ran
        ran.add(sql)
        if len(ran) > _KEPT:
            ran.clear()
            ran.add(None)
        # Not one coroutine inside another.
        return self._connection.execute(sql, params, unbounded=unbounded)

    # Callbacks and tasks

    def after_commit(self, callback: Callback) -> None:
        """Call or await *callback* when the outermost transaction has been committed."""
        self._after_commit.append(callback)

    def after_rollback(self, callback: Callback) -> None:
        """Call or await *callback* when this, or a transaction around it, has been rolled back."""
        self._after_rollback.append(callback)

    @asynccontextmanager
    async def handed_over(self) -> AsyncGenerator[Transaction]:
        """Let the running child task use the transaction inside the block; children take turns.

        ::

            async def child(transaction):
                async with transaction.handed_over():
                    await Task.create(name="From a child task")
        """
        scope = self._scope
        lock = scope.lock = scope.lock or FairLock()
        await lock.acquire()
        try:
            if scope.ended:
                raise TransactionError(
                    "The transaction has ended before it could be handed over. Wait for the child "
                    "tasks inside its block, for example with `async with asyncio.TaskGroup()`."
                )
            scope.user = asyncio.current_task()
            yield self
        finally:
            scope.user = scope.owner
            lock.release()

    # The block

    # Plain functions: neither puts one coroutine inside another.

    def __aenter__(self) -> CoroutineType[Any, Any, Self]:
        if self.depth:
            raise TransactionError(
                "A transaction object can be entered once. Call database.transaction() for each "
                "block."
            )
        parent = self._database.current_transaction()
        return self._begin() if parent is None else self._begin_inside(parent)

    def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> CoroutineType[Any, Any, None]:
        parent = self._parent
        return self._end(error) if parent is None else self._end_inside(parent, error)

    # The outermost transaction

    async def _begin(self) -> Self:
        connection = await self._database.lease()
        try:
            await connection.control("BEGIN")
        except ConnectionLostError:
            await self._database.release(connection)
            connection = await self._begin_again()
        except BaseException:
            await self._database.release(connection)
            raise
        self._connection = connection
        self.depth = 1
        self._scope = Scope(self._database, connection, self)
        innermost.set(self._scope)
        return self

    async def _begin_again(self) -> Connection:
        """BEGIN on another connection: nothing has been done on the one that was lost."""
        connection = await self._database.lease()
        try:
            await connection.control("BEGIN")
        except BaseException:
            await self._database.release(connection)
            raise
        return connection

    async def _end(self, error: BaseException | None) -> None:
        scope = self._scope
        cancelled: asyncio.CancelledError | None = None
        try:
            if scope.lock is not None:
                await scope.take_back()
            if error is None:
                try:
                    await self._connection.control("COMMIT")
                except asyncio.CancelledError as stop:
                    # One that came too late to prevent the commit is for whoever is around it.
                    if self._connection.in_transaction:
                        raise
                    cancelled = stop
        except BaseException as failure:
            error = failure
            raise
        finally:
            if error is not None:
                await self._roll_back(error)
            scope.ended = True
            innermost.set(scope.outer)
            await self._database.release(self._connection)
            if isinstance(error, ConnectionLostError):
                # The answer to COMMIT may be all that was lost.
                self._database.announcements.tell_anything()
            if error is not None and self._after_rollback:
                await run_after_rollback(self._after_rollback, error)
        if error is None and not self._told_at_once():
            await self._tell_of_commit()
        if cancelled is not None:
            raise cancelled

    def _told_at_once(self) -> bool:
        """Whether nothing about the commit has to be waited for: most transactions run one
        statement, however often.
        """
        ran, database = self.ran, self._database
        if self._after_commit:
            return False
        if not ran or not database.changes.listening:
            return True
        return len(ran) == 1 and database.announcements.repeat(next(iter(ran)))

    async def _tell_of_commit(self) -> None:
        try:
            if self.ran and self._database.changes.listening:
                await self._database.announcements.tell(self.ran)
        finally:
            if self._after_commit:
                await run_after_commit(self._after_commit)

    async def _roll_back(self, error: BaseException) -> None:
        if self._connection.in_transaction:
            await self._control("ROLLBACK", error)
        if self._scope.schema_changed:
            self._database.forget_changed_schema()

    # A transaction inside another one

    async def _begin_inside(self, parent: Transaction) -> Self:
        depth = parent.depth + 1
        await parent._connection.control(f"SAVEPOINT velocious_{depth}")
        self._connection = parent._connection
        self._parent = parent
        self.depth = depth
        self._scope = parent._scope
        self._scope.top = self
        return self

    async def _end_inside(self, parent: Transaction, error: BaseException | None) -> None:
        if error is None:
            try:
                await self._connection.control(f"RELEASE SAVEPOINT velocious_{self.depth}")
            except BaseException as failure:
                await self._roll_back_inside(parent, failure)
                raise
            self._scope.top = parent
            parent._after_commit += self._after_commit
            parent._after_rollback += self._after_rollback
            parent.ran |= self.ran
        else:
            await self._roll_back_inside(parent, error)

    async def _roll_back_inside(self, parent: Transaction, error: BaseException) -> None:
        name = f"SAVEPOINT velocious_{self.depth}"
        if self._connection.in_transaction:
            await self._control(f"ROLLBACK TO {name}", error)
            await self._control(f"RELEASE {name}", error)
        self._scope.top = parent
        if self._scope.schema_changed:
            self._database.forget_changed_schema()
        if self._after_rollback:
            await run_after_rollback(self._after_rollback, error)

    async def _control(self, sql: str, error: BaseException) -> None:
        """Run *sql* while *error* is on its way; a failure is only logged and noted on it."""
        try:
            await self._connection.control(sql)
        except Exception as failure:
            _log.error("%s failed", sql, exc_info=failure)
            error.add_note(f"Also, {sql} failed: {failure!r}")


def note_schema_change(database: Database) -> bool:
    """Let a rollback undo what is known of the tables of *database*; whether the running task is
    in a transaction that it is part of.
    """
    inside = False
    scope = innermost.get()
    while scope is not None:
        if scope.database is not None and scope.database is database:
            scope.schema_changed = True
            scope.top.ran.add(None)
            inside |= not scope.ended and scope.user is asyncio.current_task()
        scope = scope.outer
    return inside


def _name(task: asyncio.Task[object] | None) -> str:
    return task.get_name() if task is not None else "(no task)"
