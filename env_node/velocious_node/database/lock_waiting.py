"""Waiting for a lock that nobody tells us about: try again, after growing pauses."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

FIRST_PAUSE = 0.002


async def wait_for_lock(
    take: Callable[[], Awaitable[bool]], timeout: float | None, *, longest_pause: float
) -> bool:
    """Call *take* until it is True; False after *timeout* seconds (None: never)."""
    loop = asyncio.get_running_loop()
    deadline = None if timeout is None else loop.time() + timeout
    pause = FIRST_PAUSE
    while not await take():
        now = loop.time()
        if deadline is not None and now >= deadline:
            return False
        await asyncio.sleep(pause if deadline is None else min(pause, deadline - now))
        pause = min(pause * 2, longest_pause)
    return True
