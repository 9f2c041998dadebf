"""An opened SQLite database: one writer, one reader, and turns.

Law: outside a transaction nobody sees what another task has not committed. In WAL mode the reader's
own connection sees to that; a database in memory has a single connection, where a reader waits for
its turn.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from velocious.database.driver import Capabilities
from velocious.database.fair_lock import FairLock
from velocious.database.sqlite.connection import SqliteConnection
from velocious.database.sqlite.opening import MEMORY, make_folder, open_reader, open_writer
from velocious.database.sqlite.pragmas import pragmas_for
from velocious.database.sqlite.shared_reader import SharedReader
from velocious.database.sqlite.statement_kind import StatementKinds
from velocious.errors import DatabaseLockedError
from velocious.sql.dialects.sqlite import SqliteDialect

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from velocious.database.driver import Connection, Introspector
    from velocious.database.settings import DatabaseSettings
    from velocious.database.sqlite.pragmas import Pragmas
    from velocious.sql.dialects.base import Dialect

#: Seconds between two tries to open a file that another process has locked.
_PAUSE = 0.01


class SqliteDriver:
    """Runs everything inline; an environment with threads overrides one section."""

    pooled = False

    def __init__(self, settings: DatabaseSettings, path: str, environment: Pragmas) -> None:
        self.dialect: Dialect = SqliteDialect()
        self.capabilities = Capabilities(last_insert_id=True, stores_nul=True)
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
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self.settings.busy_timeout
        while True:
            try:
                opened = await self._open_once()
                break
            except DatabaseLockedError:
                # Another process that opens the same file for the first time locks it as a whole
                # while it switches to WAL.
                if loop.time() >= deadline:
                    raise
                await asyncio.sleep(_PAUSE)
        self._writer = self.make_writer(opened[0])
        if len(opened) > 1:
            self._reader = self.make_reader(opened[1])
        else:
            self._reader = SharedReader(self._writer, self._turn)

    async def _open_once(self) -> list[sqlite3.Connection]:
        opened: list[sqlite3.Connection] = []
        try:
            await self.elsewhere(lambda: self._open(opened))
        except BaseException:
            for raw in opened:
                raw.close()
            raise
        return opened

    async def close(self) -> None:
        await self._turn.acquire()
        try:
            reader, self._reader = self._reader, None
            writer, self._writer = self._writer, None
            if isinstance(reader, SqliteConnection):
                await self.elsewhere(reader.close)
            # The writer last: the last connection to close empties the write-ahead log.
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
        self.give_back()

    def give_back(self) -> None:
        """:meth:`release` for whoever need not await it."""
        writer = self._writer
        try:
            if writer is not None and writer.in_block:
                writer.reset()
        finally:
            self._turn.release()

    def introspector(self, connection: Connection) -> Introspector:
        # Imported late: sqlite-utils is heavy, and a process that knows its tables never needs it.
        from velocious.database.sqlite.introspection import SqliteIntrospector

        return SqliteIntrospector(connection)

    # What an environment may do in another way

    def make_writer(self, raw: sqlite3.Connection) -> SqliteConnection:
        """The connection that transactions and writes use."""
        return SqliteConnection(raw, self.settings, self.kinds)

    def make_reader(self, raw: sqlite3.Connection) -> SqliteConnection:
        """The connection that reads outside of transactions use."""
        return SqliteConnection(raw, self.settings, self.kinds)

    async def elsewhere[ResultT](self, operation: Callable[[], ResultT]) -> ResultT:
        """Run *operation*, which may take long, where it keeps no event loop waiting."""
        return operation()

    # Opening

    def open_reader(self) -> sqlite3.Connection:
        """One more connection that only reads."""
        return open_reader(self.settings, self.path, self.pragmas)

    def _open(self, opened: list[sqlite3.Connection]) -> None:
        """Open the writer and, unless there can be only one connection, the reader."""
        if self.in_memory:
            opened.append(open_writer(self.settings, self.path, self.pragmas))
            return
        if self.settings.read_only:
            opened.append(self.open_reader())
        else:
            make_folder(self.settings, self.path)
            opened.append(open_writer(self.settings, self.path, self.pragmas))
        opened.append(self.open_reader())
