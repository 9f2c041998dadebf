"""What came in, in order: one thing is handled after the other, and reading stops when too much
waits.

Law: a frame that can be answered at once costs no task switch.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    type Job = Callable[[], Coroutine[Any, Any, None]]


class Inbox:
    """Runs jobs, one at a time.

    Arguments:
        size: jobs that may wait.
    """

    __slots__ = ("_room", "_size", "_task", "_waiting")

    def __init__(self, size: int) -> None:
        self._size = size
        self._waiting: deque[Job] = deque()
        self._task: asyncio.Task[None] | None = None
        self._room: asyncio.Future[None] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether something runs or waits."""
        return self._task is not None

    @property
    def has_waiting(self) -> bool:
        """Whether something waits behind what runs."""
        return bool(self._waiting)

    @property
    def is_full(self) -> bool:
        return len(self._waiting) >= self._size

    def put(self, job: Job) -> None:
        """Run *job* when all before it are done: at once where there are none."""
        if self._task is not None:
            self._waiting.append(job)
            return
        self._begin(job)

    def _begin(self, job: Job) -> None:
        # Begins to run before this returns: most jobs are done by then.
        task = asyncio.Task(job(), loop=asyncio.get_running_loop(), eager_start=True)
        if not task.done():
            self._task = task
            task.add_done_callback(self._next)
        elif not task.cancelled():
            # Jobs answer for their own errors: what comes here is ours.
            task.result()

    def _next(self, task: asyncio.Task[None]) -> None:
        self._task = None
        if not task.cancelled():
            task.result()
        while self._waiting and self._task is None:
            self._begin(self._waiting.popleft())
        if self._room is not None and not self.is_full:
            room, self._room = self._room, None
            if not room.done():
                room.set_result(None)

    async def room(self) -> None:
        """Wait until something more may wait."""
        while self.is_full:
            if self._room is None:
                self._room = asyncio.get_running_loop().create_future()
            await asyncio.shield(self._room)

    async def close(self) -> None:
        """Drop what waits, and stop what runs."""
        self._waiting.clear()
        task = self._task
        if task is not None and task is not asyncio.current_task():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
