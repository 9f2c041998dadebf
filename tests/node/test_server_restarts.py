"""A database server that dies and comes back while an application works: nothing acknowledged is
lost, nothing is stored twice, and the application goes on without being told.
"""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import pytest

from tests.node.own_server import OwnServer, own_mariadb, own_postgresql
from velocious import Configuration
from velocious.errors import DatabaseUnavailableError
from velocious.migration import Migration, Migrator
from velocious.record import Record
from velocious.testing.migrations import ListedMigrations
from velocious_node import NodeEnvironmentHandler

if TYPE_CHECKING:
    from collections.abc import Callable

    from velocious.record import Attribute

WRITERS = 6
RESTARTS = 2

type Own = Callable[[], AbstractContextManager[OwnServer]]


class CreateEntries(Migration):
    async def up(self) -> None:
        async with self.create_table("entries") as t:
            t.string("name", null=False, unique=True)


class Entry(Record):
    name: Attribute[str]


class Writers:
    """Tasks that write entries one after another, and note which were acknowledged."""

    def __init__(self) -> None:
        self.acknowledged: list[str] = []
        self.refused: list[str] = []
        self.reads = 0
        self._wanted = 0
        self._enough = asyncio.Event()
        self._stopped = False

    async def write(self, writer: int) -> None:
        number = 0
        while not self._stopped:
            number += 1
            name = f"{writer}-{number}"
            try:
                async with Entry.transaction():
                    await Entry.create(name=name)
            except DatabaseUnavailableError:
                self.refused.append(name)
                await asyncio.sleep(0.05)
            else:
                self.acknowledged.append(name)
                if len(self.acknowledged) >= self._wanted:
                    self._enough.set()

    async def read(self) -> None:
        while not self._stopped:
            try:
                await Entry.count()
            except DatabaseUnavailableError:
                await asyncio.sleep(0.05)
            else:
                self.reads += 1
            await asyncio.sleep(0.01)

    async def more(self, count: int) -> None:
        """Wait until *count* more entries were acknowledged."""
        self._wanted = len(self.acknowledged) + count
        self._enough.clear()
        async with asyncio.timeout(30):
            await self._enough.wait()

    def stop(self) -> None:
        self._stopped = True


@pytest.mark.parametrize("own", [own_postgresql, own_mariadb])
async def test_a_server_that_is_killed_and_started_again_loses_nothing_acknowledged(
    own: Own,
) -> None:
    with own() as server:
        writers = Writers()
        async with _application(server), asyncio.TaskGroup() as tasks:
            for number in range(WRITERS):
                tasks.create_task(writers.write(number))
            tasks.create_task(writers.read())
            try:
                for _ in range(RESTARTS):
                    await writers.more(50)
                    await asyncio.to_thread(server.kill)
                    await asyncio.sleep(0.2)
                    await asyncio.to_thread(server.start)
                await writers.more(50)
            finally:
                writers.stop()
        async with _application(server):
            stored = await Entry.order("id").pluck("name")
        assert len(stored) == len(set(stored))
        assert set(writers.acknowledged) <= set(stored)
        # What was refused may have been stored: the answer was lost. Nothing else may be there.
        assert set(stored) <= {*writers.acknowledged, *writers.refused}
        assert writers.refused, "the server was never away"
        assert writers.reads > 0


def _application(server: OwnServer) -> _Application:
    return _Application(server.url)


class _Application:
    """The application on a server, its database and tables made where they are missing."""

    def __init__(self, url: str) -> None:
        self._options = {
            "environment_handler": NodeEnvironmentHandler(),
            "environment": "test",
            "databases": {"default": {"url": url, "pool": {"maximum": 4, "timeout": 2.0}}},
        }
        self._configuration: Configuration | None = None

    async def __aenter__(self) -> Configuration:
        async with Configuration(**self._options) as preparing:  # pyright: ignore[reportArgumentType]
            await preparing.database().create()
            await Migrator(preparing, provider=ListedMigrations([CreateEntries])).migrate()
        self._configuration = Configuration(models=[Entry], **self._options)  # pyright: ignore[reportArgumentType]
        return await self._configuration.__aenter__()

    async def __aexit__(self, *raised: object) -> None:
        assert self._configuration is not None
        await self._configuration.__aexit__(*raised)
