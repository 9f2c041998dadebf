"""Imports tasks: projects first, then the tasks in pieces, each piece in a transaction of its own.

Law: what is there already (by its reference) is not imported twice, so an import that was cut off
is simply run again.
"""

from __future__ import annotations

import asyncio
from itertools import islice
from typing import TYPE_CHECKING

from app.importing.heading import read_heading
from app.importing.projects import import_projects
from app.importing.report import Report
from app.importing.rows import read_rows
from app.models.task import Task

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.importing.heading import Heading
    from app.importing.rows import Row

    from velocious.progress import Progress

PIECE = 1000
COLUMNS = ("project_id", "name", "done", "due_on", "position", "reference")


async def import_tasks(text: str, progress: Progress) -> Report:
    """Import the CSV *text*; bad rows are reported and the rest arrives.

    Raises:
        ImportFormatError: the first line does not name the columns.
    """
    report = Report()
    rows = read_rows(text)
    heading = read_heading(next(rows, None))
    report.ignored = heading.ignored
    readable = list(_readable(rows, heading, report))
    importer = await _Importer.start(heading, readable, report)
    with progress.step("Importing tasks", total=len(readable)) as step:
        remaining = iter(readable)
        while piece := list(islice(remaining, PIECE)):
            await importer.add(piece)
            step.advance(len(piece))
            # A long import must not hold up what else wants to run.
            await asyncio.sleep(0)
    report.refused.sort(key=lambda refusal: refusal.row)
    return report


def _readable(rows: Iterator[Row], heading: Heading, report: Report) -> Iterator[Row]:
    for row in rows:
        if row.problem:
            report.refuse(row.number, row.line, row.problem)
        elif len(row.values) != heading.width:
            report.refuse(
                row.number,
                row.line,
                f"It has {len(row.values)} fields, but the heading names {heading.width} columns.",
            )
        else:
            yield row


class _Importer:
    """What is known about projects and tasks while their rows come in."""

    def __init__(self, heading: Heading, report: Report) -> None:
        self.heading = heading
        self.report = report
        self.projects: dict[str, int | str] = {}
        self.positions: dict[int, int] = {}
        self.present: set[str | None] = set()
        self.seen: dict[str, int] = {}

    @classmethod
    async def start(cls, heading: Heading, rows: list[Row], report: Report) -> _Importer:
        importer = cls(heading, report)
        names = dict.fromkeys(heading.value(row, "project") for row in rows)
        importer.projects, report.projects = await import_projects(list(names))
        importer.positions = await Task.group("project_id").maximum("position")
        importer.present = set(await Task.pluck("reference"))
        return importer

    async def add(self, rows: list[Row]) -> None:
        """Insert the tasks of *rows* that are new."""
        kept: list[Row] = []
        values: list[tuple[object, ...]] = []
        for row in rows:
            task = self._task(row)
            if task is not None:
                kept.append(row)
                values.append(task)
        result = await Task.insert_multiple(COLUMNS, values, validate=True, return_results=True)
        self.report.added += result.inserted
        for failed in result.failed:
            row = kept[failed.index]
            self.report.refuse(row.number, row.line, failed.reason.rstrip(".") + ".")

    def _task(self, row: Row) -> tuple[object, ...] | None:
        value = self.heading.value
        name = value(row, "name")
        reference = value(row, "reference") or f"{value(row, 'project')} / {name}"
        project = self.projects[value(row, "project")]
        if isinstance(project, str):
            self.report.refuse(row.number, row.line, project)
        elif reference in self.present:
            self.report.present += 1
        elif reference in self.seen:
            self.report.refuse(
                row.number,
                row.line,
                f"Its reference {reference!r} is that of row {self.seen[reference]}, too. Give "
                "each task its own.",
            )
        else:
            self.seen[reference] = row.number
            position = self.positions[project] = self.positions.get(project, 0) + 1
            done = value(row, "done") or False
            return project, name, done, value(row, "due_on") or None, position, reference
        return None
