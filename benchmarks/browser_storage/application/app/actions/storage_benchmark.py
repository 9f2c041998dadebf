"""What the page calls."""

from __future__ import annotations

from typing import Any

from benchmarks.browser_storage import work
from velocious.configuration import Configuration
from velocious_browser.actions import action

#: Each side by name, with its database.
_sides: dict[str, tuple[Any, str]] = {}


@action("storage_benchmark.open")
async def open_sides() -> None:
    """Make the databases, which lie in OPFS."""
    files = Configuration.current().files
    raw, ours = (files.absolute(name) for name in ("raw.sqlite3", "velocious.sqlite3"))
    for path in (raw, ours):
        work.make(path)
    # The configuration was opened before there was a table.
    await work.Entry.load_schema()
    _sides["raw"] = work.Raw(raw), raw
    _sides["record"] = work.Records(), ours
    _sides["statements"] = work.Statements(Configuration.current().database()), ours


@action("storage_benchmark.measure")
async def measure(side: str, workload: str, count: int, rows: int) -> list[float]:
    """Milliseconds and the outcome of *workload* over *count* rows, on a table that has *rows*."""
    worker, path = _sides[side]
    work.prepare(path, rows)
    return list(await work.timed(getattr(worker, workload), count))
