"""A task that wakes every millisecond and remembers how long it was kept from it.

Two clocks, because tests share their machine: *work* is the longest time that the loop's own thread
computed at a stretch, however busy the machine is; *pause* is what a clock on the wall says, less
what this process has waited for a core, where the system counts that.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from time import perf_counter, thread_time
from typing import Self

#: What the loop may compute at a stretch.
MOST_WORK = 0.02
#: What it may be kept waiting in all, on a machine that has other things to do as well.
MOST_PAUSE = 0.25


class Heartbeat:
    """``async with Heartbeat() as heartbeat: …`` and then ``assert heartbeat.steady``."""

    def __init__(self) -> None:
        self.work = 0.0
        self.pause = 0.0

    @property
    def steady(self) -> bool:
        return self.work < MOST_WORK and self.pause < MOST_PAUSE

    def __repr__(self) -> str:
        return f"<Heartbeat work {self.work * 1e3:.1f} ms, pause {self.pause * 1e3:.1f} ms>"

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._beat())
        await asyncio.sleep(0.005)
        self.work = self.pause = 0.0
        self._waited = _waited_for_a_core()
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.sleep(0.005)
        self._task.cancel()
        # No statement of ours is to blame for it: two programs that compute cost a process seconds.
        self.pause = max(0.0, self.pause - max(0.0, _waited_for_a_core() - self._waited))

    async def _beat(self) -> None:
        worked, now = thread_time(), perf_counter()
        while True:
            await asyncio.sleep(0.001)
            self.work = max(self.work, thread_time() - worked)
            self.pause = max(self.pause, perf_counter() - now)
            worked, now = thread_time(), perf_counter()


def _waited_for_a_core() -> float:
    """Seconds, of all threads of this process together; 0 where the system does not count them."""
    waited = 0
    for one in Path("/proc/self/task").glob("*/schedstat"):
        # A thread may have ended meanwhile.
        with suppress(OSError):
            waited += int(one.read_text().split()[1])
    return waited / 1e9
