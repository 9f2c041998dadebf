"""The driver of a server database: what all of them have in common.

Law: a read outside of any transaction may be repeated on a fresh connection when the one it ran on
was lost; nothing else is ever run twice.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Protocol

from velocious.database.driver import Connection
from velocious.database.pool import Pool
from velocious.database.poolable import Poolable
from velocious.errors import ConnectionLostError, TransactionError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velocious.database.driver import Capabilities, Introspector, Parameters, Result, Row
    from velocious.database.pool_statistics import PoolStatistics
    from velocious.database.settings import DatabaseSettings
    from velocious.sql.dialects.base import Dialect


class PooledConnection(Connection, Poolable, Protocol):
    """A connection to a server.

    What it owes beyond the two protocols: ``fetch`` refuses writing statements; a broken connection
    raises :class:`velocious.errors.ConnectionLostError` and is closed from then on; a task
    cancelled in the middle of a statement leaves it usable, or closed. With
    ``settings.read_only`` the session itself refuses writes, and says it with
    :class:`velocious.errors.ReadOnlyDatabaseError`.
    """


class PooledDriver[C: PooledConnection](ABC):
    """A :class:`velocious.database.driver.Driver` over a pool. A subclass sets ``dialect`` and
    ``capabilities`` and gives :meth:`connect` and :meth:`introspector`.
    """

    dialect: Dialect
    capabilities: Capabilities
    pooled = True

    def __init__(self, settings: DatabaseSettings) -> None:
        self.settings = settings
        self._pool: Pool[C] | None = None

    @abstractmethod
    async def connect(self) -> C:
        """A new connection, ready for use.

        Raises:
            DatabaseUnreachableError: where another try may help: refused, starting up, full.
            DatabaseUnavailableError: where it will not: wrong password, no such database.
        """

    @abstractmethod
    def introspector(self, connection: Connection) -> Introspector:
        """What describes the schema as *connection* sees it."""

    # The port

    async def open(self) -> None:
        pool = Pool(self.connect, self.settings.pool, name=self.settings.identifier)
        try:
            await pool.open()
        except BaseException:
            await pool.close()
            raise
        self._pool = pool

    async def close(self) -> None:
        # The pool stays: what it cut off while it closed may still be released.
        await self.pool.close()

    def reader(self) -> Connection:
        return PooledReader(self.pool)

    async def lease(self) -> Connection:
        pool = self.pool
        return pool.take() or await pool.acquire()

    async def release(self, connection: Any) -> None:
        self.pool.release(connection)

    @property
    def pool(self) -> Pool[C]:
        """The pool of the opened database."""
        assert self._pool is not None
        return self._pool

    def statistics(self) -> PoolStatistics:
        """The pool as it is now."""
        return self.pool.statistics()


class PooledReader[C: PooledConnection]:
    """Reads outside of transactions: each takes a connection for itself."""

    __slots__ = ("_pool",)

    def __init__(self, pool: Pool[C]) -> None:
        self._pool = pool

    @property
    def in_transaction(self) -> bool:
        return False

    async def fetch(self, sql: str, params: Parameters = ()) -> list[Row]:
        pool = self._pool
        connection = pool.take() or await pool.acquire()
        try:
            return await connection.fetch(sql, params)
        except ConnectionLostError:
            # The pool drops it, and asks the others whether they live before it gives one out.
            pass
        finally:
            pool.release(connection)
        connection = await pool.acquire()
        try:
            return await connection.fetch(sql, params)
        finally:
            pool.release(connection)

    async def fetch_described(
        self, sql: str, params: Parameters = ()
    ) -> tuple[list[str], list[Row]]:
        pool = self._pool
        connection = pool.take() or await pool.acquire()
        try:
            return await connection.fetch_described(sql, params)
        except ConnectionLostError:
            pass
        finally:
            pool.release(connection)
        connection = await pool.acquire()
        try:
            return await connection.fetch_described(sql, params)
        finally:
            pool.release(connection)

    # The reader of the port is a whole connection; its users never write with it.

    async def execute(
        self, sql: str, params: Parameters = (), *, unbounded: bool = False
    ) -> Result:
        raise _reads_only()

    async def execute_many(self, sql: str, rows: Iterable[Parameters]) -> int:
        raise _reads_only()

    async def execute_script(self, sql: str) -> None:
        raise _reads_only()

    async def control(self, sql: str) -> None:
        raise _reads_only()


def _reads_only() -> TransactionError:
    return TransactionError(
        "The reader of a database only reads. Lease a connection of your own for anything else: "
        "`async with database.transaction():`."
    )
