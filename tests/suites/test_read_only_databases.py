"""A database that is read only refuses every write, however it is spelled."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from velocious.configuration import Configuration
from velocious.errors import ReadOnlyDatabaseError, StatementError
from velocious.record import Record

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from velocious.testing.environment import TestEnvironment

SCHEMA = "CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name VARCHAR(255))"

WRITES = [
    "INSERT INTO notes (name) VALUES ('x')",
    "insert into notes (name) select name from notes",
    "UPDATE notes SET name = 'x'",
    "DELETE FROM notes",
    "/* SELECT */ DELETE FROM notes",
    "-- SELECT 1\nDELETE FROM notes",
    "WITH old AS (SELECT id FROM notes) DELETE FROM notes WHERE id IN (SELECT id FROM old)",
    "WITH new(name) AS (VALUES ('x')) INSERT INTO notes (name) SELECT name FROM new RETURNING id",
    "CREATE TABLE other (id INTEGER)",
    "DROP TABLE notes",
    "PRAGMA user_version = 5",
    "PRAGMA journal_mode = delete",
    "PRAGMA writable_schema = on",
    "ATTACH DATABASE ':memory:' AS other",
]


class Note(Record):
    pass


@asynccontextmanager
async def read_only(environment: TestEnvironment) -> AsyncGenerator[Configuration]:
    environment.needs("sqlite_files")
    async with environment.directory() as directory:
        url = f"sqlite:///{directory}/notes.sqlite3"
        handler = environment.handler()
        async with Configuration(environment_handler=handler, databases={"default": url}) as one:
            await one.database().execute_script(SCHEMA)
            await one.database().execute("INSERT INTO notes (name) VALUES ('kept')")
        settings = {"default": {"url": url, "read_only": True}}
        async with Configuration(
            environment_handler=environment.handler(), databases=settings, models=[Note]
        ) as configuration:
            yield configuration


@pytest.mark.parametrize("sql", WRITES)
async def test_no_statement_writes(environment: TestEnvironment, sql: str) -> None:
    async with read_only(environment) as configuration:
        database = configuration.database()
        for run in (database.execute, database.fetch, database.execute_script):
            with pytest.raises(ReadOnlyDatabaseError, match="read_only"):
                await run(sql)
        assert await Note.pluck("name") == ["kept"]


@pytest.mark.parametrize("sql", WRITES)
async def test_no_transaction_writes(environment: TestEnvironment, sql: str) -> None:
    async with read_only(environment) as configuration:
        with pytest.raises(ReadOnlyDatabaseError):
            async with configuration.database().transaction():
                await configuration.database().execute(sql)
        assert await Note.pluck("name") == ["kept"]


async def test_the_guard_cannot_be_turned_off(environment: TestEnvironment) -> None:
    async with read_only(environment) as configuration:
        database = configuration.database()
        for sql in ("PRAGMA query_only = off", "pragma main.QUERY_ONLY(0)"):
            with pytest.raises(ReadOnlyDatabaseError):
                await database.execute(sql)
        with pytest.raises(ReadOnlyDatabaseError):
            await database.execute("DELETE FROM notes")


async def test_records_read_and_do_not_write(environment: TestEnvironment) -> None:
    async with read_only(environment):
        note = await Note.find(1)
        for write in (note.update(name="x"), note.destroy(), Note.create(name="y")):
            with pytest.raises(ReadOnlyDatabaseError):
                await write
        with pytest.raises(ReadOnlyDatabaseError):
            await Note.insert_multiple(["name"], [("x",)])
        with pytest.raises(ReadOnlyDatabaseError):
            await Note.where(id=1).update_all(name="x")
        assert await Note.pluck("name") == ["kept"]


async def test_what_no_transaction_may_do_is_refused_too(environment: TestEnvironment) -> None:
    async with read_only(environment) as configuration:
        with pytest.raises(ReadOnlyDatabaseError):
            await configuration.database().execute("VACUUM")
        with pytest.raises(StatementError, match="may not be modified"):
            await configuration.database().execute("UPDATE sqlite_master SET sql = ''")


async def test_its_tables_can_be_described(environment: TestEnvironment) -> None:
    async with read_only(environment) as configuration:
        database = configuration.database()
        assert await database.table_names() == ["notes"]
        assert [column.name for column in (await database.table("notes")).columns] == ["id", "name"]
        rows = await database.fetch("SELECT value FROM json_each('[1, 2]')")
        assert rows == [(1,), (2,)]
        assert await database.fetch("PRAGMA foreign_keys") == [(1,)]


async def test_transactions_that_only_read_work(environment: TestEnvironment) -> None:
    async with read_only(environment) as configuration:
        async with configuration.database().transaction():
            assert await Note.count() == 1
        async with configuration.ensure_connections():
            assert await Note.count() == 1
