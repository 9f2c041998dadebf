"""What pages asked for and still wait for."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from contextvars import Context


class Calls:
    """The tasks that work for a page, by the number that it gave them."""

    def __init__(self) -> None:
        self._tasks: dict[int, asyncio.Task[Any]] = {}

    async def run[T](
        self, work: Coroutine[Any, Any, T], context: Context, number: int | None = None
    ) -> T:
        """Do *work* in a task of its own, which begins at once: each turn of the event loop is a
        trip through JavaScript. Under a *number* it can be cancelled.

        Raises:
            asyncio.CancelledError: it was.
        """
        task = asyncio.Task(
            work, loop=asyncio.get_running_loop(), context=context, eager_start=True
        )
        if number is None or task.done():
            return await task
        self._tasks[number] = task
        try:
            return await task
        finally:
            del self._tasks[number]

    def cancel(self, number: int) -> None:
        """Nobody waits for *number* any more; what ended already is none of ours."""
        task = self._tasks.get(number)
        if task is not None:
            task.cancel()

    async def cancel_all(self) -> None:
        """Cancel what is left, and wait until it has cleaned up behind itself."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
