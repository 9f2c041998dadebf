"""Which statements a database was sent: a driver between it and the real one keeps their text."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from velocious.configuration import Configuration
    from velocious.database.driver import Connection, Driver, Introspector, Parameters, Result, Row


@contextmanager
def recorded_statements(configuration: Configuration) -> Generator[list[str]]:
    """The SQL that the default database is sent inside the block, in its order."""
    database = configuration.database()
    statements: list[str] = []
    driver, reader = database._driver, database._reader
    database._driver = _RecordingDriver(driver, statements)
    database._reader = None if reader is None else _RecordingConnection(reader, statements)
    try:
        yield statements
    finally:
        database._driver, database._reader = driver, reader


class _RecordingDriver:
    def __init__(self, driver: Driver, statements: list[str]) -> None:
        self.dialect = driver.dialect
        self.capabilities = driver.capabilities
        self.pooled = driver.pooled
        self._driver = driver
        self._statements = statements

    async def open(self) -> None:
        await self._driver.open()

    async def close(self) -> None:
        await self._driver.close()

    def reader(self) -> Connection:
        return _RecordingConnection(self._driver.reader(), self._statements)

    async def lease(self) -> Connection:
        return _RecordingConnection(await self._driver.lease(), self._statements)

    async def release(self, connection: Any) -> None:
        await self._driver.release(connection.real)

    def introspector(self, connection: Any) -> Introspector:
        return self._driver.introspector(connection.real)


class _RecordingConnection:
    def __init__(self, real: Connection, statements: list[str]) -> None:
        self.real = real
        self._statements = statements

    @property
    def in_transaction(self) -> bool:
        return self.real.in_transaction

    async def fetch(self, sql: str, params: Parameters = ()) -> list[Row]:
        self._statements.append(sql)
        return await self.real.fetch(sql, params)

    async def fetch_described(
        self, sql: str, params: Parameters = ()
    ) -> tuple[list[str], list[Row]]:
        self._statements.append(sql)
        return await self.real.fetch_described(sql, params)

    async def execute(
        self, sql: str, params: Parameters = (), *, unbounded: bool = False
    ) -> Result:
        self._statements.append(sql)
        return await self.real.execute(sql, params, unbounded=unbounded)

    async def execute_many(self, sql: str, rows: Iterable[Parameters]) -> int:
        self._statements.append(sql)
        return await self.real.execute_many(sql, rows)

    async def execute_script(self, sql: str) -> None:
        self._statements.append(sql)
        await self.real.execute_script(sql)

    async def control(self, sql: str) -> None:
        self._statements.append(sql)
        await self.real.control(sql)
