"""Prints what was measured."""

from __future__ import annotations

import platform
import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.orm.measuring import Rounds
    from benchmarks.orm.workloads import Workload


CLOCKS = ("wall", "processor")


def table(
    workloads: Sequence[Workload], measured: dict[str, Rounds], names: list[str], clock: str
) -> list[str]:
    """Lines of ratios to the first side of *names* by *clock*; for the second side, by the other
    clock, too.
    """
    other = CLOCKS[1 - CLOCKS.index(clock)]
    version = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    lines = [
        f"Ratio to raw sqlite3 ({version}), best of the rounds by the {clock}'s clock; lower is "
        "better.",
        f"In brackets: by the {other}'s.",
        "",
        f"{'':46}{'raw ms':>9}" + "".join(f"{name:>13}" for name in names[1:]) + "    aim",
    ]
    for workload in workloads:
        best = _best(measured[workload.name], clock)
        beside = _best(measured[workload.name], other)
        raw, ours = names[:2]
        cells = [f"{best[ours] / best[raw]:.2f} ({beside[ours] / beside[raw]:.2f})"]
        cells += [f"{best[name] / best[raw]:.2f}" for name in names[2:]]
        ratios = "".join(f"{cell:>13}" for cell in cells)
        lines.append(f"{workload.title:46}{best[raw] * 1000:>9.2f}{ratios}  ≤ {workload.aim}")
    return lines


def _best(rounds: Rounds, clock: str) -> dict[str, float]:
    return {name: min(getattr(one, clock) for one in them) for name, them in rounds.items()}
