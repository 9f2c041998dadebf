"""Blocks that keep connections: the same calls whatever the database is."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.suites.models import Account
from velocious.errors import ConfigurationError, NoConnectionError

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.testing.environment import TestEnvironment


async def test_records_work_inside_a_block_as_they_do_outside(tracker: Configuration) -> None:
    async with tracker.ensure_connections() as databases:
        account = await Account.create(name="Ann")
        assert await Account.find(account.id) == account
        async with Account.transaction():
            await account.update(name="Anna")
        names = await databases["default"].fetch("SELECT name FROM accounts")
        assert names == [("Anna",)]
    assert (await Account.find(account.id)).name == "Anna"


async def test_blocks_nest(tracker: Configuration) -> None:
    async with tracker.ensure_connections():
        await Account.create(name="outer")
        async with tracker.with_connections(), tracker.ensure_connections("default"):
            await Account.create(name="inner")
            assert await Account.count() == 2


async def test_a_block_keeps_nobody_else_from_writing(tracker: Configuration) -> None:
    async with tracker.ensure_connections():
        await Account.create(name="mine")
        async with asyncio.timeout(10):
            await asyncio.gather(*(Account.create(name=f"theirs {n}") for n in range(5)))
    assert await Account.count() == 6


async def test_many_blocks_at_once_do_not_mix(tracker: Configuration) -> None:
    async def work(number: int) -> list[str]:
        async with tracker.ensure_connections():
            await Account.create(name=f"account {number}")
            return await Account.where(name=f"account {number}").pluck("name")

    found = await asyncio.gather(*(work(number) for number in range(30)))
    assert found == [[f"account {number}"] for number in range(30)]


async def test_a_rolled_back_transaction_in_a_block_leaves_it_usable(
    tracker: Configuration,
) -> None:
    async with tracker.ensure_connections():
        with pytest.raises(LookupError):
            async with Account.transaction():
                await Account.create(name="gone")
                raise LookupError
        await Account.create(name="kept")
        assert await Account.pluck("name") == ["kept"]


async def test_a_block_opens_the_databases_it_names(environment: TestEnvironment) -> None:
    async with environment.application() as configuration:
        async with configuration.ensure_connections("default") as databases:
            assert list(databases) == ["default"]
            assert await databases["default"].fetch("SELECT 1") == [(1,)]
        with pytest.raises(ConfigurationError, match="Did you mean 'default'"):
            configuration.ensure_connections("defualt")


async def test_there_is_a_current_connection_inside_of_blocks(tracker: Configuration) -> None:
    database = tracker.database()
    with pytest.raises(NoConnectionError, match="ensure_connections"):
        database.current_connection()
    async with tracker.ensure_connections():
        await database.current_connection().execute("INSERT INTO accounts (name) VALUES ('Ann')")
    async with database.transaction():
        rows = await database.current_connection().fetch("SELECT name FROM accounts")
        assert rows == [("Ann",)]


async def test_global_connections_work_in_every_task(tracker: Configuration) -> None:
    await tracker.ensure_global_connections()
    connection = tracker.database().current_connection()

    async def add(number: int) -> None:
        await connection.execute_many("INSERT INTO accounts (name) VALUES ('x')", [()] * number)

    await asyncio.gather(add(1), add(2), add(3))
    assert await connection.fetch("SELECT count(*) FROM accounts") == [(6,)]
    described = await connection.fetch_described("SELECT 1 AS one")
    assert described == (["one"], [(1,)])
    assert not connection.in_transaction


async def test_closing_forgets_the_global_connections(environment: TestEnvironment) -> None:
    async with environment.application() as configuration:
        await configuration.ensure_global_connections()
        await configuration.database().close()
        with pytest.raises(NoConnectionError):
            configuration.database().current_connection()
