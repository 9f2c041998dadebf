"""One walk through the results of a function that reads: the next one comes after a change.

Law: the function runs in a task and a context of its own, never inside of somebody's transaction,
one run at a time. A walk that is stopped, left or forgotten listens to nothing any more.
"""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, Self

from velocious import current
from velocious.database.primary import using_primary
from velocious.database.reading import Reading
from velocious.database.transaction import innermost
from velocious.errors import QueryError
from velocious.live.signal import Signal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_NOTHING: Any = object()
#: What is compared with the last result: it cannot have changed inside, and comparing is cheap.
_PLAIN = frozenset({int, str, bool, float, bytes, type(None)})


class LiveResults[T]:
    """What ``async for result in live(load)`` walks through."""

    __slots__ = (
        "__weakref__",
        "_context",
        "_free_at",
        "_interval",
        "_last",
        "_load",
        "_running",
        "_signal",
        "_task",
        "_unsubscribe",
    )

    def __init__(self, load: Callable[[], Awaitable[T]], interval: float) -> None:
        self._load = load
        self._interval = interval
        self._signal = signal = Signal()
        changes = current.configuration().changes
        self._unsubscribe = changes.subscribe(signal.hear, closed=signal.stop)
        # The tenant, the locale and the like stay those of whoever began to walk.
        self._context = copy_context()
        self._last: Any = _NOTHING
        self._free_at = 0.0
        self._running = False
        self._task: asyncio.Task[T] | None = None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        if self._running:
            raise QueryError(
                "A live result is waited for already, by another task. Walk through one of your "
                "own: `async for result in live(load)`."
            )
        self._running = True
        try:
            while True:
                await self._wait()
                result = await self._run()
                if not self._is_last(result):
                    return result
        finally:
            self._running = False

    def stop(self) -> None:
        """End the walk: no run follows, and the one that is under way is cancelled."""
        self._unsubscribe()
        self._signal.stop()
        if self._task is not None:
            self._task.cancel()

    async def aclose(self) -> None:
        """As :meth:`stop`, for ``contextlib.aclosing``."""
        self.stop()

    def __del__(self) -> None:
        # A loop that was left with `break` holds it no longer.
        unsubscribe = getattr(self, "_unsubscribe", None)
        if unsubscribe is not None:
            unsubscribe()

    async def _wait(self) -> None:
        """Until a run is due. Raises StopAsyncIteration where none follows."""
        await self._signal.wait()
        pause = self._free_at - asyncio.get_running_loop().time()
        if pause > 0 and not self._signal.stopped:
            # A burst of changes becomes one run.
            await asyncio.sleep(pause)
        if self._signal.stopped:
            raise StopAsyncIteration

    async def _run(self) -> T:
        signal = self._signal
        signal.reading = reading = Reading()
        signal.due = False
        context = self._context.copy()
        context.run(innermost.set, reading)
        self._task = task = asyncio.create_task(_loaded(self._load), context=context)
        try:
            return await task
        except asyncio.CancelledError:
            # Whoever waited may come back for the result that is missing now.
            signal.due = True
            if signal.stopped and not _is_cancelled():
                raise StopAsyncIteration from None
            raise
        except Exception:
            self._last = _NOTHING
            raise
        finally:
            self._task = None
            reading.ended = True
            self._free_at = asyncio.get_running_loop().time() + self._interval

    def _is_last(self, result: T) -> bool:
        last, self._last = self._last, result if type(result) in _PLAIN else _NOTHING
        return type(last) is type(result) and last == result


async def _loaded[T](load: Callable[[], Awaitable[T]]) -> T:
    # A copy of the database may not have the change yet that this run is about.
    with using_primary():
        return await load()


def _is_cancelled() -> bool:
    """Whether it is the running task that somebody cancels."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
