"""Rows as text: lined up, as CSV, or as JSON.

Law: what a database holds never reaches a terminal as control characters.
"""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from velocious.cli.table import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.database.driver import Row

FORMATS = ("table", "csv", "json")


def rows_text(format: str, names: Sequence[str], rows: Sequence[Row]) -> str:
    """*rows* with their columns' *names*, as one of FORMATS."""
    match format:
        case "csv":
            return _csv(names, rows)
        case "json":
            return _json(names, rows)
        case _:
            lines = table(list(map(_visible, names)), [list(map(_shown, row)) for row in rows])
            lines.insert(1, "-" * max(map(len, lines)))
            count = f"({len(rows):,} row{'' if len(rows) == 1 else 's'})"
            return "\n".join([*lines, count])


def _csv(names: Sequence[str], rows: Sequence[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(["" if value is None else _plain(value) for value in row] for row in rows)
    return text.getvalue().rstrip("\n")


def _json(names: Sequence[str], rows: Sequence[Row]) -> str:
    objects = (dict(zip(names, row, strict=True)) for row in rows)
    lines = [json.dumps(one, ensure_ascii=False, default=_plain) for one in objects]
    return "[" + ",\n ".join(lines) + "]"


def _shown(value: Any) -> str:
    return "NULL" if value is None else _visible(str(_plain(value)))


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return f"x'{value.hex()}'"
    return value if isinstance(value, str | int | float) else str(value)


def _visible(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in text
    )
