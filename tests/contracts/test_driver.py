"""The driver contract, on a file and in memory, in every environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from velocious.database.database import Database
from velocious.database.settings import parse_settings

from tests.contracts.driver_contract import SCHEMA, DriverContract

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.testing.environment import TestEnvironment


class _SqliteContract(DriverContract):
    url: str

    @pytest.fixture
    async def database(self, environment: TestEnvironment) -> AsyncIterator[Database]:
        async with environment.directory() as directory:
            handler = environment.handler()
            settings = parse_settings("default", self.url)
            database = Database(settings, handler.drivers()["sqlite"], handler.files(directory))
            await database.execute_script(SCHEMA)
            yield database
            await database.close()


class TestSqliteFile(_SqliteContract):
    url = "sqlite:///db/contract.sqlite3"


class TestSqliteInMemory(_SqliteContract):
    url = "sqlite:///:memory:"
