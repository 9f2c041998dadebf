"""One named database as the rest of Velocious uses it.

Law: inside a transaction of the running task everything runs on its connection; outside, reads see
only committed rows and writes take turns on the writer. The methods are hot paths: no layers, no
await that is not needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.database.fair_lock import FairLock
from velocious.database.transaction import Transaction, innermost
from velocious.errors import TransactionError, UnknownTableError

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable

    from velocious.database.advisory_lock import AdvisoryLock, AdvisoryLocks
    from velocious.database.driver import (
        Connection,
        Driver,
        DriverFactory,
        Introspector,
        Parameters,
        Result,
        Row,
    )
    from velocious.database.schema import Table
    from velocious.database.settings import DatabaseSettings
    from velocious.files import Files


class Database:
    """A named database: runs statements, opens itself on first use, remembers its tables.

    ::

        rows = await database.fetch("SELECT name FROM tasks WHERE id = ?", (5,))
        async with database.transaction():
            await database.execute("UPDATE tasks SET done = 1 WHERE id = ?", (5,))

    Attributes:
        identifier: the name in the configuration (``"default"``).
        dialect: the SQL it speaks; known before it is opened.
        schema_version: grows whenever what was known about the tables may have become wrong.
    """

    __slots__ = (
        "_driver",
        "_factory",
        "_files",
        "_locks",
        "_opening",
        "_reader",
        "_tables",
        "capabilities",
        "dialect",
        "identifier",
        "schema_version",
        "settings",
    )

    def __init__(self, settings: DatabaseSettings, factory: DriverFactory, files: Files) -> None:
        self.settings = settings
        self.identifier = settings.identifier
        self.schema_version = 0
        self._factory = factory
        self._files = files
        self._driver: Driver = factory.create(settings, files)
        self.dialect = self._driver.dialect
        self.capabilities = self._driver.capabilities
        # The reader doubles as the sign that the driver is open: one check on the hot path.
        self._reader: Connection | None = None
        self._opening = FairLock()
        self._tables: dict[str, Table] = {}
        self._locks: AdvisoryLocks | None = None

    def __repr__(self) -> str:
        return f"<Database {self.identifier!r} {self.settings.safe_url}>"

    # Opening and closing

    async def open(self) -> None:
        """Open the database; every other method does it when it is needed."""
        if self._reader is None:
            await self._open()

    async def close(self) -> None:
        """Close the database, after the transaction that is open now; safe to call twice."""
        if self.current_transaction() is not None:
            raise TransactionError(
                f"The database {self.identifier!r} cannot be closed inside a transaction of this "
                "task. Leave the `async with database.transaction():` block first."
            )
        await self._opening.acquire()
        try:
            if self._reader is not None:
                self._reader = None
                await self._driver.close()
        finally:
            self._opening.release()

    async def create(self) -> bool:
        """Make the database if it is missing; True if it was made."""
        return await self._factory.create_database(self.settings, self._files)

    async def drop(self) -> bool:
        """Close and remove the database with all its rows; True if there was one."""
        await self.close()
        self.forget_schema()
        return await self._factory.drop_database(self.settings, self._files)

    async def _open(self) -> Connection:
        await self._opening.acquire()
        try:
            if self._reader is None:
                await self._driver.open()
                self._reader = self._driver.reader()
            return self._reader
        finally:
            self._opening.release()

    # Statements

    def fetch(self, sql: str, params: Parameters = ()) -> Coroutine[Any, Any, list[Row]]:
        """All rows of a reading statement, as tuples."""
        reader = self._reader
        if reader is not None and innermost.get() is None:
            # Not one coroutine inside another: nearly all reads go this way.
            return reader.fetch(sql, params)
        return self._fetch(sql, params)

    async def _fetch(self, sql: str, params: Parameters) -> list[Row]:
        transaction = self.current_transaction()
        if transaction is not None:
            return await transaction.connection.fetch(sql, params)
        return await (self._reader or await self._open()).fetch(sql, params)

    async def fetch_described(
        self, sql: str, params: Parameters = ()
    ) -> tuple[list[str], list[Row]]:
        """As :meth:`fetch`, with the names of the result's columns."""
        transaction = self.current_transaction()
        if transaction is not None:
            return await transaction.connection.fetch_described(sql, params)
        return await (self._reader or await self._open()).fetch_described(sql, params)

    async def execute(
        self, sql: str, params: Parameters = (), *, unbounded: bool = False
    ) -> Result:
        """Run one statement; outside of a transaction it is committed at once.

        *unbounded* says that it may touch many rows, so that the event loop must not wait for it.
        """
        if innermost.get() is not None:
            transaction = self.current_transaction()
            if transaction is not None:
                return await transaction.connection.execute(sql, params, unbounded=unbounded)
        connection = await self.lease()
        try:
            return await connection.execute(sql, params, unbounded=unbounded)
        finally:
            await self._driver.release(connection)

    async def execute_many(self, sql: str, rows: Iterable[Parameters]) -> int:
        """Run *sql* once for each row, all or none; returns how many rows were changed."""
        async with self.transaction() as transaction:
            return await transaction.connection.execute_many(sql, rows)

    async def execute_script(self, sql: str) -> None:
        """Run statements separated by semicolons, all or none."""
        async with self.transaction() as transaction:
            await transaction.connection.execute_script(sql)

    # Transactions

    def transaction(self) -> Transaction:
        """A block in which everything is stored, or nothing; inside another one it is a savepoint
        of it.

        ::

            async with database.transaction() as transaction:
                transaction.after_commit(lambda: print("stored"))
                await database.execute("DELETE FROM tasks")
        """
        return Transaction(self)

    def current_transaction(self) -> Transaction | None:
        """The innermost open transaction of the running task on this database, or None.

        Raises:
            TransactionTaskError: where the task only inherited it from the task that started it.
        """
        scope = innermost.get()
        while scope is not None:
            if scope.database is self and not scope.ended:
                scope.check_user()
                return scope.top
            scope = scope.outer
        return None

    async def lease(self) -> Connection:
        """A connection of one's own outside of transactions; give it back with :meth:`release`."""
        if self._reader is None:
            await self._open()
        return await self._driver.lease()

    async def release(self, connection: Connection) -> None:
        """Give a connection of :meth:`lease` back."""
        await self._driver.release(connection)

    # Advisory locks

    def advisory_lock(
        self, name: str, timeout: float | None = None, *, or_fail: bool = False
    ) -> AdvisoryLock:
        """A block that runs while nobody else, in any process, holds the lock *name*.

        *timeout* are the seconds to wait; *or_fail* does not wait at all.
        """
        from velocious.database.advisory_lock import AdvisoryLock, AdvisoryLocks

        if self._locks is None:
            self._locks = AdvisoryLocks(self._factory.lock_broker(self.settings, self._files))
        return AdvisoryLock(self._locks, name, timeout, or_fail=or_fail)

    # Schema

    async def table(self, name: str) -> Table:
        """The table called *name*, read once and remembered.

        Raises:
            UnknownTableError: with the names that come close.
        """
        table = self._tables.get(name)
        if table is None:
            version = self.schema_version
            table = await (await self.introspect()).table(name)
            if table is None:
                raise UnknownTableError(name, await self.table_names(), database=self.identifier)
            if version == self.schema_version:
                self._tables[name] = table
        return table

    async def table_names(self) -> list[str]:
        """The names of all tables, sorted."""
        return await (await self.introspect()).table_names()

    def forget_schema(self) -> None:
        """Read the tables again when they are next asked for: call it after changing them."""
        self.schema_version += 1
        self._tables.clear()
        scope = innermost.get()
        while scope is not None:
            if scope.database is self:
                scope.schema_changed = True
            scope = scope.outer

    async def introspect(self) -> Introspector:
        """What describes the schema as the running task sees it."""
        transaction = self.current_transaction()
        if transaction is not None:
            return self._driver.introspector(transaction.connection)
        return self._driver.introspector(self._reader or await self._open())
