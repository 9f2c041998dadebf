"""The fixture that all suites stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from velocious.errors import UnknownOptionError
from velocious.migration import Migration
from velocious.record import Record

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.testing.environment import TestEnvironment


class Note(Record):
    """Something written down."""


async def test_an_application_has_a_fresh_database_each_time(environment: TestEnvironment) -> None:
    for _ in range(2):
        async with environment.application(
            schema="CREATE TABLE notes (text TEXT)"
        ) as configuration:
            database = configuration.database()
            assert await database.fetch("SELECT count(*) FROM notes") == [(0,)]
            await database.execute("INSERT INTO notes VALUES (?)", ["once"])


async def test_an_unknown_capability_is_an_error_and_not_a_skip(
    environment: TestEnvironment,
) -> None:
    with pytest.raises(UnknownOptionError, match="savepoints"):
        environment.needs("savepoint")


async def test_the_schema_may_be_migrations(environment: TestEnvironment) -> None:
    class CreateNotes(Migration):
        async def up(self) -> None:
            async with self.create_table("notes") as table:
                table.string("text", null=False)

    class AddPosition(Migration):
        async def up(self) -> None:
            await self.add_column("notes", "position", "integer")

    schema = [CreateNotes, AddPosition]
    async with environment.application(models=[Note], schema=schema) as configuration:
        await Note.create(text="once", position=1)
        assert await configuration.database().fetch("SELECT text, position FROM notes") == [
            ("once", 1)
        ]


async def test_the_schema_may_be_a_function(environment: TestEnvironment) -> None:
    async def schema(configuration: Configuration) -> None:
        await configuration.database().execute_script("CREATE TABLE notes (id INTEGER, text TEXT)")

    async with environment.application(models=[Note], schema=schema):
        assert await Note.count() == 0


async def test_nothing_of_an_application_is_left_behind(environment: TestEnvironment) -> None:
    environment.needs("sqlite_files")
    async with environment.application(schema="CREATE TABLE notes (text TEXT)") as configuration:
        path = configuration.database().settings.path
        assert configuration.files.exists(path)
    assert not environment.handler().files(None).exists(path)
