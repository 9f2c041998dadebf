"""Fills the board with example tasks: imports ``app/db/seeds/tasks.csv``.

The file is made when it is not there: to try one of your own, put it in its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.db.seeds.generate import generate
from app.importing import import_tasks

if TYPE_CHECKING:
    from app.importing import Report

    from velocious.configuration import Configuration
    from velocious.progress import Progress

CSV = "app/db/seeds/tasks.csv"
#: So many refused rows are named; the rest is counted.
NAMED = 50


async def seed(configuration: Configuration, progress: Progress) -> None:
    """Import the example tasks, and say what became of them."""
    if not configuration.files.exists(CSV):
        configuration.files.write_text(CSV, generate())
    report = await import_tasks(configuration.files.read_text(CSV), progress)
    print(describe(report))  # noqa: T201 - a command shows what its code prints


def describe(report: Report) -> str:
    """The report as text, refused rows line by line."""
    lines = [report.summary()]
    lines += [f"  refused {refusal}" for refusal in report.refused[:NAMED]]
    if len(report.refused) > NAMED:
        lines.append(f"  … and {len(report.refused) - NAMED:,} more.")
    return "\n".join(lines)
