"""PostgreSQL for tests: a schema of its own for each, in one database of the server.

Law: a test never sees the tables of another one at work, whichever processes run them, and never a
row of an earlier one. The tables of a schema that is asked for again are used again, while nobody
has changed them.
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
from velocious.testing.schema_text import schema_for
from velocious_node.database.postgresql_databases import create_database
from velocious_node.database.postgresql_driver import CAPABILITIES
from velocious_node.database.postgresql_opening import connect

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from velocious.sql.dialects.base import Dialect
    from velocious.testing.databases import Settings

DATABASE = "velocious_test"
_LEFT_BEHIND = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'test\\_%'"
# Whatever changes a schema writes rows of the catalogue anew.
_STATE = """
    WITH own AS (SELECT oid, xmin FROM pg_class WHERE relnamespace = $1::text::regnamespace)
    SELECT md5(string_agg(line, ',' ORDER BY line)) FROM (
        SELECT format('class %s %s', oid, xmin) AS line FROM own
        UNION ALL SELECT format('column %s %s %s', attrelid, attnum, a.xmin)
            FROM pg_attribute a JOIN own ON attrelid = own.oid
        UNION ALL SELECT format('default %s %s', d.oid, d.xmin)
            FROM pg_attrdef d JOIN own ON adrelid = own.oid
        UNION ALL SELECT format('trigger %s %s', t.oid, t.xmin)
            FROM pg_trigger t JOIN own ON tgrelid = own.oid
        UNION ALL SELECT format('comment %s %s %s', objoid, objsubid, d.xmin)
            FROM pg_description d JOIN own ON objoid = own.oid
        UNION ALL SELECT format('constraint %s %s', oid, xmin)
            FROM pg_constraint WHERE connamespace = $1::text::regnamespace
        UNION ALL SELECT format('type %s %s', oid, xmin)
            FROM pg_type WHERE typnamespace = $1::text::regnamespace
        UNION ALL SELECT format('function %s %s', oid, xmin)
            FROM pg_proc WHERE pronamespace = $1::text::regnamespace
    ) AS lines
"""
_WRITTEN = """
    SELECT quote_ident(relname) FROM pg_class
    WHERE relnamespace = $1::text::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0
"""
_COUNTED = """
    SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE schemaname = $1 AND last_value IS NOT NULL
"""


class PostgresqlSchemas:
    """The databases of tests on the server at *url*."""

    dialect: Dialect = PostgresqlDialect()
    capabilities = CAPABILITIES

    def __init__(self, url: str) -> None:
        self._url = urlunsplit(urlsplit(url)._replace(path=f"/{DATABASE}"))
        self._numbers = count(1)
        #: Schemas with the tables of a text: their names, and what the catalogue said of them.
        self._free: dict[str, list[tuple[str, str]]] = {}
        self._with_tables: set[str] = set()
        self._raw: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @asynccontextmanager
    async def fresh(self, directory: str, schema: str | None = None) -> AsyncGenerator[Settings]:
        """A schema without rows, with the tables of *schema*."""
        name, state = await self._take(schema)
        # What a test stores need not survive a loss of power.
        url = f"{self._url}?search_path={name}&synchronous_commit=off"
        if schema is not None:
            self._with_tables.add(url)
        try:
            yield url
        finally:
            self._with_tables.discard(url)
            await self._put_back(name, schema, state)

    def has_tables(self, settings: Settings) -> bool:
        """Whether the schema was given out with tables."""
        return settings in self._with_tables

    async def _take(self, schema: str | None) -> tuple[str, str]:
        if schema is not None and (free := self._free.get(schema)):
            return free.pop()
        raw = await self._connection()
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        await raw.execute(f"CREATE SCHEMA {name}")
        if schema is None:
            return name, ""
        async with raw.transaction():
            await raw.execute(f"SET LOCAL search_path TO {name}")
            await raw.execute(schema_for(self.dialect, schema))
        return name, await raw.fetchval(_STATE, name)

    async def _put_back(self, name: str, schema: str | None, state: str) -> None:
        """Make what a test used fit for another one; drop what it changed."""
        raw = await self._connection()
        if schema is None or await raw.fetchval(_STATE, name) != state:
            await raw.execute(f"DROP SCHEMA {name} CASCADE")
            return
        written = [f"{name}.{table}" for (table,) in await raw.fetch(_WRITTEN, name)]
        if written:
            # Rows of the next test lie in the order in which they come, as in a new table.
            await raw.execute(f"TRUNCATE {', '.join(written)} CASCADE")
            state = await raw.fetchval(_STATE, name)
        await raw.execute(_COUNTED.replace("$1", f"'{name}'"))
        self._free.setdefault(schema, []).append((name, state))

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
        """Drop the schemas that are kept, and close the connection of the running event loop; the
        next test opens another one.
        """
        if any(self._free.values()):
            raw = await self._connection()
            for kept in self._free.values():
                while kept:
                    await raw.execute(f"DROP SCHEMA {kept.pop()[0]} CASCADE")
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
