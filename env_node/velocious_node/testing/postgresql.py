"""PostgreSQL for tests: a schema of its own for each, in one database of the server.

Law: a test never sees the tables of another one, whichever processes run them.
"""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import asynccontextmanager
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from velocious.database.settings import parse_settings
from velocious.sql.dialects.postgresql import PostgresqlDialect
from velocious.testing.plugin import at_end
from velocious_node.database.postgresql_databases import create_database
from velocious_node.database.postgresql_driver import CAPABILITIES
from velocious_node.database.postgresql_opening import connect

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from velocious.sql.dialects.base import Dialect
    from velocious.testing.databases import Settings

DATABASE = "velocious_test"
_LEFT_BEHIND = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'test\\_%'"


class PostgresqlSchemas:
    """The databases of tests on the server at *url*."""

    dialect: Dialect = PostgresqlDialect()
    capabilities = CAPABILITIES

    def __init__(self, url: str) -> None:
        self._url = urlunsplit(urlsplit(url)._replace(path=f"/{DATABASE}"))
        self._numbers = count(1)
        self._raw: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @asynccontextmanager
    async def fresh(self, directory: str, schema: str | None = None) -> AsyncGenerator[Settings]:
        """A new schema; whatever is made in it goes with it."""
        raw = await self._connection()
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        await raw.execute(f"CREATE SCHEMA {name}")
        try:
            # What a test stores need not survive a loss of power.
            yield f"{self._url}?search_path={name}&synchronous_commit=off"
        finally:
            await (await self._connection()).execute(f"DROP SCHEMA {name} CASCADE")

    def has_tables(self, settings: Settings) -> bool:
        """No: a new schema costs little."""
        return False

    async def _connection(self) -> Any:
        """One connection for all tests of an event loop."""
        loop = asyncio.get_running_loop()
        if self._raw is None or self._raw.is_closed() or self._loop is not loop:
            settings = parse_settings("test", self._url + "?synchronous_commit=off")
            first = self._loop is None
            if first:
                await create_database(settings)
                at_end(self.close)
            self._raw = await connect(settings)
            self._loop = loop
            if first:
                await _remove_left_behind(self._raw)
        return self._raw

    async def close(self) -> None:
        """Close the connection of the running event loop; the next test opens another one."""
        if self._raw is not None and self._loop is asyncio.get_running_loop():
            await self._raw.close()
            self._raw = None


async def _remove_left_behind(raw: Any) -> None:
    """Drop the schemas of processes that were killed."""
    for (name,) in await raw.fetch(_LEFT_BEHIND):
        if not _runs(int(name.split("_")[1])):
            await raw.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE")


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def is_listening(url: str, port: int) -> bool:
    """Whether anybody takes connections where *url* points (at *port*, if it does not say)."""
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or port), 2):
            return True
    except OSError:
        return False
