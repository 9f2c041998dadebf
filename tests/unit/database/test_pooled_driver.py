"""What the drivers of servers have in common, on a server that is made up."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.unit.database.fake_driver import FakeDriver, Session
from tests.unit.database.pool_fakes import make_settings
from velocious.database.settings import DatabaseSettings
from velocious.errors import ConnectionLostError, StatementError, TransactionError


async def opened(**pool: float) -> FakeDriver:
    driver = FakeDriver(DatabaseSettings("default", "", "fake", "", pool=make_settings(**pool)))
    await driver.open()
    return driver


async def test_each_read_takes_a_connection_for_itself() -> None:
    driver = await opened(maximum=3)
    reader = driver.reader()
    answers = await asyncio.gather(*(reader.fetch("SELECT 1") for _ in range(6)))
    assert sorted(answers) == [[(1,)], [(1,)], [(2,)], [(2,)], [(3,)], [(3,)]]
    assert driver.statistics().in_use == 0
    assert await reader.fetch_described("SELECT 1") in [(["number"], [(n,)]) for n in (1, 2, 3)]


async def test_a_read_whose_connection_was_lost_is_repeated_once_on_a_fresh_one() -> None:
    driver = await opened()
    driver.made[0].broken = True
    assert await driver.reader().fetch("SELECT 1") == [(2,)]
    driver.made[1].broken = True
    assert await driver.reader().fetch_described("SELECT 1") == (["number"], [(3,)])


async def test_a_read_is_not_repeated_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    driver = await opened()
    monkeypatch.setattr(Session, "broken", True)
    with pytest.raises(ConnectionLostError):
        await driver.reader().fetch("SELECT 1")
    assert len(driver.made) == 2
    assert driver.statistics().open == 0


async def test_a_write_whose_connection_was_lost_is_not_repeated() -> None:
    driver = await opened()
    driver.made[0].broken = True
    connection = await driver.lease()
    with pytest.raises(ConnectionLostError):
        await connection.execute("INSERT")
    await driver.release(connection)
    assert len(driver.made) == 1


async def test_an_error_of_a_statement_is_the_callers_own() -> None:
    driver = await opened()
    with pytest.raises(StatementError):
        await driver.reader().fetch("nonsense")
    assert driver.made[0].calls == ["nonsense"]
    assert driver.statistics().idle == 1


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("execute", ("DELETE",)),
        ("execute_many", ("DELETE", ())),
        ("execute_script", ("DELETE",)),
        ("control", ("BEGIN",)),
    ],
)
async def test_the_reader_only_reads(method: str, arguments: tuple[Any, ...]) -> None:
    reader = (await opened()).reader()
    with pytest.raises(TransactionError, match="only reads"):
        await getattr(reader, method)(*arguments)


async def test_a_driver_can_be_opened_again() -> None:
    driver = await opened()
    late = await driver.lease()
    closing = asyncio.create_task(driver.close())
    await asyncio.sleep(0)
    await driver.release(late)
    await closing
    await driver.open()
    assert await driver.reader().fetch("SELECT 1") == [(2,)]
    await driver.close()
