"""How a server's event loop does several things at once with what can only block: in threads."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from benchmarks.orm.workloads import AT_ONCE, FINDS_EACH, THREADS

if TYPE_CHECKING:
    from collections.abc import Callable


def keys_of(job: int) -> range:
    """The primary keys that the job with this number looks up."""
    return range(job * FINDS_EACH + 1, (job + 1) * FINDS_EACH + 1)


class Jobs:
    """An event loop with some threads, which start with the first work and stay."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS)
        self._runner = asyncio.Runner()

    def run(self, finds: Callable[[range], int]) -> int:
        """Call *finds* with the keys of each job in a thread; the sum of what it returns."""
        return self._runner.run(self._run(finds))

    async def _run(self, finds: Callable[[range], int]) -> int:
        loop = asyncio.get_running_loop()

        async def job(number: int) -> int:
            return await loop.run_in_executor(self._threads, finds, keys_of(number))

        async with asyncio.TaskGroup() as group:
            jobs = [group.create_task(job(number)) for number in range(AT_ONCE)]
        return sum(one.result() for one in jobs)

    def close(self) -> None:
        self._threads.shutdown()
        self._runner.close()
