"""Velocious, through its public API, validations included."""

from __future__ import annotations

import asyncio
from pathlib import Path

from benchmarks.orm.work import COLUMNS, CREATES, FINDS, TABLE, rows
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

    def open(self, path: str) -> None:
        self.runner = asyncio.Runner()
        self.configuration = Configuration(
            environment_handler=NodeEnvironmentHandler(),
            directory=None,
            databases={"default": f"sqlite:///{Path(path).absolute()}"},
            models=[Task],
            log_level="warning",
        )
        self.runner.run(self._open())

    async def _open(self) -> None:
        await self.configuration.initialize()
        database = self.configuration.database()
        await database.execute_script(TABLE)
        database.forget_schema()

    def close(self) -> None:
        self.runner.run(self.configuration.close())
        self.runner.close()

    def clear(self) -> None:
        self.runner.run(self._clear())

    async def _clear(self) -> None:
        database = self.configuration.database()
        await database.execute("DELETE FROM tasks", unbounded=True)
        await database.execute("DELETE FROM sqlite_sequence")

    def insert_multiple(self) -> int:
        return self.runner.run(Task.insert_multiple(COLUMNS, ROWS)).inserted

    def hydrate(self) -> int:
        return self.runner.run(self._hydrate())

    async def _hydrate(self) -> int:
        total = 0
        for task in await Task.to_list():
            task.project_id, task.name
            total += task.position
        return total

    def find(self) -> int:
        return self.runner.run(self._find())

    async def _find(self) -> int:
        total = 0
        for key in range(1, FINDS + 1):
            total += (await Task.find(key)).position
        return total

    def create(self) -> int:
        return self.runner.run(self._create())

    async def _create(self) -> int:
        last = 0
        async with Task.transaction():
            for i in range(CREATES):
                task = await Task.create(
                    project_id=1, name=f"task {i}", notes="notes", done=False, position=i
                )
                last = task.primary_key_value()
        return last

    def count(self) -> int:
        return self.runner.run(Task.count())


ROWS = rows()
