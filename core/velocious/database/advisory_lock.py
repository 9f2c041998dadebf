"""Advisory locks: names that one task at a time may hold, wherever the database is used.

Law: a lock has two halves. Among the tasks of this process it is handed over in the order they
came; what else can reach the database is kept out by the environment's :class:`LockBroker`. Both
are given back when the block ends, whatever happens.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol, Self

from velocious.database.fair_lock import FairLock
from velocious.errors import (
    AdvisoryLockBusyError,
    AdvisoryLockError,
    AdvisoryLockTimeoutError,
    ConfigurationError,
)

if TYPE_CHECKING:
    from types import TracebackType


class LockBroker(Protocol):
    """The port that keeps other processes, or other tabs, out of a lock."""

    async def acquire(self, name: str, timeout: float | None) -> bool:
        """Take *name* within *timeout* seconds (0: at once, None: however long it takes).

        Never asked for a name that it has already given. A cancelled call leaves nothing taken.
        """
        ...

    async def release(self, name: str) -> None:
        """Give *name* back."""
        ...


class AdvisoryLocks:
    """The locks of one database; *broker* is None where no one else can reach the database."""

    __slots__ = ("_broker", "_lines")

    def __init__(self, broker: LockBroker | None) -> None:
        self._broker = broker
        self._lines: dict[str, _Line] = {}

    async def acquire(self, name: str, timeout: float | None) -> bool:
        """Take *name* for the running task; False when it took longer than *timeout* seconds.

        Raises:
            AdvisoryLockError: the task holds it already and would wait for itself.
        """
        line = self._lines.get(name)
        if line is not None and timeout != 0 and line.owner is asyncio.current_task():
            raise AdvisoryLockError(
                name,
                f"The advisory lock {name!r} is already held by this task, which would wait for "
                "itself. Take it once, around everything that needs it.",
            )
        line = line or self._lines.setdefault(name, _Line())
        line.users += 1
        try:
            taken = await self._take(line, name, timeout)
        except BaseException:
            self._leave(name, line)
            raise
        if not taken:
            self._leave(name, line)
        return taken

    async def release(self, name: str) -> None:
        """Give *name* back."""
        line = self._lines[name]
        line.owner = None
        try:
            if self._broker is not None:
                await self._broker.release(name)
        finally:
            line.lock.release()
            self._leave(name, line)

    async def _take(self, line: _Line, name: str, timeout: float | None) -> bool:
        loop = asyncio.get_running_loop()
        started = loop.time()
        if timeout == 0 and line.lock.held:
            return False
        try:
            async with asyncio.timeout(timeout or None):
                await line.lock.acquire()
        except TimeoutError:
            return False
        try:
            left = timeout and max(0.0, timeout - (loop.time() - started))
            taken = self._broker is None or await self._broker.acquire(name, left)
        except BaseException:
            line.lock.release()
            raise
        if taken:
            line.owner = asyncio.current_task()
        else:
            line.lock.release()
        return taken

    def _leave(self, name: str, line: _Line) -> None:
        line.users -= 1
        if not line.users:
            del self._lines[name]


class _Line:
    """Those who hold or want one name."""

    __slots__ = ("lock", "owner", "users")

    def __init__(self) -> None:
        self.lock = FairLock()
        self.owner: asyncio.Task[object] | None = None
        self.users = 0


class AdvisoryLock:
    """``async with`` this: the block runs while nobody else holds the name."""

    __slots__ = ("_locks", "_or_fail", "name", "timeout")

    def __init__(
        self, locks: AdvisoryLocks, name: str, timeout: float | None = None, *, or_fail: bool
    ) -> None:
        if not name or "\x00" in name:
            raise ConfigurationError(
                f"{name!r} cannot name an advisory lock. Give it text, such as "
                '"invoices of account 5".'
            )
        if timeout is not None and not timeout >= 0:
            raise ConfigurationError(
                f"The timeout of the advisory lock {name!r} is {timeout!r}. Give it seconds from 0 "
                "on, or leave it out to wait for as long as it takes."
            )
        self._locks = locks
        self._or_fail = or_fail
        self.name = name
        self.timeout = timeout

    async def __aenter__(self) -> Self:
        if not await self._locks.acquire(self.name, 0 if self._or_fail else self.timeout):
            if self._or_fail:
                raise AdvisoryLockBusyError(self.name)
            raise AdvisoryLockTimeoutError(self.name, self.timeout or 0)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._locks.release(self.name)
