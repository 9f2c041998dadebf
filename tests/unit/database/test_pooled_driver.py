"""What the drivers of servers have in common, on a server that is made up."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.database.pool_fakes import FakeConnection, make_settings
from velocious.database.driver import Capabilities, Result
from velocious.database.pooled_driver import PooledDriver
from velocious.database.settings import DatabaseSettings
from velocious.errors import ConnectionLostError, StatementError, TransactionError
from velocious.sql.dialects.sqlite import SqliteDialect

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velocious.database.driver import Connection, Introspector, Parameters, Row


class Session(FakeConnection):
    """Answers each statement with its own number, unless it is broken."""

    broken = False

    async def fetch(self, sql: str, params: Parameters = ()) -> list[Row]:
        self.calls.append(sql)
        await asyncio.sleep(0)
        if self.broken:
            self.is_closed = True
            raise ConnectionLostError("The connection was lost.")
        if sql == "nonsense":
            raise StatementError("No such thing", sql)
        return [(self.number,)]

    async def fetch_described(
        self, sql: str, params: Parameters = ()
    ) -> tuple[list[str], list[Row]]:
        return ["number"], await self.fetch(sql, params)

    async def execute(
        self, sql: str, params: Parameters = (), *, unbounded: bool = False
    ) -> Result:
        return Result(await self.fetch(sql, params), 1, None)

    async def execute_many(self, sql: str, rows: Iterable[Parameters]) -> int:
        return len(list(rows))

    async def execute_script(self, sql: str) -> None:
        await self.fetch(sql)

    async def control(self, sql: str) -> None:
        self.calls.append(sql)


class FakeDriver(PooledDriver[Session]):
    def __init__(self, **pool: float) -> None:
        self.dialect = SqliteDialect()
        self.capabilities = Capabilities()
        self.made: list[Session] = []
        super().__init__(DatabaseSettings("default", "", "fake", "", pool=make_settings(**pool)))

    async def connect(self) -> Session:
        self.made.append(Session(len(self.made) + 1))
        return self.made[-1]

    def introspector(self, connection: Connection) -> Introspector:
        raise AssertionError


async def opened(**pool: float) -> FakeDriver:
    driver = FakeDriver(**pool)
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
