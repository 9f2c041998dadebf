"""``python -m benchmarks.orm`` prints times, and ratios to raw sqlite3 (lower is better)."""

from __future__ import annotations

import gc
import platform
import sqlite3
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from benchmarks.orm.django_side import DjangoSide
from benchmarks.orm.peewee_side import PeeweeSide
from benchmarks.orm.raw_side import RawSide
from benchmarks.orm.sqlalchemy_side import SqlalchemySide
from benchmarks.orm.velocious_side import VelociousSide
from benchmarks.orm.work import CREATES, FINDS, ROWS

if TYPE_CHECKING:
    from benchmarks.orm.work import Side

ROUNDS = 7
#: Workload → (what it is, the ratio that the project aims at).
WORKLOADS = {
    "insert_multiple": (f"insert_multiple, {ROWS:,} rows", 1.5),
    "hydrate": (f"hydrate {ROWS:,} rows, read 3 attributes", 1.6),
    "find": (f"find by primary key, {FINDS:,} times", 3.0),
    "create": (f"create in a transaction, {CREATES:,} times", 6.0),
}


def main() -> None:
    sides: list[Side] = [RawSide(), VelociousSide(), PeeweeSide(), SqlalchemySide(), DjangoSide()]
    with tempfile.TemporaryDirectory() as directory:
        for side in sides:
            side.open(str(Path(directory) / f"{type(side).__name__}.sqlite3"))
        times = {name: measure(sides, name) for name in WORKLOADS}
        for side in sides:
            side.close()
    report(sides, times)


def measure(sides: list[Side], workload: str) -> dict[str, float]:
    """Seconds of each side: the best of ROUNDS rounds, in which the sides take turns."""
    seconds: dict[str, list[float]] = {side.name: [] for side in sides}
    for _ in range(ROUNDS):
        answers = {side.name: timed(side, workload, seconds[side.name]) for side in sides}
        if len(set(answers.values())) != 1:
            raise SystemExit(f"The sides did different work in {workload}: {answers}")
    for side in sides:
        print(f"  {workload:16} {side.name:12} median {median(seconds[side.name]) * 1000:8.1f} ms")
    return {name: min(measured) for name, measured in seconds.items()}


def timed(side: Side, workload: str, seconds: list[float]) -> int:
    """Run one workload once on a table that holds what it needs; returns its checksum."""
    if workload in ("insert_multiple", "create"):
        side.clear()
    elif side.count() != ROWS:
        side.clear()
        side.insert_multiple()
    gc.collect()
    started = perf_counter()
    answer = getattr(side, workload)()
    seconds.append(perf_counter() - started)
    return answer


def report(sides: list[Side], times: dict[str, dict[str, float]]) -> None:
    version = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    print(print(f"\nRatio to raw sqlite3, best of {ROUNDS} rounds ({version}); lower is better\n"))
    names = [side.name for side in sides]
    print(f"{'':44}{'raw ms':>9}" + "".join(f"{name:>12}" for name in names[1:]) + "   aim")
    for workload, (title, aim) in WORKLOADS.items():
        measured = times[workload]
        raw = measured[names[0]]
        ratios = "".join(f"{measured[name] / raw:>12.2f}" for name in names[1:])
        print(f"{title:44}{raw * 1000:>9.1f}{ratios}  ≤ {aim}")


if __name__ == "__main__":
    main()
