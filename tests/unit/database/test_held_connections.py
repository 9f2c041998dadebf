"""Blocks that keep connections, over a pool whose server is made up."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.database.fake_driver import FakeDriver, FakeDriverFactory
from velocious.configuration import Configuration
from velocious.errors import ConnectionLostError, NoConnectionError, TransactionError
from velocious_node import NodeEnvironmentHandler

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.database.database import Database


class Handler(NodeEnvironmentHandler):
    """A server process that knows made-up servers only."""

    def drivers(self) -> Any:
        return {"postgresql": FakeDriverFactory()}


@pytest.fixture
async def configuration() -> AsyncIterator[Configuration]:
    databases = {"default": "postgresql:///a", "logs": "postgresql:///b"}
    async with Configuration(
        environment_handler=Handler(), environment="test", databases=databases
    ) as opened:
        yield opened


async def number(database: Database) -> int:
    """Which connection a read of the running task uses."""
    ((found,),) = await database.fetch("SELECT 1")
    await asyncio.sleep(0)
    return found


async def written(database: Database) -> int:
    """Which connection a write of the running task uses."""
    ((found,),) = (await database.execute("INSERT")).rows
    return found


def in_use(configuration: Configuration) -> int:
    total = 0
    for database in configuration.databases.values():
        driver = database._driver
        assert isinstance(driver, FakeDriver)
        total += driver.statistics().in_use if driver._pool is not None else 0
    return total


async def occupied(database: Database) -> int:
    """Keep the first connections busy: the number of one that another task would get."""

    async def other() -> int:
        async with database.transaction() as transaction:
            await asyncio.sleep(0)
            ((found,),) = await transaction.connection.fetch("SELECT 1")
            return found

    return await asyncio.create_task(other())


async def test_reads_and_writes_of_a_block_share_one_connection(
    configuration: Configuration,
) -> None:
    async with configuration.ensure_connections() as databases:
        database = databases["default"]
        mine = await number(database)
        assert await occupied(database) != mine
        assert await written(database) == mine
        assert await number(database) == mine
        async with database.transaction() as transaction:
            ((found,),) = await transaction.connection.fetch("SELECT 1")
            assert found == mine
        assert await number(database) == mine
        assert in_use(configuration) == 1
    assert in_use(configuration) == 0


async def test_a_connection_is_taken_when_it_is_first_used(configuration: Configuration) -> None:
    async with configuration.ensure_connections() as databases:
        assert in_use(configuration) == 0
        await number(databases["logs"])
        assert in_use(configuration) == 1


async def test_ensuring_inside_a_block_uses_its_connections(configuration: Configuration) -> None:
    database = configuration.database()
    async with configuration.ensure_connections():
        mine = await number(database)
        async with configuration.ensure_connections():
            assert await number(database) == mine
        assert in_use(configuration) == 1


async def test_with_connections_always_takes_new_ones(configuration: Configuration) -> None:
    database = configuration.database()
    async with configuration.ensure_connections():
        mine = await number(database)
        async with configuration.with_connections():
            assert await number(database) != mine
            assert in_use(configuration) == 2
        assert await number(database) == mine
        assert in_use(configuration) == 1


async def test_a_block_may_name_its_databases(configuration: Configuration) -> None:
    async with configuration.ensure_connections("logs") as databases:
        assert list(databases) == ["logs"]
        await number(configuration.database())
        assert in_use(configuration) == 0
        await number(databases["logs"])
        assert in_use(configuration) == 1


async def test_ensuring_more_inside_of_a_block_keeps_those_too(
    configuration: Configuration,
) -> None:
    async with configuration.ensure_connections("logs"), configuration.ensure_connections():
        await number(configuration.database())
        assert in_use(configuration) == 1


async def test_a_child_task_takes_connections_of_its_own(configuration: Configuration) -> None:
    database = configuration.database()
    async with configuration.ensure_connections():
        mine = await number(database)
        others = await asyncio.gather(number(database), number(database))
        assert mine not in others


async def test_tasks_do_not_share_what_their_blocks_keep(configuration: Configuration) -> None:
    database = configuration.database()

    async def work() -> set[int]:
        async with configuration.ensure_connections():
            return {await number(database) for _ in range(5)}

    found = await asyncio.gather(*(work() for _ in range(8)))
    assert all(len(numbers) == 1 for numbers in found)
    assert len({one for numbers in found for one in numbers}) == 8
    assert in_use(configuration) == 0


async def test_a_transaction_around_a_block_goes_before_it(configuration: Configuration) -> None:
    database = configuration.database()
    async with database.transaction() as transaction:
        ((mine,),) = await transaction.connection.fetch("SELECT 1")
        async with configuration.with_connections():
            assert await number(database) == mine


async def test_an_error_in_a_block_gives_its_connections_back(configuration: Configuration) -> None:
    with pytest.raises(LookupError):
        async with configuration.ensure_connections():
            await number(configuration.database())
            raise LookupError
    assert in_use(configuration) == 0


async def test_a_cancelled_block_gives_its_connections_back(configuration: Configuration) -> None:
    async def work() -> None:
        async with configuration.ensure_connections():
            await number(configuration.database())
            await asyncio.Event().wait()

    task = asyncio.create_task(work())
    for _ in range(10):
        await asyncio.sleep(0)
    assert in_use(configuration) == 1
    task.cancel()
    await asyncio.wait([task])
    assert in_use(configuration) == 0


async def test_a_lost_connection_is_replaced_inside_the_block(configuration: Configuration) -> None:
    database = configuration.database()
    driver = database._driver
    async with configuration.ensure_connections():
        await number(database)
        assert isinstance(driver, FakeDriver)
        driver.made[0].broken = True
        assert await number(database) == 2
        driver.made[1].broken = True
        with pytest.raises(ConnectionLostError):
            await written(database)
        assert await written(database) == 3
        driver.made[2].broken = True
        with pytest.raises(ConnectionLostError):
            async with database.transaction():
                assert len(driver.made) == 4
                driver.made[3].broken = True
                await number(database)
        assert len(driver.made) == 4
        assert await number(database) == 5
        assert in_use(configuration) == 1


async def test_closing_inside_a_block_does_not_wait_for_it(configuration: Configuration) -> None:
    async with configuration.ensure_connections():
        await number(configuration.database())
        async with asyncio.timeout(1):
            await configuration.database().close()


async def test_there_is_a_current_connection_inside_of_blocks_only(
    configuration: Configuration,
) -> None:
    database = configuration.database()
    with pytest.raises(NoConnectionError, match="ensure_global_connections"):
        database.current_connection()
    async with configuration.ensure_connections():
        connection = database.current_connection()
        assert await connection.fetch("SELECT 1") == [(await number(database),)]
    async with database.transaction() as transaction:
        mine = await transaction.connection.fetch("SELECT 1")
        assert await database.current_connection().fetch("SELECT 1") == mine
        assert database.current_connection().in_transaction
    with pytest.raises(NoConnectionError):
        database.current_connection()


async def test_global_connections_work_everywhere_and_yield_to_blocks(
    configuration: Configuration,
) -> None:
    await configuration.ensure_global_connections()
    connection = configuration.database().current_connection()
    assert connection is configuration.database().current_connection()
    answers = await asyncio.gather(*(connection.fetch("SELECT 1") for _ in range(3)))
    assert len({found for ((found,),) in answers}) == 3
    async with configuration.ensure_connections():
        mine = await number(configuration.database())
        assert await occupied(configuration.database()) != mine
        assert await connection.fetch("SELECT 1") == [(mine,)]
    with pytest.raises(TransactionError, match=r"database\.transaction"):
        await connection.control("BEGIN")
