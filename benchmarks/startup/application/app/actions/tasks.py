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
    """What a visit before the measured ones left behind."""
    from velocious.migration.migrator import Migrator

    await Migrator(Configuration.current()).migrate()
    for number in range(ROWS):
        await Task.create(name=f"Task {number}")
