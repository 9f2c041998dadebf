"""Running blocking work in a few threads, and stopping it.

Law: whoever awaits work in a thread gets control back only when the thread is done with it,
cancelled or not, so that a connection is never used twice at a time.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_REPEAT_STOP = 0.02


class Threads:
    """A small pool of threads, which start when they are first needed."""

    def __init__(self, count: int, name: str) -> None:
        self._executor = ThreadPoolExecutor(count, thread_name_prefix=name)

    async def run[ResultT](
        self, operation: Callable[[], ResultT], stop: Callable[[], None] | None = None
    ) -> ResultT:
        """Run *operation* in a thread. A cancellation calls *stop*, then waits for the end.

        Without *stop* the operation is finished first. If it fails, its error is raised; otherwise
        the cancellation is.
        """
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(self._executor, operation)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            await _settle(future, stop)
            if stop is None:
                future.result()
            raise

    def close(self) -> None:
        """Let the threads end after the work they have."""
        self._executor.shutdown(wait=False)


async def _settle[ResultT](
    future: asyncio.Future[ResultT], stop: Callable[[], None] | None
) -> None:
    """Wait for the end of *future*, through more cancellations."""
    while not future.done():
        # Again and again, because stopping does nothing between two steps of the work.
        if stop is not None:
            stop()
        try:
            await asyncio.wait((future,), timeout=None if stop is None else _REPEAT_STOP)
        except asyncio.CancelledError:
            continue
    # Asked for, so that nobody reports an error that stopping has caused.
    future.exception()
