"""Prints what was measured."""

from __future__ import annotations

import platform
import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.orm.measuring import Rounds
    from benchmarks.orm.workloads import Workload


def table(
    workloads: Sequence[Workload], measured: dict[str, Rounds], names: list[str]
) -> list[str]:
    """Lines of ratios to the first side of *names*: by the clock on the wall, and for the second
    side by the processor's, too, which other programs disturb less.
    """
    version = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    lines = [
        f"Ratio to raw sqlite3, best of the rounds on the wall ({version}); lower is better.",
        "In brackets: by the time of the processor.",
        "",
        f"{'':46}{'raw ms':>9}" + "".join(f"{name:>13}" for name in names[1:]) + "    aim",
    ]
    for workload in workloads:
        sides = measured[workload.name]
        wall = {name: min(one.wall for one in sides[name]) for name in names}
        processor = {name: min(one.processor for one in sides[name]) for name in names}
        raw, ours = names[:2]
        cells = [f"{wall[ours] / wall[raw]:.2f} ({processor[ours] / processor[raw]:.2f})"]
        cells += [f"{wall[name] / wall[raw]:.2f}" for name in names[2:]]
        ratios = "".join(f"{cell:>13}" for cell in cells)
        lines.append(f"{workload.title:46}{wall[raw] * 1000:>9.2f}{ratios}  ≤ {workload.aim}")
    return lines
