"""What became of the rows of a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not imported: where it is in the file, and why.

    Attributes:
        row: counted as spreadsheets do; the heading is row 1.
        line: where the row begins, as editors count.
    """

    row: int
    line: int
    reason: str

    def __str__(self) -> str:
        place = f"row {self.row}" if self.row == self.line else f"row {self.row} (line {self.line})"
        return f"{place}: {self.reason}"


@dataclass(slots=True)
class Report:
    """What became of all of them.

    Attributes:
        added: tasks that are new.
        present: rows whose tasks had been imported before.
        projects: projects that are new.
        refused: rows that were left out, in the order of the file.
        ignored: columns of the file that the board has no use for.
    """

    added: int = 0
    present: int = 0
    projects: int = 0
    refused: list[Refusal] = field(default_factory=list[Refusal])
    ignored: list[str] = field(default_factory=list[str])

    def refuse(self, row: int, line: int, reason: str) -> None:
        self.refused.append(Refusal(row, line, reason))

    def summary(self) -> str:
        """A sentence about it."""
        return (
            f"{self.added:,} tasks and {self.projects:,} projects added, "
            f"{self.present:,} were there already, {len(self.refused):,} rows refused."
        )

    def to_data(self) -> dict[str, Any]:
        """For the page."""
        return {
            "added": self.added,
            "present": self.present,
            "projects": self.projects,
            "ignored": self.ignored,
            "refused": [
                {"row": one.row, "line": one.line, "reason": one.reason} for one in self.refused
            ],
        }
