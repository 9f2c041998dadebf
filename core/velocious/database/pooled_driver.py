"""The driver of a server database: what all of them have in common.

Law: a read outside of any transaction may be repeated on a fresh connection when the one it ran on
was lost; nothing else is ever run twice.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Protocol

from velocious.database.driver import Connection
from velocious.database.only_reader import OnlyReader
from velocious.database.pool import Pool
from velocious.database.poolable import Poolable
from velocious.errors import ConnectionLostError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from velocious.database.driver import Capabilities, Introspector, Parameters, Row
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


class PooledReader[C: PooledConnection](OnlyReader):
    """Reads outside of transactions: each takes a connection for itself."""

    __slots__ = ("_pool",)

    instead = (
        "Lease a connection of your own for anything else: `async with database.transaction():`."
    )

    def __init__(self, pool: Pool[C]) -> None:
        self._pool = pool

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
        return await self._again(lambda connection: connection.fetch(sql, params))

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
        return await self._again(lambda connection: connection.fetch_described(sql, params))

    async def _again[T](self, ask: Callable[[C], Awaitable[T]]) -> T:
        connection = await self._pool.acquire()
        try:
            return await ask(connection)
        finally:
            self._pool.release(connection)
