"""What every database server's connections do in a pool: the same, whichever server it is."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from velocious import Current
from velocious.configuration import Configuration
from velocious.errors import (
    DatabaseUnavailableError,
    PoolTimeoutError,
    ReadOnlyDatabaseError,
    StatementError,
    TenantSchemaError,
)
from velocious.record import Record
from velocious.testing.environment import apply_schema

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from velocious.database.database import Database
    from velocious.database.pool_statistics import PoolStatistics
    from velocious.record import Attribute
    from velocious.testing.databases import Settings
    from velocious.testing.environment import TestEnvironment

SCHEMA = """
CREATE TABLE notes (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  name VARCHAR(255) NOT NULL
);
"""
#: Dialect → what tells which connection a statement runs on.
WHO_AM_I = {"postgresql": "SELECT pg_backend_pid()", "mysql": "SELECT connection_id()"}
#: Dialect → writes that do not look like writes, besides those that do.
HIDDEN_WRITES = {
    "postgresql": [
        "WITH new AS (INSERT INTO notes (name) VALUES ('x') RETURNING id) SELECT id FROM new",
        "/* SELECT */ DELETE FROM notes",
        "SELECT setval('notes_id_seq', 100)",
        "SELECT id FROM notes FOR UPDATE",
        "SELECT id INTO others FROM notes",
    ],
    "mysql": [
        "/* SELECT */ DELETE FROM notes",
        "-- SELECT 1\nDELETE FROM notes",
        "REPLACE INTO notes (id, name) VALUES (1, 'x')",
        "CREATE TABLE others AS SELECT id FROM notes",
    ],
}


class Note(Record):
    id: Attribute[int]
    name: Attribute[str]


@asynccontextmanager
async def opened(
    environment: TestEnvironment, copies: int = 1, **options: Any
) -> AsyncGenerator[tuple[list[Settings], dict[str, Any]]]:
    """URLs of *copies* databases with the table of notes, and options for a configuration."""
    if environment.can("single_writer"):
        pytest.skip(f"{environment.name} has no pool")
    async with (
        environment.directory() as directory,
        _all_fresh(environment, directory, copies) as urls,
    ):
        yield (
            urls,
            {
                "environment_handler": environment.handler(),
                "environment": "test",
                "models": [Note],
                **options,
            },
        )


@asynccontextmanager
async def _all_fresh(
    environment: TestEnvironment, directory: str, copies: int
) -> AsyncGenerator[list[Settings]]:
    async with environment.databases.fresh(directory, SCHEMA) as url:
        if not environment.databases.has_tables(url):
            async with Configuration(
                environment_handler=environment.handler(), databases={"default": url}
            ) as preparing:
                await apply_schema(preparing, SCHEMA)
        if copies == 1:
            yield [url]
            return
        async with _all_fresh(environment, directory, copies - 1) as others:
            yield [url, *others]


@asynccontextmanager
async def pooled(environment: TestEnvironment, **pool: float) -> AsyncGenerator[Configuration]:
    async with opened(environment) as (urls, options):
        databases = {"default": {"url": urls[0], "pool": pool}}
        async with Configuration(databases=databases, **options) as configuration:
            yield configuration


def statistics(database: Database) -> PoolStatistics:
    found = database.statistics()
    assert found is not None
    return found


async def who(database: Database) -> int:
    ((connection,),) = await database.fetch(WHO_AM_I[database.dialect.name])
    return connection


async def until(true: Callable[[], bool]) -> None:
    """Wait until what other tasks do has come *true*."""
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


# Sharing


async def test_many_tasks_share_few_connections(environment: TestEnvironment) -> None:
    async with pooled(environment, maximum=3) as configuration:
        database = configuration.database()
        found = await asyncio.gather(*(who(database) for _ in range(50)))
        assert 1 <= len(set(found)) <= 3
        after = statistics(database)
        assert (after.in_use, after.waiting) == (0, 0)
        assert after.opened <= 3


async def test_transactions_at_once_have_connections_of_their_own(
    environment: TestEnvironment,
) -> None:
    async with pooled(environment, maximum=3) as configuration:
        database = configuration.database()

        async def work(number: int) -> None:
            async with database.transaction():
                first = await who(database)
                await Note.create(name=str(number))
                await asyncio.sleep(0)
                assert await who(database) == first

        await asyncio.gather(*map(work, range(20)))
        assert await Note.count() == 20
        assert statistics(database).in_use == 0


async def test_a_full_pool_says_who_has_it(environment: TestEnvironment) -> None:
    async with pooled(environment, maximum=1, timeout=1.0) as configuration:
        database = configuration.database()

        async def hold() -> None:
            async with database.transaction():
                await asyncio.sleep(10)

        holder = asyncio.create_task(hold(), name="nightly report")
        await until(lambda: statistics(database).in_use == 1)
        with pytest.raises(PoolTimeoutError, match=r"'nightly report' for .* at .*test_pools.py"):
            await Note.count()
        holder.cancel()
        await asyncio.wait([holder])
        assert await Note.count() == 0


async def test_cancelled_tasks_leave_the_pool_whole(environment: TestEnvironment) -> None:
    async with pooled(environment, maximum=2) as configuration:
        database = configuration.database()

        async def work() -> None:
            async with database.transaction():
                await Note.create(name="gone")
                await asyncio.sleep(10)

        tasks = [asyncio.create_task(work()) for _ in range(6)]
        for task in tasks:
            await asyncio.sleep(0.005)
            task.cancel()
        await asyncio.wait(tasks)
        assert await Note.count() == 0
        await until(lambda: statistics(database).in_use == 0)
        assert len(set(await asyncio.gather(*(who(database) for _ in range(10))))) <= 2


async def test_what_is_idle_for_long_is_closed(environment: TestEnvironment) -> None:
    async with pooled(environment, maximum=4, minimum=1, idle_timeout=0.1) as configuration:
        database = configuration.database()
        await asyncio.gather(*(who(database) for _ in range(20)))
        assert statistics(database).open > 1
        await until(lambda: statistics(database).open == 1)
        assert await Note.count() == 0


async def test_an_idle_connection_is_asked_whether_it_lives(environment: TestEnvironment) -> None:
    async with pooled(environment, maximum=1, check_after=0) as configuration:
        database = configuration.database()
        first = await who(database)
        await asyncio.sleep(0.001)
        assert await who(database) == first


async def test_a_closed_database_opens_again(environment: TestEnvironment) -> None:
    async with pooled(environment, maximum=2) as configuration:
        database = configuration.database()
        first = await who(database)
        await database.close()
        assert await who(database) != first


async def test_closing_tells_those_who_wait(environment: TestEnvironment) -> None:
    async with pooled(environment, maximum=1) as configuration:
        database = configuration.database()
        connection = await database.lease()
        waiting = asyncio.create_task(Note.count())
        await asyncio.sleep(0.01)
        closing = asyncio.create_task(database.close())
        with pytest.raises(DatabaseUnavailableError, match="is being closed"):
            await waiting
        await database._driver.release(connection)
        await closing


# Blocks that keep connections


async def test_a_block_runs_on_one_connection(environment: TestEnvironment) -> None:
    async with pooled(environment, maximum=5) as configuration:
        database = configuration.database()
        async with configuration.ensure_connections():
            mine = await who(database)
            others = await asyncio.gather(*(who(database) for _ in range(5)))
            assert mine not in others
            note = await Note.create(name="x")
            assert await Note.find(note.id) == note
            async with database.transaction():
                assert await who(database) == mine
            async with configuration.with_connections():
                assert await who(database) != mine
            assert await who(database) == mine
        assert statistics(database).in_use == 0


# Read-only, replicas, tenants


async def test_a_read_only_database_refuses_every_write(environment: TestEnvironment) -> None:
    async with opened(environment) as (urls, options):
        databases = {"default": {"url": urls[0], "read_only": True}}
        async with Configuration(databases=databases, **options) as configuration:
            database = configuration.database()
            for sql in (
                "INSERT INTO notes (name) VALUES ('x')",
                "UPDATE notes SET name = 'x'",
                "DELETE FROM notes",
                "CREATE TABLE others (id INTEGER)",
                "DROP TABLE notes",
                *HIDDEN_WRITES[database.dialect.name],
            ):
                with pytest.raises(ReadOnlyDatabaseError):
                    await database.execute(sql)
                with pytest.raises(ReadOnlyDatabaseError):
                    async with database.transaction():
                        await database.execute(sql)
                with pytest.raises((ReadOnlyDatabaseError, StatementError)):
                    await database.fetch(sql)
            with pytest.raises(ReadOnlyDatabaseError):
                await Note.create(name="x")
            assert await Note.count() == 0


async def test_replicas_are_read_and_the_primary_is_written(environment: TestEnvironment) -> None:
    async with opened(environment, 3) as (urls, options):
        for name, url in zip(("primary", "one", "two"), urls, strict=True):
            async with Configuration(databases={"default": url}, **options):
                await Note.create(name=name)
        databases = {"default": {"url": urls[0], "replicas": urls[1:], "stickiness": 0.2}}
        async with Configuration(databases=databases, **options) as configuration:
            found = [(await Note.find(1)).name for _ in range(4)]
            assert sorted(found) == ["one", "one", "two", "two"]
            with configuration.using_primary():
                assert (await Note.find(1)).name == "primary"
            await Note.create(name="new")
            assert await Note.pluck("name") == ["primary", "new"]
            await asyncio.sleep(0.25)
            assert (await Note.find(1)).name in ("one", "two")


async def test_each_tenant_has_a_pool_of_its_own(environment: TestEnvironment) -> None:
    async with opened(environment, 3) as (urls, options):

        def resolve(*, identifier: str, settings: Any, tenant: int) -> Settings:
            return urls[tenant]

        databases = {"default": urls[0]}
        async with Configuration(
            databases=databases, tenant_database_resolver=resolve, tenant_limit=2, **options
        ) as configuration:

            async def work(tenant: int, number: int) -> None:
                async with configuration.run_with_tenant(tenant):
                    async with configuration.ensure_connections():
                        await Note.create(name=f"{tenant} {number}")
                    found = await Note.pluck("name")
                    assert all(name.startswith(f"{tenant} ") for name in found)
                    assert Current.tenant() == tenant

            await asyncio.gather(*(work(1 + n % 2, n) for n in range(20)))
            assert configuration.database().capabilities == environment.capabilities
            assert await Note.count() == 0
            async with configuration.run_with_tenant(1):
                assert await Note.count() == 10
                await configuration.database().execute("DROP TABLE notes")
                with pytest.raises(TenantSchemaError, match="no table 'notes'"):
                    await Note.count()
                with pytest.raises(TenantSchemaError):
                    async with Note.transaction():
                        await Note.create(name="x")
