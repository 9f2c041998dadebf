"""A pool of connections to a server.

Law: a connection is used by one task at a time. Nobody overtakes those who wait, and what comes
back broken, or with a transaction open, is never handed out as it is. Pure asyncio: no threads.

A *place* is the right to have one connection open; there are ``maximum`` of them. A connection
occupies a place from before it is opened until after it is closed, so that the server never sees
more of them.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from random import uniform
from time import monotonic
from typing import TYPE_CHECKING, Any

from velocious.database.pool_connector import Connector
from velocious.database.pool_holders import describe
from velocious.database.pool_statistics import PoolStatistics
from velocious.database.pool_turns import Turns
from velocious.errors import DatabaseError, DatabaseUnavailableError, PoolTimeoutError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from velocious.database.pool_settings import PoolSettings
    from velocious.database.poolable import Poolable

_log = logging.getLogger("velocious.database")

#: Seconds that a ping, a rollback or a farewell may take before the connection is cut off.
PATIENCE = 5.0
_OFTEN, _SELDOM = 0.05, 30.0


class Pool[C: Poolable]:
    """Connections made by *connect*, handed out one by one.

    ::

        connection = pool.take() or await pool.acquire()
        try:
            ...
        finally:
            pool.release(connection)

    *name* is the database's, for messages; *time* returns seconds that only grow.
    """

    def __init__(
        self,
        connect: Callable[[], Awaitable[C]],
        settings: PoolSettings,
        *,
        name: str = "default",
        time: Callable[[], float] = monotonic,
    ) -> None:
        self.settings = settings
        self.name = name
        self._time = time
        self._connector = Connector(connect, name, time)
        # The one that was used last is taken first, so that the others may grow old.
        self._idle: deque[tuple[C, float]] = deque()
        self._leases: dict[C, tuple[asyncio.Task[Any] | None, float]] = {}
        self._expires: dict[C, float] = {}
        self._turns = Turns[C]()
        self._places = 0
        self._closed = 0
        # Connections that were last used before this moment are asked whether they live.
        self._suspected = -1.0
        self._tasks: set[asyncio.Task[None]] = set()
        self._sweeping: asyncio.TimerHandle | None = None
        self._closing = False
        self._drained: asyncio.Event | None = None

    def __repr__(self) -> str:
        return f"<Pool {self.name!r} {self._places} of {self.settings.maximum} open>"

    # Taking and giving back

    def take(self) -> C | None:
        """A connection that is free and known to be sound, without waiting; or None: then await
        :meth:`acquire`.
        """
        idle = self._idle
        if not idle:
            return None
        connection, since = idle[-1]
        now = self._time()
        if (
            now - since > self.settings.check_after
            or since <= self._suspected
            or connection.is_closed
        ):
            return None
        idle.pop()
        self._leases[connection] = (asyncio.current_task(), now)
        return connection

    async def acquire(self) -> C:
        """A connection of one's own; give it back with :meth:`release`.

        Raises:
            PoolTimeoutError: none became free in time.
            DatabaseUnavailableError: the server cannot be reached, or the pool is closed.
        """
        connection = self.take()
        if connection is not None:
            return connection
        if self._closing:
            raise self._closed_error()
        deadline = self._time() + self.settings.timeout
        # From here on we have a place, and give it up unless a connection comes of it.
        if self._idle:
            found, since = self._idle.pop()
        elif self._places < self.settings.maximum:
            self._places += 1
            found, since = None, 0.0
        else:
            me = asyncio.current_task()
            found = await self._turns.wait(
                self.settings.timeout, lambda: self._too_long(me), self._hand_on
            )
            since = self._time()
        try:
            if found is not None and not await self._is_sound(found, since):
                self._forget(found)
                found = None
            if found is None:
                found = await self._open(deadline)
        except BaseException:
            if found is not None:
                self._forget(found)
            self._free_place()
            raise
        self._leases[found] = (asyncio.current_task(), self._time())
        return found

    def release(self, connection: C) -> None:
        """Give *connection* back. An open transaction on it is rolled back before anybody else
        gets it; a broken connection is dropped.
        """
        if self._leases.pop(connection, None) is None:
            if connection.is_closed:
                # It was cut off when the pool was closed.
                return
            raise DatabaseError(
                f"A connection of the database {self.name!r} was released twice, or never leased. "
                "Release each leased connection once."
            )
        if connection.is_closed:
            self._drop_broken(connection)
        elif connection.in_transaction and not self._closing:
            self._spawn(self._clean(connection))
        else:
            self._put_back(connection)
        if self._drained is not None and not self._leases:
            self._drained.set()

    # Opening and closing

    async def open(self) -> None:
        """Open the first connection, and go on to the minimum in the background.

        Raises:
            DatabaseUnavailableError: where the server cannot be reached.
        """
        self.release(await self.acquire())
        self._fill()

    async def close(self, timeout: float = 10.0) -> None:
        """Close all connections. Those in use may finish within *timeout* seconds and are cut off
        then; who waits for one gets an error.
        """
        self._closing = True
        if self._sweeping is not None:
            self._sweeping.cancel()
            self._sweeping = None
        self._turns.send_away(self._closed_error)
        while self._idle:
            self._retire(self._idle.pop()[0])
        await self._drain(timeout)
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _drain(self, timeout: float) -> None:
        if not self._leases:
            return
        self._drained = self._drained or asyncio.Event()
        try:
            async with asyncio.timeout(timeout):
                await self._drained.wait()
        except TimeoutError:
            _log.warning(
                "The database %r is closed while %d of its connections are still in use, by: %s",
                self.name,
                len(self._leases),
                "; ".join(self.holders()),
            )
        finally:
            for connection in self._leases:
                connection.terminate()

    # Looking in

    def statistics(self) -> PoolStatistics:
        """The pool as it is now."""
        return PoolStatistics(
            open=self._places,
            idle=len(self._idle),
            in_use=len(self._leases),
            waiting=len(self._turns),
            maximum=self.settings.maximum,
            opened=self._connector.opened,
            closed=self._closed,
            waited=self._turns.waited,
            timeouts=self._turns.timeouts,
            longest_wait=self._turns.longest,
        )

    def holders(self, me: asyncio.Task[Any] | None = None) -> list[str]:
        """Who has the connections (*me* is who asks), for how long, and where each of them is;
        longest first.
        """
        now = self._time()
        leases = sorted(self._leases.values(), key=lambda lease: lease[1])
        return [
            f"this task itself for {now - since:.3g} s"
            if task and task is me
            else describe(task, now - since)
            for task, since in leases
        ]

    def suspect(self) -> None:
        """Ask every connection that is idle now whether it lives before it is used again."""
        self._suspected = self._time()

    # Places

    def _put_back(self, connection: C) -> None:
        now = self._time()
        if self._closing or now >= self._expires[connection]:
            self._retire(connection)
        elif not self._turns.give(connection):
            self._idle.append((connection, now))
            if self._sweeping is None:
                self._sweep_later()

    def _free_place(self) -> None:
        if not self._turns.give(None):
            self._places -= 1

    def _hand_on(self, found: C | None) -> None:
        """What a cancelled task was given goes to the next one."""
        if found is None:
            self._free_place()
        else:
            self._put_back(found)

    def _too_long(self, me: asyncio.Task[Any] | None) -> PoolTimeoutError:
        return PoolTimeoutError(
            self.name, self.settings.timeout, self.holders(me), waiting=len(self._turns)
        )

    def _closed_error(self) -> DatabaseUnavailableError:
        return DatabaseUnavailableError(
            f"The database {self.name!r} is being closed. Keep its configuration open until the "
            "work is done."
        )

    # Connections

    async def _is_sound(self, connection: C, since: float) -> bool:
        if connection.is_closed:
            return False
        if self._time() - since <= self.settings.check_after and since > self._suspected:
            return True
        try:
            async with asyncio.timeout(PATIENCE):
                await connection.ping()
        except (DatabaseError, TimeoutError):
            self.suspect()
            return False
        return True

    async def _open(self, deadline: float) -> C:
        connection = await self._connector.open(deadline)
        if self._closing:
            connection.terminate()
            raise self._closed_error()
        lifetime = self.settings.max_lifetime
        # Not all at the same time: they were probably opened together.
        self._expires[connection] = (
            float("inf") if lifetime is None else self._time() + lifetime * uniform(0.9, 1.0)
        )
        return connection

    def _forget(self, connection: C) -> None:
        """Drop *connection*, without a word to the server."""
        self._expires.pop(connection, None)
        self._closed += 1
        connection.terminate()

    def _drop_broken(self, connection: C) -> None:
        # The others may have gone the same way.
        self.suspect()
        self._forget(connection)
        self._free_place()

    def _retire(self, connection: C) -> None:
        """Close *connection*; its place is free once it is closed."""
        self._spawn(self._say_goodbye(connection))

    async def _say_goodbye(self, connection: C) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await connection.close()
        except (DatabaseError, TimeoutError) as error:
            _log.info("A connection of the database %r did not close: %r", self.name, error)
        finally:
            self._forget(connection)
            self._free_place()

    async def _clean(self, connection: C) -> None:
        """Roll back what the last user has left open."""
        try:
            async with asyncio.timeout(PATIENCE):
                await connection.reset()
        except BaseException as error:
            self._forget(connection)
            self._free_place()
            if not isinstance(error, DatabaseError | TimeoutError):
                raise
            _log.warning("A connection of the database %r was dropped: %r", self.name, error)
            return
        if connection.is_closed:
            self._drop_broken(connection)
        else:
            self._put_back(connection)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work, name=f"pool of {self.name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # Upkeep

    def sweep(self) -> None:
        """Close what is idle for too long or too old, and keep the minimum open."""
        now = self._time()
        limit = self.settings.idle_timeout
        spare = self._places - self.settings.minimum
        idle, self._idle = self._idle, deque()
        for connection, since in idle:
            unused = limit is not None and now - since >= limit and spare > 0
            if connection.is_closed:
                self._drop_broken(connection)
            elif unused or now >= self._expires[connection]:
                self._retire(connection)
            else:
                self._idle.append((connection, since))
                continue
            spare -= 1
        self._fill()

    def _fill(self) -> None:
        while self._places < self.settings.minimum and not self._closing:
            self._places += 1
            self._spawn(self._add())

    async def _add(self) -> None:
        try:
            connection = await self._open(self._time() + self.settings.timeout)
        except BaseException as error:
            self._free_place()
            if not isinstance(error, DatabaseError):
                raise
            _log.info("The database %r got no spare connection: %r", self.name, error)
            return
        self._put_back(connection)

    def _sweep_later(self) -> None:
        limits = [
            limit
            for limit in (self.settings.idle_timeout, self.settings.max_lifetime)
            if limit is not None
        ]
        if limits and not self._closing:
            pause = max(_OFTEN, min(_SELDOM, min(limits) / 2))
            self._sweeping = asyncio.get_running_loop().call_later(pause, self._sweep_again)

    def _sweep_again(self) -> None:
        self._sweeping = None
        self.sweep()
        if self._idle or self.settings.minimum:
            self._sweep_later()
