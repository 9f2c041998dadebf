"""The threads of sides that can do several things at once only there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from benchmarks.orm.workloads import AT_ONCE, FINDS_EACH, THREADS

if TYPE_CHECKING:
    from collections.abc import Callable


def keys_of(job: int) -> range:
    """The primary keys that the job with this number looks up."""
    return range(job * FINDS_EACH + 1, (job + 1) * FINDS_EACH + 1)


class Jobs:
    """Some threads, which start with the first work and stay."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS)

    def run(self, finds: Callable[[range], int]) -> int:
        """Call *finds* with the keys of each job; the sum of what it returns."""
        return sum(self._threads.map(finds, map(keys_of, range(AT_ONCE))))

    def close(self) -> None:
        self._threads.shutdown()
