"""Reads CSV strictly, row by row; one bad line never ends the file.

Law: a row that is no CSV is reported with its place, and reading goes on with the line after the
one it began in: a quote that nobody closes costs its own line, not the rest.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the file.

    Attributes:
        number: counted from 1, the heading.
        line: the line it begins in.
        values: its fields; empty if there is a problem.
        problem: why it could not be read.
    """

    number: int
    line: int
    values: tuple[str, ...]
    problem: str | None = None


def read_rows(text: str) -> Iterator[Row]:
    """The rows of *text*; empty lines are none."""
    # newline="" splits where CSV does, and keeps a line end inside quotes as it was written.
    lines = list(StringIO(text.removeprefix("\ufeff"), newline=""))
    number, begin = 0, 0
    while begin < len(lines):
        reader = csv.reader(lines[begin:], strict=True)
        first = begin
        try:
            for values in reader:
                if values:
                    number += 1
                    yield Row(number, begin + 1, tuple(values))
                begin = first + reader.line_num
        except csv.Error as error:
            number += 1
            yield Row(number, begin + 1, (), _explain(error))
            begin += 1


def _explain(error: csv.Error) -> str:
    text = str(error)
    if "unexpected end" in text or "field larger" in text:
        return "A quote is opened and never closed. Close it, or write it twice to mean a quote."
    if "expected after" in text:
        return "A quote inside a quoted field is not doubled. Write it twice to mean a quote."
    return f"It is no CSV ({text})."
