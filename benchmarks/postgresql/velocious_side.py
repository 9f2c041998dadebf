"""Velocious, through its public API, validations included."""

from __future__ import annotations

import asyncio

from benchmarks.postgresql.work import (
    CLEAR,
    COLUMNS,
    CONNECTIONS,
    CREATES,
    FINDS,
    FINDS_EACH,
    TABLE,
    TASKS,
    rows,
    url_of,
)
from velocious import Configuration
from velocious.record import Attribute, Record, validates
from velocious_node import NodeEnvironmentHandler


class Task(Record):
    project_id: Attribute[int | None]
    name: Attribute[str]
    position: Attribute[int]
    validations = [validates("name", presence=True, length={"maximum": 255})]


class VelociousSide:
    name = "Velocious"

    async def open(self, database: str) -> None:
        self.configuration = Configuration(
            environment_handler=NodeEnvironmentHandler(),
            directory=None,
            databases={"default": {"url": url_of(database), "pool": CONNECTIONS}},
            models=[Task],
            log_level="warning",
        )
        await self.configuration.initialize()
        await self.configuration.database().execute_script(TABLE)
        self.configuration.database().forget_schema()

    async def close(self) -> None:
        await self.configuration.close()

    async def clear(self) -> None:
        await self.configuration.database().execute(CLEAR)

    async def insert_multiple(self) -> int:
        return (await Task.insert_multiple(COLUMNS, ROWS)).inserted

    async def hydrate(self) -> int:
        total = 0
        for task in await Task.to_list():
            task.project_id, task.name
            total += task.position
        return total

    async def find(self) -> int:
        total = 0
        for key in range(1, FINDS + 1):
            total += (await Task.find(key)).position
        return total

    async def many_finds(self) -> int:
        async def finds(task: int) -> int:
            total = 0
            for number in range(FINDS_EACH):
                total += (await Task.find(task * FINDS_EACH + number + 1)).position
            return total

        return sum(await asyncio.gather(*map(finds, range(TASKS))))

    async def create(self) -> int:
        last = 0
        async with Task.transaction():
            for i in range(CREATES):
                task = await Task.create(
                    project_id=1, name=f"task {i}", notes="notes", done=False, position=i
                )
                last = task.primary_key_value()
        return last

    async def count(self) -> int:
        return await Task.count()


ROWS = rows()
