"""Reader connections for queries that take long, each used by one thread at a time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from velocious_node.database.threads import Threads


class ReaderPool:
    """At most *size* reader connections; they open when they are needed and stay open."""

    def __init__(
        self, open_reader: Callable[[], sqlite3.Connection], threads: Threads, size: int
    ) -> None:
        self._open_reader = open_reader
        self._threads = threads
        self._size = size
        self._places = asyncio.Semaphore(size)
        self._idle: list[sqlite3.Connection] = []

    async def run[ResultT](self, operation: Callable[[sqlite3.Connection], ResultT]) -> ResultT:
        """Run *operation* on a reader in a thread; a cancelled task interrupts its query."""
        async with self._places:
            used: list[sqlite3.Connection] = [self._idle.pop()] if self._idle else []

            def work() -> ResultT:
                if not used:
                    used.append(self._open_reader())
                return operation(used[0])

            try:
                return await self._threads.run(work, lambda: _interrupt(used))
            finally:
                self._idle += used

    async def close(self) -> None:
        """Close the connections, each when its query is done."""
        for _ in range(self._size):
            await self._places.acquire()
        while self._idle:
            self._idle.pop().close()
        for _ in range(self._size):
            self._places.release()


def _interrupt(used: list[sqlite3.Connection]) -> None:
    for raw in used:
        raw.interrupt()
