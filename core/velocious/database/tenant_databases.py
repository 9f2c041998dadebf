"""The opened databases of tenants: one for each set of settings, and never too many.

Law: a database that a block uses stays open; the others are closed, the least recently used first,
when their place is needed or when nobody has asked for them for a while.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from contextvars import Context
from time import monotonic
from typing import TYPE_CHECKING, Any

from velocious.database.pool_turns import Turns
from velocious.errors import DatabaseError, TenantLimitError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from velocious.database.database import Database
    from velocious.database.settings import DatabaseSettings

_log = logging.getLogger("velocious.database")

_OFTEN, _SELDOM = 0.05, 30.0


class _Entry:
    __slots__ = ("database", "since", "users")

    def __init__(self, database: Database) -> None:
        self.database = database
        self.users = 0
        self.since = 0.0


class TenantDatabases:
    """At most *limit* databases; *idle_timeout* and *timeout* are seconds."""

    def __init__(
        self,
        limit: int,
        *,
        idle_timeout: float | None = 300.0,
        timeout: float = 10.0,
        time: Callable[[], float] = monotonic,
    ) -> None:
        self.limit = limit
        self._idle_timeout = idle_timeout
        self._timeout = timeout
        self._time = time
        # The least recently used first.
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._keys: dict[Database, Hashable] = {}
        # A place is for one database, from before it is made until after it is closed.
        self._places = 0
        self._closing = 0
        self._turns = Turns[None]()
        self._tasks: set[asyncio.Task[None]] = set()
        self._sweeping: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return self._places

    async def acquire(self, settings: DatabaseSettings, make: Callable[[], Database]) -> Database:
        """The database of *settings*, made by *make* if there is none; give it back with
        :meth:`release`.

        Raises:
            TenantLimitError: all places are in use, and stayed so.
        """
        key = settings_key(settings)
        if key not in self._entries:
            await self._take_place()
            # Another task may have been faster.
            if key in self._entries:
                self._free_place()
            else:
                self._add(key, make)
        entry = self._entries[key]
        entry.users += 1
        self._entries.move_to_end(key)
        return entry.database

    def release(self, database: Database) -> None:
        """Say that a block no longer uses *database*; it stays open for the next one."""
        key = self._keys.get(database)
        if key is None:
            # All of them were closed while the block was still open.
            return
        entry = self._entries[key]
        entry.users -= 1
        entry.since = self._time()
        if entry.users:
            return
        if len(self._turns) > self._closing:
            self._close(key)
        elif self._sweeping is None:
            self._sweep_later()

    async def close(self) -> None:
        """Close all databases."""
        if self._sweeping is not None:
            self._sweeping.cancel()
            self._sweeping = None
        for key in list(self._entries):
            self._close(key)
        while self._tasks:
            await asyncio.wait(self._tasks)

    def sweep(self) -> None:
        """Close what nobody has used for a while."""
        now = self._time()
        for key, entry in list(self._entries.items()):
            limit = self._idle_timeout
            if limit is not None and not entry.users and now - entry.since >= limit:
                self._close(key)

    # Places

    def _add(self, key: Hashable, make: Callable[[], Database]) -> None:
        try:
            entry = self._entries[key] = _Entry(make())
        except BaseException:
            self._free_place()
            raise
        self._keys[entry.database] = key

    async def _take_place(self) -> None:
        if self._places < self.limit:
            self._places += 1
            return
        idle = next((key for key, entry in self._entries.items() if not entry.users), None)
        if idle is not None:
            self._close(idle)
        await self._turns.wait(
            self._timeout,
            lambda: TenantLimitError(self.limit, self._timeout),
            lambda _: self._free_place(),
        )

    def _free_place(self) -> None:
        if not self._turns.give(None):
            self._places -= 1

    def _close(self, key: Hashable) -> None:
        database = self._entries.pop(key).database
        del self._keys[database]
        self._closing += 1
        task = asyncio.get_running_loop().create_task(
            self._say_goodbye(database),
            name=f"closing {database.identifier}",
            # It works for no tenant, in nobody's transaction.
            context=Context(),
        )
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _say_goodbye(self, database: Database) -> None:
        try:
            await database.close()
        except DatabaseError as error:
            _log.warning("%r of a tenant did not close: %s", database, error)
        finally:
            self._closing -= 1
            self._free_place()

    # Upkeep

    def _sweep_later(self) -> None:
        if self._idle_timeout is not None:
            pause = max(_OFTEN, min(_SELDOM, self._idle_timeout / 2))
            self._sweeping = asyncio.get_running_loop().call_later(pause, self._sweep_again)

    def _sweep_again(self) -> None:
        self._sweeping = None
        self.sweep()
        if self._entries:
            self._sweep_later()


def settings_key(settings: DatabaseSettings) -> Hashable:
    """What tells two databases apart: everything in their settings."""
    pragmas: Any = tuple(sorted(settings.pragmas.items()))
    replicas = tuple(map(settings_key, settings.replicas))
    return (
        settings.identifier,
        settings.url,
        settings.migrations,
        settings.read_only,
        settings.tenants_only,
        settings.pool,
        settings.time_budget,
        settings.busy_timeout,
        settings.stickiness,
        pragmas,
        replicas,
    )
