"""The driver contract, on a file and in memory, in every environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.contracts.driver_contract import SCHEMA, DriverContract
from velocious.database.database import Database
from velocious.database.settings import parse_settings
from velocious.database.sqlite.factory import SqliteDriverFactory

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.database.driver import DriverFactory
    from velocious.testing.environment import TestEnvironment


class _SqliteContract(DriverContract):
    url = "sqlite:///db/contract.sqlite3"

    def factory(self, environment: TestEnvironment) -> DriverFactory:
        return environment.handler().drivers()["sqlite"]

    @pytest.fixture
    async def database(self, environment: TestEnvironment) -> AsyncIterator[Database]:
        async with environment.directory() as directory:
            files = environment.handler().files(directory)
            settings = parse_settings("default", self.url)
            database = Database(settings, self.factory(environment), files)
            await database.execute_script(SCHEMA)
            yield database
            await database.close()


class TestSqliteFile(_SqliteContract):
    """The environment's driver."""


class TestSqliteInMemory(_SqliteContract):
    """The environment's driver, where one connection is all there is."""

    url = "sqlite:///:memory:"


class TestInlineSqliteFile(_SqliteContract):
    """The engine that environments build on, without what they add."""

    def factory(self, environment: TestEnvironment) -> DriverFactory:
        return SqliteDriverFactory()


class TestInlineSqliteInMemory(TestInlineSqliteFile):
    """The same in memory."""

    url = "sqlite:///:memory:"
