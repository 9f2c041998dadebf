"""Processes that are killed in the middle of a migration."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from velocious.configuration import Configuration
from velocious.errors import InterruptedMigrationError, MigrationError
from velocious.migration import Migration, Migrator
from velocious.testing.environment import environment_called
from velocious.testing.migrations import ListedMigrations
from velocious_node import NodeEnvironmentHandler

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

PLACES = ("node-sqlite", "node-postgresql", "node-mariadb")

PROGRAM = """
import asyncio, os, signal, sys
from tests.node.test_migrations_killed import CreateTasks, Half, configuration_for, migrator

die = lambda: os.kill(os.getpid(), signal.SIGKILL)

async def main():
    url, bare, end = sys.argv[1], sys.argv[2] == "bare", sys.argv[3]
    async with configuration_for(url) as configuration:
        class Dying(Half):
            disable_transaction = bare
            async def between(self):
                if end == "die":
                    die()
                print("between", flush=True)
                await asyncio.sleep(60)
        Dying.__name__ = "Half"
        await migrator(configuration, CreateTasks, Dying).migrate()

asyncio.run(main())
"""


class CreateTasks(Migration):
    async def change(self) -> None:
        async with self.create_table("tasks") as t:
            t.string("name", null=False)
            t.integer("position")
        await self.up_only(lambda: self.execute("INSERT INTO tasks (name) VALUES ('one')"))


class Half(Migration):
    async def up(self) -> None:
        await self.add_column("tasks", "first", "string")
        await self.change_column_null("tasks", "position", False, 0)
        await self.between()
        await self.add_column("tasks", "last", "string")

    async def down(self) -> None:
        await self.remove_columns("tasks", "first", "last")

    async def between(self) -> None:
        """Where the killed process ends."""


class BareHalf(Half):
    disable_transaction = True


def configuration_for(url: str) -> Configuration:
    return Configuration(
        environment_handler=NodeEnvironmentHandler(),
        environment="test",
        databases={"default": url},
    )


def migrator(configuration: Configuration, *migrations: type[Migration]) -> Migrator:
    return Migrator(configuration, provider=ListedMigrations(migrations))


def killed(program: str, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


@contextlib.asynccontextmanager
async def prepared(place: str, tmp_path: Path) -> AsyncGenerator[tuple[str, Configuration]]:
    async with environment_called(place).databases.fresh(str(tmp_path)) as settings:
        url = settings if isinstance(settings, str) else settings["url"]
        async with configuration_for(url) as configuration:
            await migrator(configuration, CreateTasks).migrate()
            # Nothing of this process may stand in the way of the other one.
            await configuration.database().close()
            yield url, configuration


async def columns(configuration: Configuration) -> list[str]:
    configuration.database().forget_schema()
    return [one.name for one in (await configuration.database().table("tasks")).columns]


@pytest.mark.parametrize("place", PLACES)
async def test_a_killed_migration_leaves_the_schema_before_it_or_says_where_it_was(
    tmp_path: Path, place: str
) -> None:
    async with prepared(place, tmp_path) as (url, configuration):
        killed(PROGRAM, url, "whole", "die")
        again = migrator(configuration, CreateTasks, Half)
        if configuration.database().capabilities.transactional_ddl:
            assert await columns(configuration) == ["id", "name", "position"]
            assert len(await again.migrate()) == 1
        else:
            with pytest.raises(InterruptedMigrationError, match="its process was killed"):
                await again.migrate()
            assert await columns(configuration) == ["id", "name", "position", "first"]
            await again.resolve("20260101000001", applied=True)
            assert await again.migrate() == []


@pytest.mark.parametrize("place", PLACES)
async def test_a_migration_without_a_transaction_that_was_killed_is_resolved_by_a_person(
    tmp_path: Path, place: str
) -> None:
    async with prepared(place, tmp_path) as (url, configuration):
        killed(PROGRAM, url, "bare", "die")
        again = migrator(configuration, CreateTasks, BareHalf)
        with pytest.raises(InterruptedMigrationError) as caught:
            await again.migrate()
        assert caught.value.version == "20260101000001"
        assert "change_column_null('tasks', 'position', False" in caught.value.statement
        message = str(caught.value)
        assert "20260101000001_half.py was being run" in message
        assert "velocious db:migrate:resolve 20260101000001 --applied" in message
        assert [one.state for one in await again.status()] == ["up", "interrupted"]
        with pytest.raises(MigrationError, match="20260101000000 was not interrupted"):
            await again.resolve("20260101000000", applied=True)

        await configuration.database().execute("ALTER TABLE tasks DROP COLUMN first")
        await again.resolve("20260101000001", applied=False)
        assert [one.state for one in await again.status()] == ["up", "down"]
        assert len(await again.migrate()) == 1
        assert await columns(configuration) == ["id", "name", "position", "first", "last"]


class Fill(Migration):
    disable_transaction = True
    resumable = True
    seen: list[int] = []

    async def up(self) -> None:
        async for batch in self.in_batches("tasks", size=2):
            type(self).seen.append(len(batch.keys))
            await batch.update({"position": 1})
            await self.after_batch()

    async def after_batch(self) -> None:
        """Where the killed process ends, at its third."""


RESUMED = """
import asyncio, os, signal, sys
from tests.node.test_migrations_killed import CreateTasks, Fill, configuration_for, migrator

async def main():
    async with configuration_for(sys.argv[1]) as configuration:
        class Dying(Fill):
            async def after_batch(self):
                if len(self.seen) == 3:
                    os.kill(os.getpid(), signal.SIGKILL)
        Dying.__name__ = "Fill"
        await migrator(configuration, CreateTasks, Dying).migrate()

asyncio.run(main())
"""


@pytest.mark.parametrize("place", PLACES)
async def test_a_resumable_migration_goes_on_behind_its_last_batch(
    tmp_path: Path, place: str
) -> None:
    async with prepared(place, tmp_path) as (url, configuration):
        values = ", ".join("('more')" for _ in range(9))
        await configuration.database().execute(f"INSERT INTO tasks (name) VALUES {values}")
        await configuration.database().close()
        killed(RESUMED, url)
        filled = "SELECT count(*) FROM tasks WHERE position = 1"
        assert await configuration.database().fetch(filled) == [(4,)]
        Fill.seen.clear()
        assert len(await migrator(configuration, CreateTasks, Fill).migrate()) == 1
        assert Fill.seen == [2, 2, 2]
        assert await configuration.database().fetch(filled) == [(10,)]


async def test_the_second_process_waits_for_the_first_and_finds_nothing_to_do(
    tmp_path: Path,
) -> None:
    async with prepared("node-sqlite", tmp_path) as (url, configuration):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", PROGRAM, url, "whole", "wait"),
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert process.stdout is not None
        assert await process.stdout.readline() == b"between\n"
        impatient = Migrator(
            configuration, provider=ListedMigrations([CreateTasks, Half]), lock_timeout=0.2
        )
        with pytest.raises(MigrationError, match="Somebody else has been migrating"):
            await impatient.migrate()
        waiting = asyncio.create_task(migrator(configuration, CreateTasks, Half).migrate())
        await asyncio.sleep(0.1)
        assert not waiting.done()
        process.kill()
        await process.wait()
        # The first one was killed: the second does what was left.
        assert [event.name for event in await waiting] == ["half"]
