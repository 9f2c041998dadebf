"""Waiting by the injected clock."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from velocious.realtime.schedule import Schedule


async def pause(schedule: Schedule, seconds: float) -> None:
    """Sleep."""
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    timer = schedule.call_later(seconds, lambda: done.done() or done.set_result(None))
    try:
        await done
    finally:
        timer.cancel()


async def pause_unless(schedule: Schedule, seconds: float, news: Awaitable[None]) -> None:
    """Sleep, until there are *news*."""
    hearing = asyncio.ensure_future(news)
    pausing = asyncio.ensure_future(pause(schedule, seconds))
    try:
        await asyncio.wait([hearing, pausing], return_when=asyncio.FIRST_COMPLETED)
    finally:
        hearing.cancel()
        pausing.cancel()
        await asyncio.gather(hearing, pausing, return_exceptions=True)


async def within(schedule: Schedule, seconds: float, what: Awaitable[Any]) -> Any:
    """The result of *what*. Raises TimeoutError after *seconds*."""
    task = asyncio.ensure_future(what)
    late = False

    def give_up() -> None:
        nonlocal late
        late = True
        task.cancel()

    timer = schedule.call_later(seconds, give_up)
    try:
        return await task
    except asyncio.CancelledError:
        if late and not _is_cancelled():
            raise TimeoutError from None
        task.cancel()
        raise
    finally:
        timer.cancel()


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
