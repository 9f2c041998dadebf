"""The replicas of a database: copies that are read instead of it, and may lag behind.

Law: a replica is never written, and never the only way to an answer: where none is to be had, the
primary answers. A task that has written reads from the primary for a while, so that it finds what
it wrote.
"""

from __future__ import annotations

import logging
from contextvars import ContextVar
from random import uniform
from time import monotonic
from typing import TYPE_CHECKING

from velocious.database.database import Database
from velocious.database.only_reader import OnlyReader
from velocious.database.primary import is_using_primary
from velocious.errors import DatabaseUnavailableError, ReadOnlyDatabaseError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from velocious.database.driver import Connection, DriverFactory, Parameters, Row
    from velocious.database.settings import DatabaseSettings
    from velocious.files import Files

_log = logging.getLogger("velocious.database")

#: Seconds that a replica which could not be reached is left alone: doubled each time.
FIRST_REST = 1.0
LONGEST_REST = 30.0

#: When the running task last wrote, by replica set. Replaced as a whole, never changed: the tasks
#: it starts go on from here, but it learns nothing from them.
_written: ContextVar[Mapping[ReplicaSet, float] | None] = ContextVar(
    "velocious_written", default=None
)


class Replica:
    """One copy, and whether it is worth asking."""

    __slots__ = ("database", "failures", "rests_until")

    def __init__(self, database: Database) -> None:
        self.database = database
        self.failures = 0
        self.rests_until = 0.0

    def failed(self, error: Exception, now: float) -> None:
        """Leave it alone for a while."""
        rest = min(LONGEST_REST, FIRST_REST * 2 ** min(self.failures, 16)) * uniform(0.8, 1.0)
        self.failures += 1
        self.rests_until = now + rest
        _log.warning(
            "The database %r is not read for %.1f s: %s", self.database.identifier, rest, error
        )

    def answered(self) -> None:
        """It works."""
        if self.failures:
            self.failures = 0
            _log.info("The database %r is read again.", self.database.identifier)


class ReplicaSet:
    """The replicas of one database, asked in turn."""

    def __init__(
        self,
        settings: DatabaseSettings,
        factory: DriverFactory,
        files: Files,
        time: Callable[[], float] = monotonic,
    ) -> None:
        self.replicas = [Replica(Database(one, factory, files)) for one in settings.replicas]
        self.stickiness = settings.stickiness
        self.time = time
        self._next = 0

    def wrote(self) -> None:
        """The running task has written: for a while it reads from the primary."""
        _written.set({**(_written.get() or {}), self: self.time()})

    def choose(self) -> Replica | None:
        """The replica whose turn it is; None where the primary is to be read."""
        if not self.are_wanted():
            return None
        now = self.time()
        for _ in self.replicas:
            replica = self.replicas[self._next]
            self._next = (self._next + 1) % len(self.replicas)
            if replica.rests_until <= now:
                return replica
        return None

    def are_wanted(self) -> bool:
        """Whether a replica will do for the running task."""
        if is_using_primary():
            return False
        written = (_written.get() or {}).get(self)
        return written is None or self.time() - written >= self.stickiness

    async def close(self) -> None:
        """Close them all; one that cannot be closed keeps no other open."""
        for replica in self.replicas:
            try:
                await replica.database.close()
            except DatabaseUnavailableError as error:
                _log.warning("The database %r: %s", replica.database.identifier, error)


class ReplicatedReader(OnlyReader):
    """The reader of a database with replicas."""

    __slots__ = ("_primary", "_set")

    instead = "Use database.execute, or begin a transaction: `async with database.transaction():`."

    def __init__(self, primary: Connection, replicas: ReplicaSet) -> None:
        self._primary = primary
        self._set = replicas

    async def fetch(self, sql: str, params: Parameters = ()) -> list[Row]:
        return await self._read(lambda source: source.fetch(sql, params))

    async def fetch_described(
        self, sql: str, params: Parameters = ()
    ) -> tuple[list[str], list[Row]]:
        return await self._read(lambda source: source.fetch_described(sql, params))

    async def _read[T](self, ask: Callable[[Database | Connection], Awaitable[T]]) -> T:
        """What *ask* is told by the replica whose turn it is, or by the primary."""
        while (replica := self._set.choose()) is not None:
            try:
                answer = await ask(replica.database)
            except ReadOnlyDatabaseError:
                # A reading statement that writes: a function, or FOR UPDATE.
                break
            except DatabaseUnavailableError as error:
                replica.failed(error, self._set.time())
            else:
                replica.answered()
                return answer
        return await ask(self._primary)
