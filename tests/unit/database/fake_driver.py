"""A driver over a pool whose server is made up: each statement is answered with the number of the
connection it ran on.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests.unit.database.pool_fakes import FakeConnection
from velocious.database.driver import Capabilities, Result
from velocious.database.pooled_driver import PooledDriver
from velocious.errors import ConnectionLostError, StatementError
from velocious.sql.dialects.sqlite import SqliteDialect

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velocious.database.advisory_lock import LockBroker
    from velocious.database.driver import Connection, Driver, Introspector, Parameters, Row
    from velocious.database.settings import DatabaseSettings
    from velocious.files import Files
    from velocious.sql.dialects.base import Dialect


class Session(FakeConnection):
    """Answers each statement with its own number, unless it is broken."""

    broken = False

    async def fetch(self, sql: str, params: Parameters = ()) -> list[Row]:
        self.calls.append(sql)
        await asyncio.sleep(0)
        if self.broken:
            self.is_closed, self.in_transaction = True, False
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
        if self.broken:
            self.is_closed, self.in_transaction = True, False
            raise ConnectionLostError("The connection was lost.")
        if sql == "BEGIN":
            self.in_transaction = True
        elif sql in ("COMMIT", "ROLLBACK"):
            self.in_transaction = False


class FakeDriver(PooledDriver[Session]):
    def __init__(self, settings: DatabaseSettings) -> None:
        super().__init__(settings)
        self.dialect: Dialect = SqliteDialect()
        self.capabilities = Capabilities()
        self.made: list[Session] = []

    async def connect(self) -> Session:
        self.made.append(Session(len(self.made) + 1))
        return self.made[-1]

    def introspector(self, connection: Connection) -> Introspector:
        raise AssertionError


class FakeDriverFactory:
    def create(self, settings: DatabaseSettings, files: Files) -> Driver:
        return FakeDriver(settings)

    async def create_database(self, settings: DatabaseSettings, files: Files) -> bool:
        return False

    async def drop_database(self, settings: DatabaseSettings, files: Files) -> bool:
        return False

    def lock_broker(self, settings: DatabaseSettings, files: Files) -> LockBroker | None:
        return None
