"""Asking whether a database is current, without loading migrations."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import pytest

from velocious.migration import Migration, Migrator, is_current
from velocious.testing.migrations import ListedMigrations

if TYPE_CHECKING:
    from velocious.testing.environment import TestEnvironment


class CreateTasks(Migration):
    async def up(self) -> None:
        async with self.create_table("tasks") as t:
            t.string("name")


class CreateLogs(Migration):
    on_databases = ("logs",)

    async def up(self) -> None:
        async with self.create_table("entries") as t:
            t.text("line")


class Unloadable(ListedMigrations):
    """Knows its versions, and must not be asked for more."""

    def sources(self) -> NoReturn:
        raise AssertionError("a migration was loaded")


async def test_a_database_is_current_once_every_migration_has_run(
    environment: TestEnvironment,
) -> None:
    one, both = ListedMigrations([CreateTasks]), ListedMigrations([CreateTasks, CreateTasks])
    async with environment.application() as configuration:
        assert await is_current(configuration, provider=ListedMigrations([]))
        assert not await is_current(configuration, provider=one)
        await Migrator(configuration, provider=one).migrate()
        assert await is_current(configuration, provider=one)
        assert not await is_current(configuration, provider=both), "a new migration was missed"


async def test_a_current_database_loads_no_migration(environment: TestEnvironment) -> None:
    async with environment.application() as configuration:
        await Migrator(configuration, provider=ListedMigrations([CreateTasks])).migrate()
        assert await is_current(configuration, provider=Unloadable([CreateTasks]))
        with pytest.raises(AssertionError, match="was loaded"):
            await is_current(configuration, provider=Unloadable([CreateTasks, CreateLogs]))


async def test_a_migration_for_one_database_is_not_missed_by_another(
    environment: TestEnvironment,
) -> None:
    provider = ListedMigrations([CreateTasks, CreateLogs])
    async with environment.directory() as directory:
        databases = {name: f"sqlite:///{directory}/{name}.sqlite3" for name in ("default", "logs")}
        async with environment.application(databases=databases) as configuration:
            await Migrator(configuration, "default", provider=provider).migrate()
            assert not await is_current(configuration, provider=provider)
            await Migrator(configuration, provider=provider).migrate()
            assert await is_current(configuration, provider=provider)


async def test_a_database_without_migrations_is_not_asked(environment: TestEnvironment) -> None:
    async with environment.directory() as directory:
        databases = {"default": {"url": f"sqlite:///{directory}/x.sqlite3", "migrations": False}}
        async with environment.application(databases=databases) as configuration:
            assert await is_current(configuration, provider=Unloadable([CreateTasks]))
