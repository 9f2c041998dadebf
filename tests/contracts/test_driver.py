"""The driver contract, in every environment: on its database, and on SQLite's kinds of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.contracts.driver_contract import SCHEMA, DriverContract
from tests.contracts.tabs import TabDriverFactory, Tabs
from velocious.database.database import Database
from velocious.database.settings import parse_settings
from velocious.database.sqlite.factory import SqliteDriverFactory
from velocious.testing.environment import apply_schema

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.database.driver import DriverFactory
    from velocious.testing.environment import TestEnvironment


class TestDatabase(DriverContract):
    """The database that the environment gives its tests."""

    @pytest.fixture
    async def database(self, environment: TestEnvironment) -> AsyncIterator[Database]:
        async with environment.application() as configuration:
            await apply_schema(configuration, SCHEMA)
            yield configuration.database()


class _SqliteContract(DriverContract):
    url = "sqlite:///db/contract.sqlite3"

    def factory(self, environment: TestEnvironment) -> DriverFactory:
        return environment.handler().drivers()["sqlite"]

    @pytest.fixture
    async def database(self, sqlite_environment: TestEnvironment) -> AsyncIterator[Database]:
        async with sqlite_environment.directory() as directory:
            files = sqlite_environment.handler().files(directory)
            settings = parse_settings("default", self.url)
            database = Database(settings, self.factory(sqlite_environment), files)
            await database.execute_script(SCHEMA)
            yield database
            await database.close()


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


class TestTabThatOwnsTheFiles(_SqliteContract):
    """The browser's driver in the tab that has the file open."""

    follows = False

    @pytest.fixture
    async def database(self, sqlite_environment: TestEnvironment) -> AsyncIterator[Database]:
        tabs = Tabs()
        async with sqlite_environment.directory() as directory:
            files = sqlite_environment.handler().files(directory)
            tab = tabs.open("owner")
            if self.follows:
                tab = tabs.open("follower")
            settings = parse_settings("default", self.url)
            database = Database(settings, TabDriverFactory(tab), files)
            await database.execute_script(SCHEMA)
            yield database
            await database.close()
            tabs.end_owner()


class TestTabThatFollows(TestTabThatOwnsTheFiles):
    """The browser's driver in a tab that asks the one which has the file open."""

    follows = True
