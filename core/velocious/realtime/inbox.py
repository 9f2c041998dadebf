"""What came in, in order: one thing is handled after the other, and reading stops when too much
waits.

Law: a frame that can be answered at once costs no task switch.
"""

from __future__ import annotations

import asyncio
from asyncio import Task, get_running_loop
from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    type Job = Callable[[], Coroutine[Any, Any, None]]


class Inbox:
    """Runs jobs, one at a time.

    Arguments:
        size: jobs that may wait.

    Attributes:
        is_busy: whether something runs or waits.
        is_full: whether as much waits as may.
    """

    __slots__ = ("_room", "_size", "_task", "_waiting", "is_busy", "is_full")

    def __init__(self, size: int) -> None:
        self._size = size
        self._waiting: deque[Job] = deque()
        self._task: Task[None] | None = None
        self._room: asyncio.Future[None] | None = None
        self.is_busy = False
        self.is_full = size <= 0

    @property
    def has_waiting(self) -> bool:
        """Whether something waits behind what runs."""
        return bool(self._waiting)

    def put(self, job: Job) -> None:
        """Run *job* when all before it are done: at once where there are none."""
        if self.is_busy:
            self._waiting.append(job)
            self.is_full = len(self._waiting) >= self._size
            return
        self.begin(job())

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Run *work* now; only where the inbox is not busy."""
        # Begins to run before this returns: most jobs are done by then.
        task = Task(work, loop=get_running_loop(), eager_start=True)
        if not task.done():
            self._task = task
            self.is_busy = True
            task.add_done_callback(self._next)
        elif not task.cancelled():
            # Jobs answer for their own errors: what comes here is ours.
            task.result()

    def _next(self, task: Task[None]) -> None:
        self._task = None
        self.is_busy = False
        if not task.cancelled():
            task.result()
        while self._waiting and not self.is_busy:
            job = self._waiting.popleft()
            self.is_full = len(self._waiting) >= self._size
            self.begin(job())
        if self._room is not None and not self.is_full:
            room, self._room = self._room, None
            if not room.done():
                room.set_result(None)

    async def room(self) -> None:
        """Wait until something more may wait."""
        while self.is_full:
            if self._room is None:
                self._room = get_running_loop().create_future()
            await asyncio.shield(self._room)

    async def close(self) -> None:
        """Drop what waits, and stop what runs."""
        self._waiting.clear()
        self.is_full = self._size <= 0
        task = self._task
        if task is not None and task is not asyncio.current_task():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
