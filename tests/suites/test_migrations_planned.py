"""Showing the SQL of migrations without running them; and what is odd about them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest

from velocious.errors import MigrationError, PendingMigrationsError
from velocious.migration import Migration, Migrator
from velocious.testing.migrations import ListedMigrations

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.migration import Notice
    from velocious.testing.environment import TestEnvironment


class CreateTasks(Migration):
    async def change(self) -> None:
        async with self.create_table("tasks") as t:
            t.string("name", null=False, index=True)
            t.integer("position")


class ForbidNull(Migration):
    async def change(self) -> None:
        await self.change_column_null("tasks", "position", False, 0)
        await self.add_check_constraint("tasks", "position >= 0")


def migrator(
    configuration: Configuration, *migrations: type[Migration], **options: Any
) -> Migrator:
    return Migrator(configuration, provider=ListedMigrations(migrations), **options)


async def test_a_plan_is_the_sql_that_would_run(environment: TestEnvironment) -> None:
    async with environment.application() as configuration:
        both = migrator(configuration, CreateTasks, ForbidNull)
        created, forbidden = await both.plan()
        assert (created.name, created.direction) == ("create_tasks", "up")
        quote = configuration.database().dialect.quote
        assert created.statements[0].startswith(f"CREATE TABLE {quote('tasks')}")
        assert "CREATE INDEX" in created.statements[1]
        assert any("UPDATE" in statement for statement in forbidden.statements)
        assert any("CHECK" in statement for statement in forbidden.statements)
        assert await configuration.database().table_names() == []
        assert await both.plan(20260101000000) == [created]


async def test_a_plan_knows_the_schema_there_is_and_leaves_it(environment: TestEnvironment) -> None:
    async with environment.application() as configuration:
        await migrator(configuration, CreateTasks).migrate()
        database = configuration.database()
        await database.execute("INSERT INTO tasks (name) VALUES ('one')")
        before = await database.table("tasks")
        both = migrator(configuration, CreateTasks, ForbidNull)
        (planned,) = await both.plan()
        assert planned.statements
        assert await database.table("tasks") == before
        assert await database.fetch("SELECT name, position FROM tasks") == [("one", None)]
        (undone,) = await both.plan(kind="rollback")
        assert undone.direction == "down"
        assert "DROP TABLE" in undone.statements[-1]
        assert [one.state for one in await both.status()] == ["up", "down"]
        assert await both.migrate()
        assert await both.plan() == []


async def test_a_rebuild_of_sqlite_is_shown_as_it_is(environment: TestEnvironment) -> None:
    environment.needs("sqlite_files")
    async with environment.application() as configuration:
        await migrator(configuration, CreateTasks).migrate()
        (planned,) = await migrator(configuration, CreateTasks, ForbidNull).plan()
        text = "\n".join(planned.statements)
        assert 'CREATE TABLE "tasks_new_velocious"' in text
        assert "ALTER TABLE" in text
        assert "DROP TABLE" in text


async def test_a_migration_that_fails_says_so_in_its_plan(environment: TestEnvironment) -> None:
    class Fails(Migration):
        async def change(self) -> None:
            await self.add_index("tasks", "nmae")

    async with environment.application() as configuration:
        with pytest.raises(MigrationError, match="Did you mean 'name'"):
            await migrator(configuration, CreateTasks, Fails).plan()
        assert await configuration.database().table_names() == []


# What is odd


async def edited(configuration: Configuration) -> None:
    await migrator(configuration, CreateTasks).migrate()
    await configuration.database().execute("UPDATE schema_migrations SET checksum = 'other'")


async def test_an_edited_migration_is_told_of_when_migrating(environment: TestEnvironment) -> None:
    told: list[Notice] = []
    async with environment.application() as configuration:
        await edited(configuration)
        both = migrator(configuration, CreateTasks, ForbidNull, on_notice=told.append)
        await both.migrate()
    (notice,) = told
    assert notice.kind == "edited"
    assert "20260101000000_create_tasks.py has been edited since it ran" in notice.text


async def test_strictly_an_edited_migration_stops_all(environment: TestEnvironment) -> None:
    async with environment.application() as configuration:
        await edited(configuration)
        both = migrator(configuration, CreateTasks, ForbidNull)
        with pytest.raises(MigrationError, match=r"strict.*create_tasks.py has been edited"):
            await both.migrate(strict=True)
        assert [one.state for one in await both.status()] == ["up", "down"]


async def test_a_migration_out_of_order_runs_and_is_told_of(
    environment: TestEnvironment, caplog: pytest.LogCaptureFixture
) -> None:
    class First(Migration):
        async def change(self) -> None:
            async with self.create_table("firsts") as t:
                t.string("name")

    class Nothing(First): ...

    async with environment.application() as configuration:
        both = migrator(configuration, Nothing, CreateTasks)
        await both.up("20260101000001")
        assert [one.out_of_order for one in await both.status()] == [True, False]
        with caplog.at_level(logging.WARNING, "velocious.migration"):
            await both.migrate()
        assert "although newer ones have" in caplog.text
        assert "firsts" in await configuration.database().table_names()


# One at a time


async def test_one_migration_is_run_and_undone_alone(environment: TestEnvironment) -> None:
    class Firsts(Migration):
        async def change(self) -> None:
            async with self.create_table("firsts") as t:
                t.string("name")

    async with environment.application() as configuration:
        all_of_them = migrator(configuration, Firsts, CreateTasks)
        await all_of_them.migrate()
        (done,) = await all_of_them.down(20260101000000)
        assert (done.name, done.direction) == ("firsts", "down")
        assert await all_of_them.down(20260101000000) == []
        assert "tasks" in await configuration.database().table_names()
        assert len(await all_of_them.up(20260101000000)) == 1
        assert await all_of_them.up(20260101000000) == []
        with pytest.raises(MigrationError, match="There is no migration with the version '5'"):
            await all_of_them.up(5)


async def test_what_is_pending_can_be_required(environment: TestEnvironment) -> None:
    async with environment.application() as configuration:
        both = migrator(configuration, CreateTasks, ForbidNull)
        await both.migrate(20260101000000)
        with pytest.raises(PendingMigrationsError, match="1 migration has not run yet") as caught:
            await both.require_current()
        assert caught.value.names == ("20260101000001_forbid_null.py",)
        await both.migrate()
        await both.require_current()


async def test_who_waits_too_long_for_another_is_told_so(environment: TestEnvironment) -> None:
    async with environment.application() as configuration:
        waiting = migrator(configuration, CreateTasks, lock_timeout=0.05)
        async with configuration.database().advisory_lock("velocious migrations"):
            # The lock is this task's own here, as another program's would be there.
            import asyncio

            with pytest.raises(MigrationError, match="Somebody else has been migrating"):
                await asyncio.create_task(waiting.migrate())
        # A browser lets go of a lock in its own time.
        patient = migrator(configuration, CreateTasks)
        assert len(await patient.migrate()) == 1
