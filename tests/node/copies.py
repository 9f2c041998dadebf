"""What the tests of `db:copy` share: an application whose tables have everything, and databases of
each kind to copy it to.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from velocious.database.database import Database
from velocious.database.settings import parse_settings
from velocious.testing.environment import environment_called
from velocious_node import NodeEnvironmentHandler

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from tests.node.application import GeneratedApplication

PLACES = ("node-mariadb", "node-postgresql", "node-sqlite")

TABLES = """
from velocious.migration import Migration, sql


class CreateEverything(Migration):
    async def up(self):
        async with self.create_table("people") as t:
            t.string("name", null=False)
            t.bigint("boss_id")
            t.bigint("team_id")
        async with self.create_table("teams") as t:
            t.string("name", null=False, limit=40)
            t.bigint("leader_id")
        await self.add_foreign_key("people", "people", column="boss_id")
        await self.add_foreign_key("people", "teams", column="team_id")
        await self.add_foreign_key("teams", "people", column="leader_id")
        async with self.create_table("values", id="uuid") as t:
            t.string("label")
            t.text("body")
            t.integer("small")
            t.bigint("large")
            t.float("real")
            t.decimal("price", precision=20, scale=6)
            t.boolean("done")
            t.date("day")
            t.time("clock")
            t.datetime("moment")
            t.json("document")
            t.binary("blob")
            t.references("person", foreign_key=True)
        async with self.create_table("pairs", id=False) as t:
            t.bigint("left_id", null=False)
            t.bigint("right_id", null=False)
        async with self.create_table("words", id=False) as t:
            t.string("language", null=False)
            t.string("word", null=False)
            t.integer("uses")
        await self.add_index("words", ["language", "word"], unique=True)

    async def down(self):
        pass
"""


@asynccontextmanager
async def empty_database(place: str, directory: Path) -> AsyncGenerator[str]:
    """The URL of a new database of the kind of *place*."""
    databases = environment_called(place).databases
    directory.mkdir(exist_ok=True)
    async with databases.fresh(str(directory)) as url:
        assert isinstance(url, str)
        yield url


@asynccontextmanager
async def opened(url: str) -> AsyncGenerator[Database]:
    """The database at *url*, opened for a look."""
    handler = NodeEnvironmentHandler()
    settings = parse_settings("look", url)
    database = Database(settings, handler.drivers()[settings.scheme], handler.files(None))
    try:
        yield database
    finally:
        await database.close()


def with_everything(application: GeneratedApplication) -> None:
    """Give *application* the tables above."""
    application.write("app/db/migrations/20260101000000_create_everything.py", TABLES)
    application.write(
        "app/models/values.py",
        "from velocious.record import Record\n\n\nclass Value(Record):\n    pass\n",
    )
