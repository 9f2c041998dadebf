"""Members that have gone, but may be back in a moment.

Law: a reload is not seen by the others. Leaves run one after the other, and none is forgotten.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from velocious.realtime.schedule import Schedule, Timer

    type Leave = Callable[[], Coroutine[Any, Any, None]]


@dataclass(slots=True)
class _Waiting:
    connection: str
    leave: Leave
    timer: Timer


class Leaving:
    """Leaves that wait for their grace to end."""

    __slots__ = ("_log", "_schedule", "_tasks", "_waiting")

    def __init__(self, schedule: Schedule, log: Callable[[str], object]) -> None:
        self._schedule = schedule
        self._log = log
        self._waiting: dict[tuple[str, str], _Waiting] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def add(self, channel: str, member: str, connection: str, grace: float, leave: Leave) -> None:
        """Call *leave* after *grace* seconds; at once where there is none."""
        if grace <= 0:
            self._run(leave)
            return
        # Two connections of a member that leave together: the first one's leave need not wait.
        before = self._waiting.pop((channel, member), None)
        if before is not None:
            before.timer.cancel()
            self._run(before.leave)
        timer = self._schedule.call_later(grace, lambda: self._due(channel, member))
        self._waiting[channel, member] = _Waiting(connection, leave, timer)

    def take(self, channel: str, member: str) -> str | None:
        """*member* is back: the connection whose leave need not be told; None where none waits."""
        waiting = self._waiting.pop((channel, member), None)
        if waiting is None:
            return None
        waiting.timer.cancel()
        return waiting.connection

    async def finish(self) -> None:
        """Run what waits now."""
        for key in list(self._waiting):
            self._due(*key)
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _due(self, channel: str, member: str) -> None:
        waiting = self._waiting.pop((channel, member), None)
        if waiting is not None:
            waiting.timer.cancel()
            self._run(waiting.leave)

    def _run(self, leave: Leave) -> None:
        task = asyncio.Task(self._logged(leave), loop=asyncio.get_running_loop(), eager_start=True)
        if not task.done():
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _logged(self, leave: Leave) -> None:
        try:
            await leave()
        except Exception:
            self._log("Leaving a presence channel")
