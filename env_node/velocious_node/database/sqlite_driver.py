"""An opened SQLite database of a server: the shared driver, plus threads for what takes long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.database.sqlite.driver import SqliteDriver
from velocious.database.sqlite.opening import open_writer
from velocious.database.sqlite.pragmas import syncs_on_commit
from velocious_node.database.sqlite_checkpoints import Checkpoints
from velocious_node.database.sqlite_connection import BudgetedConnection
from velocious_node.database.sqlite_readers import ReaderPool
from velocious_node.database.sqlite_synced_connection import SyncedConnection
from velocious_node.database.threads import Threads

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from velocious.database.driver import Connection
    from velocious.database.settings import DatabaseSettings
    from velocious.database.sqlite.pragmas import Pragmas


class NodeSqliteDriver(SqliteDriver):
    """One inline writer, one inline reader, and readers in threads for slow queries."""

    def __init__(self, settings: DatabaseSettings, path: str, environment: Pragmas) -> None:
        super().__init__(settings, path, environment)
        self._threads: Threads | None = None
        self._readers: ReaderPool | None = None
        self._checkpoints: Checkpoints | None = None

    async def open(self) -> None:
        # The readers, and one thread each for the writer and for checkpoints.
        self._threads = Threads(
            self.settings.pool.maximum + 2, f"velocious-{self.settings.identifier}"
        )
        self._readers = ReaderPool(self.open_reader, self._threads, self.settings.pool.maximum)
        try:
            await super().open()
        except BaseException:
            self._threads.close()
            raise
        if self._moves_log():
            self._checkpoints = Checkpoints(
                self.path, self._turn, self._threads, self._open_checkpointer
            )

    async def close(self) -> None:
        assert self._threads is not None and self._readers is not None
        if self._checkpoints is not None:
            await self._checkpoints.close()
            self._checkpoints = None
        await self._readers.close()
        await super().close()
        self._threads.close()

    async def release(self, connection: Connection) -> None:
        # Written out instead of calling super(): every transaction passes here.
        writer = self._writer
        try:
            if writer is not None and writer.in_block:
                writer.reset()
        finally:
            self._turn.release()
        if self._checkpoints is not None:
            self._checkpoints.count()

    def make_writer(self, raw: sqlite3.Connection) -> BudgetedConnection:
        assert self._threads is not None
        if self._moves_log():
            raw.execute("PRAGMA wal_autocheckpoint = 0").fetchall()
        syncs = syncs_on_commit(self.pragmas) and not self.in_memory
        kind = SyncedConnection if syncs else BudgetedConnection
        return kind(raw, self.settings, self.kinds, self._threads)

    def make_reader(self, raw: sqlite3.Connection) -> BudgetedConnection:
        assert self._threads is not None
        return BudgetedConnection(
            raw, self.settings, self.kinds, self._threads, readers=self._readers
        )

    async def elsewhere[ResultT](self, operation: Callable[[], ResultT]) -> ResultT:
        assert self._threads is not None
        return await self._threads.run(operation)

    def _moves_log(self) -> bool:
        """Whether there is a log whose checkpoints are ours, because nobody has set them."""
        return (
            not self.in_memory
            and not self.settings.read_only
            and str(self.pragmas["journal_mode"]).lower() == "wal"
            and "wal_autocheckpoint" not in self.pragmas
        )

    def _open_checkpointer(self) -> sqlite3.Connection:
        return open_writer(self.settings, self.path, self.pragmas)
