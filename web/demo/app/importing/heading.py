"""The first row of a file: which column holds what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from velocious.errors import VelociousError, suggestion

if TYPE_CHECKING:
    from app.importing.rows import Row

NEEDED = ("project", "name")
KNOWN = (*NEEDED, "done", "due_on", "reference")


class ImportFormatError(VelociousError):
    """The file is not a list of tasks."""

    code = "import_format"
    safe_to_expose = True


@dataclass(frozen=True, slots=True)
class Heading:
    """The columns by name."""

    columns: dict[str, int]
    width: int
    ignored: list[str]

    def value(self, row: Row, column: str) -> str:
        """A row's text in *column*; empty where the file has no such column."""
        index = self.columns.get(column)
        return "" if index is None else row.values[index].strip()


def read_heading(row: Row | None) -> Heading:
    """The columns that the first row names.

    Raises:
        ImportFormatError: one that is needed is missing.
    """
    if row is None or row.problem:
        reason = f"its first line is no CSV: {row.problem}" if row else "it is empty."
        raise ImportFormatError(
            f"The file has no heading, for {reason} "
            f"The first line must name the columns: {','.join(KNOWN)}."
        )
    names = [value.strip().lower() for value in row.values]
    for needed in NEEDED:
        if needed not in names:
            raise ImportFormatError(
                f"The file has the columns {names!r}, but none called {needed!r}. "
                f"{suggestion(needed, names)} Its first line must name the columns: "
                f"{','.join(KNOWN)}."
            )
    columns = {name: names.index(name) for name in KNOWN if name in names}
    return Heading(columns, len(names), [name for name in names if name not in KNOWN])
