"""The models of the benchmark, and its work through the public API, validations included.

Law: nothing here knows where it runs: the server's benchmark and the browser's use it alike.
"""

from __future__ import annotations

import asyncio

from benchmarks.orm.data import COLUMNS, project_name, rows
from benchmarks.orm.workloads import (
    AT_ONCE,
    COUNTS,
    CREATES,
    FINDS,
    FINDS_EACH,
    PRELOADED,
    SEARCHES,
    UPDATES,
)
from velocious.record import Attribute, Record, belongs_to, has_many, validates


class Project(Record):
    id: Attribute[int]
    name: Attribute[str]
    tasks = has_many("Task")


class Task(Record):
    id: Attribute[int]
    project_id: Attribute[int]
    name: Attribute[str]
    position: Attribute[int]
    project = belongs_to("Project")
    validations = [validates("name", presence=True, length={"maximum": 255})]


async def hydrate() -> int:
    total = 0
    for task in await Task.to_list():
        task.id, task.name
        total += task.position
    return total


async def lazy() -> int:
    return len(await Task.to_list())


async def stream() -> int:
    total = 0
    async for task in Task.all():
        total += task.position
    return total


async def preload() -> int:
    total = 0
    for project in await Project.where(Project.id <= PRELOADED).preload("tasks"):
        for task in project.tasks:
            total += task.position
    return total


async def search() -> int:
    total = 0
    for key in range(1, SEARCHES + 1):
        for task in await Task.where(project={"name": project_name(key)}):
            total += task.position
    return total


async def find() -> int:
    total = 0
    for key in range(1, FINDS + 1):
        total += (await Task.find(key)).position
    return total


async def count() -> int:
    total = 0
    for i in range(COUNTS):
        total += await Task.where(project_id=i + 1).count()
    return total


async def pluck() -> int:
    return sum([row[2] for row in await Task.pluck("id", "name", "position")])


async def create() -> int:
    last = 0
    async with Task.transaction():
        for i in range(CREATES):
            task = await Task.create(
                project_id=1, name=f"task {i}", notes="notes", done=False, position=i
            )
            last = task.id
    return last


async def update() -> int:
    changed = 0
    async with Task.transaction():
        for task in await Task.where(Task.id <= UPDATES):
            await task.update(name=f"{task.name} renamed")
            changed += 1
    return changed


async def insert_multiple() -> int:
    return (await Task.insert_multiple(COLUMNS, ROWS)).inserted


async def at_once() -> int:
    async with asyncio.TaskGroup() as group:
        jobs = [group.create_task(_finds(job)) for job in range(AT_ONCE)]
    return sum(job.result() for job in jobs)


async def _finds(job: int) -> int:
    total = 0
    for key in range(job * FINDS_EACH + 1, (job + 1) * FINDS_EACH + 1):
        total += (await Task.find(key)).position
    return total


ROWS = rows()
