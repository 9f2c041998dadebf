"""What the page calls."""

from __future__ import annotations

from benchmarks.browser_orm.contest import Contest
from benchmarks.orm.velocious_models import Project, Task
from velocious.configuration import Configuration
from velocious_browser.actions import action

#: As the browser's databases have it: an acknowledged commit has reached the disk.
PRAGMAS = ("journal_mode=wal", "synchronous=full", "foreign_keys=on")

_contests: list[Contest] = []


@action("benchmark.open")
async def open_contest() -> None:
    """Make the databases, which lie in OPFS."""
    files = Configuration.current().files
    paths = (files.absolute("raw.sqlite3"), files.absolute("velocious.sqlite3"))
    _contests.append(Contest(*paths, PRAGMAS))
    # The configuration was opened before there were tables.
    for model in (Project, Task):
        await model.load_schema()


@action("benchmark.measure")
async def measure(workload: str, rounds: int) -> list[float]:
    """Milliseconds of raw sqlite3 and of Velocious."""
    return list(await _contests[0].measure(workload, rounds))
