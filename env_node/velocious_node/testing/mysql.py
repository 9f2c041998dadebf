"""MariaDB and MySQL for tests: databases of their own, emptied and used again.

Law: a test never sees the tables of another one, whichever processes run them.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from velocious.database.settings import parse_settings
from velocious.sql.dialects.mysql import COLLATION, MysqlDialect
from velocious.testing.plugin import at_end
from velocious_node.database.mysql_driver import CAPABILITIES
from velocious_node.database.mysql_opening import connect, find_package

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from velocious.sql.dialects.base import Dialect
    from velocious.testing.databases import Settings
    from velocious_node.database.mysql_link import Link

_PREFIX = "velocious_test_"
_LEFT_BEHIND = f"SHOW DATABASES LIKE '{_PREFIX.replace('_', chr(92) + '_')}%'"
_TABLES = "SELECT TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES WHERE TABLE_SCHEMA = '{}'"


class MysqlDatabases:
    """The databases of tests on the server at *url*."""

    dialect: Dialect = MysqlDialect()
    capabilities = CAPABILITIES

    def __init__(self, url: str) -> None:
        self._url = url
        self._numbers = count(1)
        self._free: list[str] = []
        self._made: list[str] = []
        self._link: Link | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @asynccontextmanager
    async def fresh(self, directory: str) -> AsyncGenerator[Settings]:
        """An empty database."""
        link = await self._connection()
        if self._free:
            name = self._free.pop()
        else:
            name = f"{_PREFIX}{os.getpid()}_{next(self._numbers)}"
            await link.query(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4 {COLLATION}")
            self._made.append(name)
        try:
            yield self._url_of(name)
        finally:
            await self._empty(await self._connection(), name)
            self._free.append(name)

    async def _empty(self, link: Link, name: str) -> None:
        # Dropping tables costs a fifth of dropping the database.
        rows = (await link.query(_TABLES.format(name))).rows or ()
        tables = [f"`{name}`.`{table}`" for table, kind in rows if kind != "VIEW"]
        views = [f"`{name}`.`{table}`" for table, kind in rows if kind == "VIEW"]
        await link.query("SET foreign_key_checks = 0")
        if views:
            await link.query(f"DROP VIEW IF EXISTS {', '.join(views)}")
        if tables:
            await link.query(f"DROP TABLE IF EXISTS {', '.join(tables)}")

    def _url_of(self, name: str) -> str:
        return urlunsplit(urlsplit(self._url)._replace(path=f"/{name}"))

    async def _connection(self) -> Link:
        """One connection for all tests of an event loop."""
        loop = asyncio.get_running_loop()
        if self._link is None or self._link.is_closed or self._loop is not loop:
            settings = parse_settings("test", self._url)
            self._link = (await connect(settings, find_package(settings), with_database=False)).link
            if self._loop is None:
                at_end(self._close)
                await self._remove_left_behind(self._link)
            self._loop = loop
        return self._link

    async def _close(self) -> None:
        link = await self._connection()
        for name in self._made:
            await link.query(f"DROP DATABASE IF EXISTS `{name}`")
        await link.close()

    async def _remove_left_behind(self, link: Link) -> None:
        """Drop the databases of processes that were killed."""
        for (name,) in (await link.query(_LEFT_BEHIND)).rows or ():
            process = name.removeprefix(_PREFIX).partition("_")[0]
            if process.isdigit() and not _runs(int(process)):
                await link.query(f"DROP DATABASE IF EXISTS `{name}`")


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
