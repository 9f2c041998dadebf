"""A lock that goes to its waiters in the order they came, and costs nothing while none waits."""

from __future__ import annotations

import asyncio
from collections import deque


class FairLock:
    """First come, first served.

    Unlike :class:`asyncio.Lock` it is handed over, so that a busy task cannot starve others.
    """

    __slots__ = ("_waiting", "held")

    def __init__(self) -> None:
        self.held = False
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def acquire(self) -> None:
        """Wait for the lock. A cancelled waiter passes on a turn that it already got."""
        if not self.held:
            self.held = True
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except BaseException:
            if turn.cancelled():
                self._waiting.remove(turn)
            else:
                self.release()
            raise

    def release(self) -> None:
        """Hand the lock to the next waiter, or free it."""
        for turn in self._waiting:
            if not turn.done():
                self._waiting.remove(turn)
                turn.set_result(None)
                return
        self.held = False
