"""Moving a write-ahead log into its database file, in a thread.

Law: the event loop never waits for a checkpoint. SQLite would make the commit that reaches the
limit do the work; here that is switched off, and a connection of its own does it.
"""

from __future__ import annotations

import asyncio
import logging
import os
from typing import TYPE_CHECKING

from velocious.database.sqlite.errors import is_busy

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from velocious.database.fair_lock import FairLock
    from velocious_node.database.threads import Threads

_log = logging.getLogger("velocious.database")

#: A log of this many bytes is moved.
LIMIT = 4 * 1024 * 1024
#: So many transactions end between two looks at the log's size.
TRANSACTIONS_BETWEEN_LOOKS = 64


class Checkpoints:
    """Watches the log of one database; *turn* is the right to write."""

    def __init__(
        self,
        path: str,
        turn: FairLock,
        threads: Threads,
        open_raw: Callable[[], sqlite3.Connection],
    ) -> None:
        self._log_path = f"{path}-wal"
        self._turn = turn
        self._threads = threads
        self._open_raw = open_raw
        self._raw: sqlite3.Connection | None = None
        self._countdown = TRANSACTIONS_BETWEEN_LOOKS
        self._running: asyncio.Task[None] | None = None

    def count(self) -> None:
        """Count the end of a transaction; now and then starts a checkpoint."""
        self._countdown -= 1
        if self._countdown <= 0:
            self.look()

    def look(self) -> None:
        """Start a checkpoint if the log is long and none is running."""
        self._countdown = TRANSACTIONS_BETWEEN_LOOKS
        if self._running is None and self._log_size() > LIMIT:
            self._running = asyncio.create_task(self._checkpoint(), name="velocious-checkpoint")
            self._running.add_done_callback(self._done)

    async def close(self) -> None:
        """Wait for a running checkpoint and close the connection."""
        if self._running is not None:
            await asyncio.wait((self._running,))
        if self._raw is not None:
            self._raw.close()
            self._raw = None

    async def _checkpoint(self) -> None:
        # Most of the work while others write; then, in a moment of its own, the rest of it and
        # the start of an empty log.
        await self._run("PRAGMA wal_checkpoint(PASSIVE)")
        await self._turn.acquire()
        try:
            await self._run("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            self._turn.release()

    async def _run(self, sql: str) -> None:
        def work() -> None:
            if self._raw is None:
                self._raw = self._open_raw()
            self._raw.execute(sql).fetchall()

        await self._threads.run(work)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running = None
        if task.cancelled():
            return
        error = task.exception()
        if error is not None and not is_busy(error):
            _log.error("The checkpoint of %s failed", self._log_path, exc_info=error)

    def _log_size(self) -> int:
        try:
            return os.stat(self._log_path).st_size
        except FileNotFoundError:
            return 0
