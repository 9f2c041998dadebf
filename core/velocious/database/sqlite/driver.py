"""An opened SQLite database: one writer, one reader, and turns.

Law: outside a transaction nobody sees what another task has not committed. In WAL mode the reader's own connection
sees to that; a database in memory has a single connection, where a reader waits for its turn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.database.driver import Capabilities
from velocious.database.fair_lock import FairLock
from velocious.database.sqlite.connection import SqliteConnection
from velocious.database.sqlite.opening import MEMORY, make_folder, open_reader, open_writer
from velocious.database.sqlite.pragmas import pragmas_for
from velocious.database.sqlite.shared_reader import SharedReader
from velocious.database.sqlite.statement_kind import StatementKinds
from velocious.sql.dialects.sqlite import SqliteDialect

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from velocious.database.driver import Connection, Introspector
    from velocious.database.settings import DatabaseSettings
    from velocious.database.sqlite.pragmas import Pragmas
    from velocious.sql.dialects.base import Dialect


class SqliteDriver:
    """Runs everything inline; an environment with threads overrides the four methods of the last section."""

    def __init__(self, settings: DatabaseSettings, path: str, environment: Pragmas) -> None:
        self.dialect: Dialect = SqliteDialect()
        self.capabilities = Capabilities(last_insert_id=True)
        self.settings = settings
        self.path = path
        self.pragmas = pragmas_for(settings, environment)
        self.kinds = StatementKinds()
        self._turn = FairLock()
        self._writer: SqliteConnection | None = None
        self._reader: Connection | None = None

    @property
    def in_memory(self) -> bool:
        return self.path == MEMORY

    # The port

    async def open(self) -> None:
        writer, reader = await self.elsewhere(self._open)
        self._writer = self.make_connection(writer)
        if reader is None:
            self._reader = SharedReader(self._writer, self._turn)
        else:
            self._reader = self.make_connection(reader)

    async def close(self) -> None:
        await self._turn.acquire()
        try:
            reader, self._reader = self._reader, None
            writer, self._writer = self._writer, None
            if isinstance(reader, SqliteConnection):
                await self.elsewhere(reader.close)
            if writer is not None:
                await self.elsewhere(writer.close)
        finally:
            self._turn.release()

    def reader(self) -> Connection:
        assert self._reader is not None
        return self._reader

    async def lease(self) -> Connection:
        if self._turn.held:
            await self._turn.acquire()
        else:
            self._turn.held = True
        assert self._writer is not None
        return self._writer

    async def release(self, connection: Connection) -> None:
        writer = self._writer
        if writer is not None and writer.raw.in_transaction:
            writer.reset()
        self._turn.release()

    def introspector(self, connection: Connection) -> Introspector:
        # Imported late: sqlite-utils is heavy, and a process that knows its tables never needs it.
        from velocious.database.sqlite.introspection import SqliteIntrospector

        return SqliteIntrospector(connection)

    # What an environment may do in another way

    def make_connection(self, raw: sqlite3.Connection) -> SqliteConnection:
        """The connection that runs statements on *raw*."""
        return SqliteConnection(raw, self.settings, self.kinds, read_only=self.settings.read_only)

    async def elsewhere[ResultT](self, operation: Callable[[], ResultT]) -> ResultT:
        """Run *operation*, which may take long, where it does not keep the event loop waiting."""
        return operation()

    def _open(self) -> tuple[sqlite3.Connection, sqlite3.Connection | None]:
        settings, path = self.settings, self.path
        if settings.read_only and not self.in_memory:
            return open_reader(settings, path, self.pragmas), open_reader(
                settings, path, self.pragmas
            )
        if self.in_memory:
            return open_writer(settings, path, self.pragmas), None
        make_folder(settings, path)
        writer = open_writer(settings, path, self.pragmas)
        try:
            return writer, open_reader(settings, path, self.pragmas)
        except BaseException:
            writer.close()
            raise
