"""Advisory locks of a PostgreSQL server: for everybody who uses the same database.

Law: each lock is held by a connection of its own, so that the server gives it back the moment its
process is gone, and nobody who waits keeps another one from its lock. (Behind a PgBouncer that
pools transactions, sessions are shared: give locks a database whose URL goes to the server itself.)

Who waits asks again and again: a statement that waited on the server would be under way for all
that time, and CREATE INDEX CONCURRENTLY, in a migration that holds the lock, waits for those.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import asyncpg

from velocious.database.postgresql.errors import translated
from velocious.database.postgresql.server_errors import lost
from velocious_node.database.lock_waiting import wait_for_lock
from velocious_node.database.postgresql_opening import connect

if TYPE_CHECKING:
    from velocious.database.settings import DatabaseSettings
    from velocious_node.database.postgresql_raw import RawConnection


LONGEST_PAUSE = 0.1


class ServerLocks:
    """The lock broker of one database."""

    def __init__(self, settings: DatabaseSettings) -> None:
        self._settings = settings
        self._held: dict[str, RawConnection] = {}

    async def acquire(self, name: str, timeout: float | None) -> bool:
        raw = await connect(self._settings)
        try:
            taken = await self._take(raw, key_of(name), timeout)
        except BaseException as error:
            # Whether the server has given the lock is not known; with the connection it is gone.
            raw.terminate()
            if isinstance(error, asyncpg.PostgresError):
                raise translated(error, "pg_advisory_lock", self._settings) from error
            if isinstance(error, OSError | asyncpg.InterfaceError):
                raise lost(self._settings, error) from error
            raise
        if taken:
            self._held[name] = raw
        else:
            await raw.close()
        return taken

    async def release(self, name: str) -> None:
        """Give *name* back.

        Raises:
            ConnectionLostError: the lock was lost while it was held: others may have had it.
        """
        raw = self._held.pop(name)
        if raw.is_closed():
            raise lost(self._settings, ConnectionResetError())
        await raw.close()

    async def _take(self, raw: RawConnection, key: int, timeout: float | None) -> bool:
        async def take() -> bool:
            return bool(await raw.fetchval("SELECT pg_try_advisory_lock($1)", key))

        return await wait_for_lock(take, timeout, longest_pause=LONGEST_PAUSE)


def key_of(name: str) -> int:
    """The 64-bit number that stands for *name* on the server."""
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)
