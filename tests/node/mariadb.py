"""What the tests of MariaDB share: an application on a database of its own, and a look from
outside.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from velocious.configuration import Configuration
from velocious.testing.environment import environment_called
from velocious_node import NodeEnvironmentHandler
from velocious_node.database.mysql_opening import connect, find_package

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from velocious.database.database import Database
    from velocious_node.database.mysql_link import Link

SCHEMA = """
CREATE TABLE tasks (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  name VARCHAR(100) NOT NULL UNIQUE,
  position INTEGER,
  body TEXT,
  CONSTRAINT position_is_natural CHECK (position >= 0)
)
"""


@asynccontextmanager
async def application(
    url_options: str = "", *, models: Sequence[Any] = (), **options: Any
) -> AsyncGenerator[Configuration]:
    """A configuration whose database has the tables of SCHEMA; *options* are the database's."""
    databases = environment_called("node-mariadb").databases
    async with databases.fresh("", SCHEMA) as url:
        configuration = Configuration(
            environment_handler=NodeEnvironmentHandler(),
            environment="test",
            databases={"default": {"url": f"{url}{url_options}", **options}},
            models=models,
        )
        async with configuration:
            yield configuration


@asynccontextmanager
async def outsider(database: Database) -> AsyncGenerator[Link]:
    """Another connection to the same database, as another program has it."""
    settings = database.settings
    link = (await connect(settings, find_package(settings))).link
    try:
        yield link
    finally:
        await link.close()


async def kill(database: Database, thread: int) -> None:
    """End a connection on the server, as an administrator does."""
    async with outsider(database) as other:
        await other.query(f"KILL {thread}")


async def thread_of(database: Database) -> int:
    """How the server calls the connection of the running task's transaction."""
    return (await database.fetch("SELECT connection_id()"))[0][0]


async def running(database: Database, text: str) -> int:
    """How many connections run a statement like *text*."""
    async with outsider(database) as other:
        answer = await other.run(
            "SELECT count(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE ? AND ID <> "
            "connection_id()",
            (text,),
        )
        assert answer.rows
        return answer.rows[0][0]


async def until_it_runs(database: Database, text: str) -> None:
    """Wait until the server works on a statement like *text*."""
    for _ in range(500):
        if await running(database, text):
            return
        await asyncio.sleep(0.01)
    pytest.fail(f"the server has never run {text!r}")


async def names(database: Database) -> list[str]:
    return [name for (name,) in await database.fetch("SELECT name FROM tasks ORDER BY id")]
