"""What the page calls."""

from __future__ import annotations

from app.models.task import Task

from velocious.configuration import Configuration
from velocious_browser.actions import action

ROWS = 20


@action("tasks.first")
async def first() -> list[str]:
    """The names of the first rows."""
    return [task.name for task in await Task.order("id").limit(ROWS).to_list()]


@action("tasks.fill")
async def fill() -> None:
    """Make the table and its rows, as the first visit of an application does."""
    from velocious.migration.migrator import Migrator

    await Migrator(Configuration.current()).migrate()
    # All at once, as bare Pyodide does it.
    await Task.insert_multiple(["name"], [[f"Task {number}"] for number in range(ROWS)])
