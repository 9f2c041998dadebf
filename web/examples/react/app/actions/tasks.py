"""What the page may ask of Python."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from app.models.task import Task

from velocious_browser.actions import action


@action("tasks.list")
async def list_tasks(shown: str) -> dict[str, Any]:
    """The tasks, and how many of them are open."""
    tasks = Task.order("id")
    if shown == "open":
        tasks = tasks.where(done_at=None)
    return {"tasks": await tasks.to_list(), "open": await Task.where(done_at=None).count()}


@action("tasks.add")
async def add(name: str) -> Task:
    return await Task.create(name=name)


@action("tasks.tick")
async def tick(id: int, done: bool) -> None:
    task = await Task.find(id)
    await task.update(done_at=datetime.now(UTC) if done else None)


@action("tasks.remove")
async def remove(id: int) -> None:
    task = await Task.find(id)
    await task.destroy()
