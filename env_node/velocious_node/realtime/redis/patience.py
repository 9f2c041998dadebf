"""A deadline for answers that a busy event loop does not bring nearer.

``asyncio.timeout`` looks at the clock alone: after a second in which the loop did something else,
an answer that has long come counts as missing, and Redis as gone.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

_TICKS = 8


@asynccontextmanager
async def patience(seconds: float) -> AsyncGenerator[None]:
    """``asyncio.timeout``, but a turn of the loop counts for an eighth of *seconds* at most.

    Raises:
        TimeoutError: the time is over.
    """
    loop, ticks = asyncio.get_running_loop(), 0
    async with asyncio.timeout(None) as deadline:

        def tick() -> None:
            nonlocal ticks, timer
            ticks += 1
            if ticks < _TICKS:
                timer = loop.call_later(seconds / _TICKS, tick)
            else:
                deadline.reschedule(loop.time())

        timer = loop.call_later(seconds / _TICKS, tick)
        try:
            yield
        finally:
            timer.cancel()
