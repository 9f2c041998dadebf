"""MariaDB and MySQL for tests: databases that are emptied and used again, because making tables is
slow.

Law: a test never sees the tables of another one, whichever processes run them.
"""

from __future__ import annotations

import asyncio
import os
import re
from contextlib import asynccontextmanager
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from velocious.database.mysql.script import split_script
from velocious.database.settings import parse_settings
from velocious.sql.dialects.mysql import COLLATION, MysqlDialect
from velocious.testing.plugin import at_end
from velocious.testing.schema_text import schema_for
from velocious_node.database.mysql_driver import CAPABILITIES
from velocious_node.database.mysql_opening import connect, find_package

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from velocious.sql.dialects.base import Dialect
    from velocious.testing.databases import Settings
    from velocious_node.database.mysql_link import Link

type Tables = dict[str, str]

_PREFIX = "velocious_test_"
_LEFT_BEHIND = f"SHOW DATABASES LIKE '{_PREFIX.replace('_', chr(92) + '_')}%'"
_COUNTER = re.compile(r" AUTO_INCREMENT=\d+")


class MysqlDatabases:
    """The databases of tests on the server at *url*."""

    dialect: Dialect = MysqlDialect()
    capabilities = CAPABILITIES

    def __init__(self, url: str) -> None:
        self._url = url
        self._numbers = count(1)
        self._made: list[str] = []
        #: Databases without tables, and those that have the tables of a schema, by its text.
        self._free: dict[str | None, list[tuple[str, Tables]]] = {}
        self._with_tables: set[str] = set()
        self._link: Link | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @asynccontextmanager
    async def fresh(self, directory: str, schema: str | None = None) -> AsyncGenerator[Settings]:
        """A database without rows, with the tables of *schema*."""
        link = await self._connection()
        free = self._free.setdefault(schema, [])
        name, tables = free.pop() if free else await self._make(link, schema)
        url = urlunsplit(urlsplit(self._url)._replace(path=f"/{name}"))
        if schema is not None:
            self._with_tables.add(url)
        try:
            yield url
        finally:
            self._with_tables.discard(url)
            await self._put_back(name, schema, tables)

    def has_tables(self, settings: Settings) -> bool:
        """Whether the database was given out with tables."""
        return settings in self._with_tables

    async def _make(self, link: Link, schema: str | None) -> tuple[str, Tables]:
        empty = self._free.setdefault(None, [])
        if empty:
            name, _ = empty.pop()
        else:
            name = f"{_PREFIX}{os.getpid()}_{next(self._numbers)}"
            await link.query(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4 {COLLATION}")
            self._made.append(name)
        await link.query(f"USE `{name}`")
        for statement in split_script(schema_for(self.dialect, schema or "")):
            await link.query(statement)
        return name, await _tables(link)

    async def _put_back(self, name: str, schema: str | None, tables: Tables) -> None:
        """Make what a test used fit for another one."""
        link = await self._connection()
        await link.query(f"USE `{name}`")
        await link.query("SET foreign_key_checks = 0")
        if await _tables(link) == tables:
            await _remove_rows(link, tables)
        else:
            schema, tables = None, {}
            await _drop_all(link)
        await link.query("SET foreign_key_checks = 1")
        self._free.setdefault(schema, []).append((name, tables))

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


async def _tables(link: Link) -> Tables:
    """The tables of the database in use, and what made each of them; triggers as well."""
    rows = (await link.query("SHOW TABLES")).rows or ()
    triggers = (await link.query("SHOW TRIGGERS")).rows or ()
    return {
        **{f"trigger {row[0]}": row[3] for row in triggers},
        **{name: _COUNTER.sub("", await _create_table(link, name)) for (name,) in rows},
    }


async def _remove_rows(link: Link, tables: Tables) -> None:
    for name, made_by in tables.items():
        if not made_by.startswith("CREATE TABLE"):
            continue
        if _COUNTER.search(await _create_table(link, name)):
            # The next key is 1 again. It costs some milliseconds, which untouched tables save.
            await link.query(f"TRUNCATE TABLE `{name}`")
        else:
            await link.query(f"DELETE FROM `{name}`")


async def _create_table(link: Link, name: str) -> str:
    rows = (await link.query(f"SHOW CREATE TABLE `{name}`")).rows
    assert rows
    return rows[0][1]


async def _drop_all(link: Link) -> None:
    rows = (await link.query("SHOW FULL TABLES")).rows or ()
    for wanted, keyword in (("VIEW", "VIEW"), ("BASE TABLE", "TABLE")):
        names = [f"`{name}`" for name, kind in rows if kind == wanted]
        if names:
            await link.query(f"DROP {keyword} IF EXISTS {', '.join(names)}")


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
