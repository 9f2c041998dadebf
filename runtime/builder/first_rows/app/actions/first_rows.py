"""What a page calls."""

from __future__ import annotations

from app.models.task import Task

from velocious.live import live
from velocious_browser.actions import action


@action("first_rows.fill")
async def fill() -> None:
    await Task.create(name="Read")
    await Task.insert_multiple(["name", "done"], [["Write", False]])


@action("first_rows.follow")
async def follow() -> None:
    """Never called: a page that follows its rows imports this before it shows any."""
    live(read, print)


@action("first_rows.read")
async def read() -> list[dict[str, object]]:
    return [task.attributes() for task in await Task.where(done=False).order("id").to_list()]
