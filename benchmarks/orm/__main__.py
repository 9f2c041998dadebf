"""Records beside raw sqlite3 and other ORMs: ``python -m benchmarks.orm [workload …]``."""

from __future__ import annotations

import argparse
import tempfile
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.orm.measuring import Contest
from benchmarks.orm.report import CLOCKS, table
from benchmarks.orm.workloads import ALL

if TYPE_CHECKING:
    from benchmarks.orm.workloads import Side, Workload

#: Name on the command line → (module, class). Raw is what the others are compared with.
SIDES = {
    "raw": ("raw_side", "RawSide"),
    "velocious": ("velocious_side", "VelociousSide"),
    "peewee": ("peewee_side", "PeeweeSide"),
    "sqlalchemy": ("sqlalchemy_side", "SqlalchemySide"),
    "django": ("django_side", "DjangoSide"),
    "pony": ("pony_side", "PonySide"),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.orm", description=__doc__)
    names = [workload.name for workload in ALL]
    parser.add_argument("workloads", nargs="*", help=f"of {', '.join(names)}; all without any")
    parser.add_argument("--rounds", type=int, default=9, help="rounds that are measured")
    parser.add_argument("--only", nargs="+", choices=[*SIDES][1:], help="beside raw, these alone")
    parser.add_argument(
        "--clock",
        choices=CLOCKS,
        default=CLOCKS[0],
        help="the processor's is the steadier one beside other programs",
    )
    given = parser.parse_args()
    unknown = set(given.workloads) - set(names)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    chosen = [one for one in ALL if not given.workloads or one.name in given.workloads]
    sides = [_side(name) for name in ("raw", *(given.only or [*SIDES][1:]))]
    run(chosen, sides, given.rounds, given.clock)


def run(chosen: list[Workload], sides: list[Side], rounds: int, clock: str) -> None:
    """Check the sides, measure them and print the table."""
    with tempfile.TemporaryDirectory() as directory:
        contest = Contest(sides, Path(directory))
        contest.check(chosen)
        print("Every side executed the statements of each workload, with the same outcome.\n")
        measured = contest.measure(chosen, rounds)
    print("\n".join(table(chosen, measured, [side.name for side in sides], clock)))


def _side(name: str) -> Side:
    # Imported late: Django sets itself up when it is imported.
    module, kind = SIDES[name]
    return getattr(import_module(f"benchmarks.orm.{module}"), kind)()


if __name__ == "__main__":
    main()
