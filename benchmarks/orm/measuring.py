"""Runs the sides in turns, and takes the time.

Law: first every side is run while its statements are counted, and its work is compared with the
others'; only then the clock is looked at, on connections that nobody listens to.
"""

from __future__ import annotations

import gc
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.orm import data, statements

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from benchmarks.orm.workloads import Side, Workload


CHECKS = 4


class Seconds(NamedTuple):
    """What one round of a workload took, by the clock on the wall and of the processor."""

    wall: float
    processor: float


type Rounds = dict[str, list[Seconds]]


class Contest:
    """The sides, each with a database of its own below *directory*."""

    def __init__(self, sides: Sequence[Side], directory: Path) -> None:
        self.sides = sides
        self._paths = {side.name: str(directory / f"{side.name}.sqlite3") for side in sides}
        for path in self._paths.values():
            data.make(path)

    def check(self, workloads: Sequence[Workload]) -> None:
        """Exit unless every side executes what each workload says, with the same outcome."""
        with statements.listening() as counted:
            self._open()
            for workload in workloads:
                outcomes = {
                    side.name: self._checked(side, workload, counted) for side in self.sides
                }
                _agree(workload, outcomes)
            self._close()

    def _checked(self, side: Side, workload: Workload, counted: Counter[str]) -> object:
        complaint = None
        # The first time does what is done once only (reading the schema). More are needed where a
        # SELECT turns out to be slow: Velocious stops it and runs it again in a thread.
        for number in range(CHECKS):
            self._prepare(side, workload)
            counted.clear()
            outcome = getattr(side, workload.name)()
            complaint = statements.complaint(workload, counted)
            if number and complaint is None:
                return data.digest(self._paths[side.name]) if workload.writes else outcome
        raise SystemExit(f"{side.name} executed in {workload.name} {complaint}.")

    def measure(self, workloads: Sequence[Workload], rounds: int) -> dict[str, Rounds]:
        """Workload → side → what each of *rounds* took."""
        self._open()
        measured = {workload.name: self._rounds(workload, rounds) for workload in workloads}
        self._close()
        return measured

    def _rounds(self, workload: Workload, rounds: int) -> Rounds:
        measured: Rounds = {side.name: [] for side in self.sides}
        for number in range(rounds + 1):
            outcomes = {}
            for side in self.sides:
                outcomes[side.name], seconds = self._run(side, workload)
                # The first round opens connections and fills caches.
                if number:
                    measured[side.name].append(seconds)
            _agree(workload, outcomes)
        return measured

    def _run(self, side: Side, workload: Workload) -> tuple[object, Seconds]:
        self._prepare(side, workload)
        work = getattr(side, workload.name)
        # What the sides have imported is no garbage of this one's.
        gc.collect()
        gc.freeze()
        processor, wall = process_time(), perf_counter()
        outcome = work()
        seconds = Seconds(perf_counter() - wall, process_time() - processor)
        gc.unfreeze()
        return outcome, seconds

    def _prepare(self, side: Side, workload: Workload) -> None:
        path = self._paths[side.name]
        if workload.on_empty:
            data.clear(path)
        elif data.digest(path) != FILLED:
            data.fill(path)

    def _open(self) -> None:
        for side in self.sides:
            side.open(self._paths[side.name])

    def _close(self) -> None:
        for side in self.sides:
            side.close()


def _agree(workload: Workload, outcomes: dict[str, object]) -> None:
    if len(set(outcomes.values())) != 1:
        raise SystemExit(f"The sides did different work in {workload.name}: {outcomes}")


def _filled() -> tuple[object, ...]:
    rows = data.rows()
    return (
        len(rows),
        1,
        len(rows),
        sum(row[0] for row in rows),
        sum(len(row[1]) for row in rows),
        sum(row[3] for row in rows),
        sum(row[4] for row in rows),
        len(rows),
        0,
    )


#: The digest of a table that is filled and has not been changed.
FILLED = _filled()
