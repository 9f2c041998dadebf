"""Raw ``sqlite3`` and Velocious in turns, in whichever Python this is.

Law: the same file runs in the browser and on the server, so that their times can be compared.
"""

from __future__ import annotations

import gc
from inspect import isawaitable
from time import perf_counter
from typing import TYPE_CHECKING, Any

from benchmarks.orm import data, velocious_models
from benchmarks.orm.data import PRAGMAS
from benchmarks.orm.raw_side import RawWork
from benchmarks.orm.workloads import ALL

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.orm.workloads import Workload


class Contest:
    """Two databases with the same rows; Velocious' own lies at *path* for the configuration."""

    def __init__(
        self,
        raw_path: str,
        path: str,
        pragmas: tuple[str, ...] = PRAGMAS,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self._clock = clock
        self._raw = RawWork()
        self._sides: list[tuple[str, Any]] = [(raw_path, self._raw), (path, velocious_models)]
        #: Where the rows are those that fill() put there.
        self._filled: set[str] = set()
        for one in (raw_path, path):
            data.make(one)
        self._raw.open(raw_path, pragmas)

    def close(self) -> None:
        self._raw.close()

    async def measure(self, name: str, rounds: int) -> tuple[float, float]:
        """Milliseconds of raw sqlite3 and of Velocious, each the best of *rounds*."""
        workload = next(one for one in ALL if one.name == name)
        best = [float("inf")] * len(self._sides)
        for number in range(rounds + 1):
            outcomes: set[int] = set()
            for index, (path, side) in enumerate(self._sides):
                self._prepare(path, workload)
                outcome, milliseconds = await _timed(getattr(side, name), self._clock)
                outcomes.add(outcome)
                # The first round fills caches.
                best[index] = min(best[index], milliseconds) if number else best[index]
            if len(outcomes) != 1:
                raise RuntimeError(f"The sides did different work in {name}: {outcomes}.")
        return best[0], best[1]

    def _prepare(self, path: str, workload: Workload) -> None:
        if workload.on_empty:
            data.clear(path)
        elif path not in self._filled:
            data.fill(path)
        (self._filled.discard if workload.writes else self._filled.add)(path)


async def _timed(work: Callable[[], Any], clock: Callable[[], float]) -> tuple[int, float]:
    gc.collect()
    gc.freeze()
    started = clock()
    outcome = work()
    if isawaitable(outcome):
        outcome = await outcome
    milliseconds = (clock() - started) * 1000
    gc.unfreeze()
    return outcome, milliseconds
