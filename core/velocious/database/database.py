"""One named database as the rest of Velocious uses it.

Law: inside a transaction of the running task everything runs on its connection; outside, reads see
only committed rows and writes take turns on the writer. The methods are hot paths: no layers, no
await that is not needed.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, ClassVar, cast

from velocious.database.announcements import Announcements
from velocious.database.changes import Changes
from velocious.database.fair_lock import FairLock
from velocious.database.transaction import Transaction, innermost, note_schema_change
from velocious.errors import (
    ConnectionLostError,
    NoConnectionError,
    TransactionError,
    UnknownTableError,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterable

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
    from velocious.database.heard import StatementListener
    from velocious.database.pool_statistics import PoolStatistics
    from velocious.database.pooled_driver import PooledDriver
    from velocious.database.replicas import ReplicaSet
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
        followers: databases that stand for this one, and know its tables too.
        place: where it is: its URL without secrets.
        changes: who is told of what was committed.
        announcements: what they are told.
    """

    #: A backend in place of a database: :class:`velocious.frontend_model.backend.Backend`.
    remote_home: ClassVar[None] = None

    __slots__ = (
        "_current",
        "_driver",
        "_factory",
        "_fallback",
        "_files",
        "_locks",
        "_opening",
        "_reader",
        "_replicas",
        "_tables",
        "announcements",
        "capabilities",
        "changes",
        "dialect",
        "followers",
        "identifier",
        "place",
        "schema_version",
        "settings",
    )

    def __init__(
        self,
        settings: DatabaseSettings,
        factory: DriverFactory,
        files: Files,
        changes: Changes | None = None,
    ) -> None:
        self.settings = settings
        self.identifier = settings.identifier
        self.place = settings.place
        self.changes = changes or Changes()
        self.announcements = Announcements(self)
        self.schema_version = 0
        self.followers: list[Database] = []
        self._factory = factory
        self._files = files
        self._driver: Driver = factory.create(settings, files)
        self.dialect = self._driver.dialect
        self.capabilities = self._driver.capabilities
        # The reader doubles as the sign that the driver is open: one check on the hot path.
        self._reader: Connection | None = None
        self._opening = FairLock()
        self._replicas = _replicas(settings, factory, files) if settings.replicas else None
        self._tables: dict[str, Table] = {}
        self._locks: AdvisoryLocks | None = None
        self._current: Connection | None = None
        self._fallback = False

    def __repr__(self) -> str:
        return f"<Database {self.identifier!r} {self.settings.safe_url}>"

    # Opening and closing

    async def open(self) -> None:
        """Open the database; every other method does it when it is needed."""
        if self._reader is None:
            await self._open()

    def is_here(self) -> bool:
        """Whether there is a database to use now; one for tenants only is not, outside of them."""
        return True

    async def close(self) -> None:
        """Close the database, after the transaction that is open now; safe to call twice."""
        if self.current_transaction() is not None:
            raise TransactionError(
                f"The database {self.identifier!r} cannot be closed inside a transaction of this "
                "task. Leave the `async with database.transaction():` block first."
            )
        if innermost.get() is not None:
            from velocious.database.held_connections import let_go

            await let_go(self)
        await self._opening.acquire()
        try:
            self._fallback = False
            if self._reader is not None:
                self._reader = None
                if self._replicas is not None:
                    await self._replicas.close()
                await self._driver.close()
        finally:
            self._opening.release()

    def statistics(self) -> PoolStatistics | None:
        """How many connections there are and who waits; None where there is no pool, or it is
        closed.
        """
        if self._reader is None or not self._driver.pooled:
            return None
        return cast("PooledDriver[Any]", self._driver).statistics()

    def hear_statements(self, listener: StatementListener) -> Callable[[], None]:
        """Call *listener* with each statement from now on, after it has run, with its time (see
        :class:`velocious.database.heard.Heard`); what is returned ends that.
        """
        # Imported here: most databases are never listened to.
        from velocious.database.heard import HeardDriver

        if not isinstance(self._driver, HeardDriver):
            self._driver = cast("Driver", HeardDriver(self._driver, self.identifier))
            if self._reader is not None:
                self._reader = self._make_reader()
        return cast("HeardDriver", self._driver).listen(listener)

    async def create(self) -> bool:
        """Make the database if it is missing; True if it was made."""
        return await self._factory.create_database(self.settings, self._files)

    async def drop(self) -> bool:
        """Close and remove the database with all its rows; True if there was one."""
        await self.close()
        self.forget_schema()
        return await self._factory.drop_database(self.settings, self._files)

    def beside[DatabaseT: Database](
        self, kind: type[DatabaseT], settings: DatabaseSettings
    ) -> DatabaseT:
        """Another database of the same environment, with *settings* of its own."""
        return kind(settings, self._factory, self._files)

    async def _open(self) -> Connection:
        await self._opening.acquire()
        try:
            if self._reader is None:
                await self._driver.open()
                # Some are known only when the server has said what it is.
                self.capabilities = self._driver.capabilities
                self._reader = self._make_reader()
            return self._reader
        finally:
            self._opening.release()

    def _make_reader(self) -> Connection:
        reader = self._driver.reader()
        if self._replicas is None:
            return reader
        from velocious.database.replicas import ReplicatedReader

        return ReplicatedReader(reader, self._replicas)

    # Statements

    def fetch(self, sql: str, params: Parameters = ()) -> Coroutine[Any, Any, list[Row]]:
        """All rows of a reading statement, as tuples."""
        reader = self._reader
        if reader is not None and innermost.get() is None:
            # Not one coroutine inside another: nearly all reads go this way.
            return reader.fetch(sql, params)
        return self._fetch(sql, params)

    async def _fetch(self, sql: str, params: Parameters) -> list[Row]:
        return await self._read(sql, lambda connection: connection.fetch(sql, params))

    async def fetch_described(
        self, sql: str, params: Parameters = ()
    ) -> tuple[list[str], list[Row]]:
        """As :meth:`fetch`, with the names of the result's columns."""
        return await self._read(sql, lambda connection: connection.fetch_described(sql, params))

    async def _read[T](self, sql: str, ask: Callable[[Connection], Awaitable[T]]) -> T:
        """What *ask* is told by the connection that this task reads from."""
        link = innermost.get()
        if link is not None:
            reading, transaction = link.reading, self.current_transaction()
            if reading is not None:
                reading.note(self.place, sql)
            if transaction is not None:
                if not sql.startswith("SELECT"):
                    transaction.ran.add(sql)
                connection = transaction._connection
            else:
                connection = await self._hold(reading=True)
            if connection is not None:
                try:
                    return await ask(connection)
                except ConnectionLostError:
                    # What a transaction has done is lost; a read alone may be repeated.
                    if transaction is not None:
                        raise
                    await self.release(connection)
        return await ask(self._reader or await self._open())

    async def execute(
        self, sql: str, params: Parameters = (), *, unbounded: bool = False
    ) -> Result:
        """Run one statement; outside of a transaction it is committed at once.

        *unbounded* says that it may touch many rows, so that the event loop must not wait for it.
        """
        held: Connection | None = None
        link = innermost.get()
        if link is not None:
            reading, transaction = link.reading, self.current_transaction()
            if reading is not None:
                reading.note_statement(self.place, sql)
            if transaction is not None:
                return await transaction.execute(sql, params, unbounded=unbounded)
            held = await self._hold()
        if held is None and self._reader is None:
            await self._open()
        connection = await self._driver.lease() if held is None else held
        try:
            result = await connection.execute(sql, params, unbounded=unbounded)
        except (asyncio.CancelledError, ConnectionLostError):
            self.announcements.tell_anything()
            raise
        finally:
            if held is None:
                await self._driver.release(connection)
                if self._replicas is not None:
                    self._replicas.wrote()
        if self.changes.listening and not self.announcements.repeat(sql):
            await self.announcements.tell((sql,))
        return result

    async def execute_many(self, sql: str, rows: Iterable[Parameters]) -> int:
        """Run *sql* once for each row, all or none; returns how many rows were changed."""
        self._refuse_live(sql)
        async with self.transaction() as transaction:
            transaction.ran.add(sql)
            return await transaction._connection.execute_many(sql, rows)

    async def execute_script(self, sql: str) -> None:
        """Run statements separated by semicolons, all or none."""
        self._refuse_live(sql)
        async with self.transaction() as transaction:
            transaction.ran.add(None)
            await transaction._connection.execute_script(sql)

    def _refuse_live(self, sql: str) -> None:
        """Raise LiveWriteError where the running task is one that only reads."""
        link = innermost.get()
        if link is not None and link.reading is not None:
            link.reading.note_statement(self.place, sql)

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
            if scope.database is not None and scope.database is self and not scope.ended:
                scope.check_user()
                return scope.top
            scope = scope.outer
        return None

    # Connections

    def lease(self) -> Coroutine[Any, Any, Connection]:
        """A connection for a transaction; give it back with :meth:`release`."""
        if self._reader is not None and innermost.get() is None:
            # Not one coroutine inside another.
            return self._driver.lease()
        return self._lease()

    async def _lease(self) -> Connection:
        held = await self._hold() if innermost.get() is not None else None
        return await self._lease_new() if held is None else held

    def release(self, connection: Connection) -> Coroutine[Any, Any, None]:
        """Give a connection of :meth:`lease` back: to the block that keeps it, if one does."""
        if self._replicas is not None:
            self._replicas.wrote()
        if innermost.get() is None:
            return self._driver.release(connection)
        return self._release(connection)

    async def _release(self, connection: Connection) -> None:
        if innermost.get() is not None and self._driver.pooled:
            from velocious.database.held_connections import keep

            if keep(self, connection):
                return
        await self._driver.release(connection)

    async def put_back(self, connection: Connection) -> None:
        """Give a connection back that a block has kept."""
        await self._driver.release(connection)

    def current_connection(self) -> Connection:
        """A connection to keep at hand: its statements run on the transaction of the running
        task, on the connection that its block keeps, or on one of their own.

        Raises:
            NoConnectionError: outside of such blocks, before :meth:`ensure_global_connection`.
        """
        from velocious.database.current_connection import CurrentConnection
        from velocious.database.held_connections import held_for

        if not self._fallback and self.current_transaction() is None and held_for(self) is None:
            raise NoConnectionError(self.identifier)
        self._current = self._current or CurrentConnection(self)
        return self._current

    async def ensure_global_connection(self) -> None:
        """Open the database, and let :meth:`current_connection` work everywhere."""
        await self.open()
        self._fallback = True

    async def _hold(self, *, reading: bool = False) -> Connection | None:
        """The connection that a block of the running task keeps, taken now if it is the first
        use; None outside of such blocks.
        """
        if not self._driver.pooled:
            return None
        if self._replicas is not None:
            if reading and self._replicas.are_wanted():
                return None
            if not reading:
                self._replicas.wrote()
        from velocious.database.held_connections import hold

        return await hold(self, self._lease_new)

    async def _lease_new(self) -> Connection:
        if self._reader is None:
            await self._open()
        return await self._driver.lease()

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
        if not self.forget_changed_schema():
            self.announcements.tell_anything()

    def forget_changed_schema(self) -> bool:
        """:meth:`forget_schema` for a change that is still to be committed, or was undone; whether
        there is a transaction that it is part of.
        """
        self.invalidate()
        return note_schema_change(self)

    def invalidate(self) -> None:
        """Drop what is known about the tables, here and in what stands for this database."""
        self.schema_version += 1
        self._tables.clear()
        self.announcements.forget()
        for follower in self.followers:
            follower.invalidate()

    async def introspect(self) -> Introspector:
        """What describes the schema as the running task sees it."""
        transaction = self.current_transaction()
        if transaction is not None:
            return self._driver.introspector(transaction._connection)
        return await self.introspect_committed()

    async def introspect_here(self) -> Introspector:
        """As :meth:`introspect_committed`, on the connection that the running task keeps."""
        held = await self._hold() if innermost.get() is not None else None
        return (
            await self.introspect_committed() if held is None else self._driver.introspector(held)
        )

    async def introspect_committed(self) -> Introspector:
        """What describes the schema as it is stored."""
        if self._reader is None:
            await self._open()
        return self._driver.introspector(self._driver.reader())


def _replicas(settings: DatabaseSettings, factory: DriverFactory, files: Files) -> ReplicaSet:
    # Imported here: most databases have none.
    from velocious.database.replicas import ReplicaSet

    return ReplicaSet(settings, factory, files)
