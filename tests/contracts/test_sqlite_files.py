"""SQLite files in every environment: created, dropped, read-only, damaged, full, locked."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from velocious.database.database import Database
from velocious.database.settings import parse_settings
from velocious.errors import (
    ConfigurationError,
    DatabaseCorruptError,
    DatabaseLockedError,
    DatabaseUnavailableError,
    ReadOnlyDatabaseError,
    StorageFullError,
    TransactionError,
    UnknownOptionError,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from velocious.testing.environment import TestEnvironment

URL = "sqlite:///new/folder/notes.sqlite3"
TABLE = "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)"
INSERT = "INSERT INTO notes (text) VALUES (?)"
TEXTS = "SELECT text FROM notes ORDER BY id"


class Place:
    """A directory and the means to open databases in it."""

    def __init__(self, environment: TestEnvironment, directory: str) -> None:
        handler = environment.handler()
        self.files = handler.files(directory)
        self._factory = handler.drivers()["sqlite"]

    def database(self, **options: Any) -> Database:
        settings = parse_settings("default", {"url": URL, **options})
        return Database(settings, self._factory, self.files)

    @asynccontextmanager
    async def opened(self, **options: Any) -> AsyncGenerator[Database]:
        database = self.database(**options)
        await database.open()
        try:
            yield database
        finally:
            await database.close()


@pytest.fixture
async def place(environment: TestEnvironment) -> AsyncIterator[Place]:
    async with environment.directory() as directory:
        yield Place(environment, directory)


# Creating and dropping


async def test_creates_the_file_with_its_folders_once(place: Place) -> None:
    database = place.database()
    assert await database.create() is True
    assert place.files.exists("new/folder/notes.sqlite3")
    assert await database.create() is False


async def test_drops_the_file_and_what_lies_beside_it(place: Place) -> None:
    database = place.database()
    await database.execute(TABLE)
    assert await database.drop() is True
    assert await database.drop() is False
    assert place.files.list("new/folder") == []


async def test_rows_survive_closing_and_opening(place: Place) -> None:
    async with place.opened() as database:
        await database.execute(TABLE)
        await database.execute(INSERT, ("kept",))
    async with place.opened() as database:
        assert await database.fetch(TEXTS) == [("kept",)]


async def test_a_folder_that_cannot_be_made_is_named(place: Place) -> None:
    place.files.write_text("new", "a file where the folder should be")
    with pytest.raises(DatabaseUnavailableError, match="'default' cannot be made"):
        await place.database().open()


# Settings


async def test_foreign_keys_wal_and_no_waiting_inside_sqlite_are_the_default(place: Place) -> None:
    # Regression: no WAL, foreign keys off and a busy timeout that blocked the process.
    async with place.opened() as database, database.transaction():
        assert await database.fetch("PRAGMA foreign_keys") == [(1,)]
        assert await database.fetch("PRAGMA journal_mode") == [("wal",)]
        assert await database.fetch("PRAGMA busy_timeout") == [(0,)]


async def test_the_users_pragmas_override_the_defaults(place: Place) -> None:
    pragmas = {"synchronous": "extra", "cache_size": -4000}
    async with place.opened(pragmas=pragmas) as database:
        assert await database.fetch("PRAGMA cache_size") == [(-4000,)]
        assert await database.fetch("PRAGMA synchronous") == [(3,)]
        await database.execute(TABLE)
        async with database.transaction():
            await database.execute(INSERT, ("synced",))
        await database.execute(INSERT, ("synced, too",))
        assert await database.fetch(TEXTS) == [("synced",), ("synced, too",)]


async def test_a_rollback_journal_works_too(place: Place) -> None:
    async with place.opened(pragmas={"journal_mode": "delete"}) as database:
        await database.execute(TABLE)
        await asyncio.gather(*(database.execute(INSERT, (str(n),)) for n in range(5)))
        assert len(await database.fetch(TEXTS)) == 5


def test_an_unknown_pragma_is_refused_with_close_matches(place: Place) -> None:
    with pytest.raises(UnknownOptionError, match="Did you mean 'foreign_keys'"):
        place.database(pragmas={"foreign_key": "on"})


def test_a_pragma_value_cannot_carry_sql(place: Place) -> None:
    with pytest.raises(ConfigurationError, match="number or a word"):
        place.database(pragmas={"synchronous": "off; DROP TABLE notes"})


# Read-only


async def test_a_read_only_database_reads_and_refuses_every_write(place: Place) -> None:
    async with place.opened() as database:
        await database.execute(TABLE)
        await database.execute(INSERT, ("kept",))
    async with place.opened(read_only=True) as database:
        assert await database.fetch(TEXTS) == [("kept",)]
        with pytest.raises(ReadOnlyDatabaseError, match="read_only=True"):
            await database.execute(INSERT, ("refused",))
        async with database.transaction():
            assert await database.fetch(TEXTS) == [("kept",)]
            # Regression: a guard that looked at the first keyword let this one pass.
            with pytest.raises(ReadOnlyDatabaseError):
                await database.execute(
                    "WITH x AS (SELECT 1) INSERT INTO notes (id) SELECT * FROM x"
                )
        with pytest.raises(ReadOnlyDatabaseError):
            await database.drop()


async def test_a_read_only_database_must_exist(place: Place) -> None:
    database = place.database(read_only=True)
    with pytest.raises(DatabaseUnavailableError, match="must exist already"):
        await database.open()
    with pytest.raises(ReadOnlyDatabaseError, match="does not exist"):
        await database.create()


# Damaged and full


async def test_a_file_that_is_no_database_is_reported_and_left_alone(place: Place) -> None:
    place.files.write_text("new/folder/notes.sqlite3", "This is a letter. " * 100)
    database = place.database()
    with pytest.raises(DatabaseCorruptError, match="left as it is"):
        await database.open()
    with pytest.raises(DatabaseCorruptError):
        await database.fetch("SELECT 1")
    assert place.files.read_text("new/folder/notes.sqlite3").startswith("This is a letter.")


async def test_a_full_disk_is_reported_and_the_write_is_undone(place: Place) -> None:
    async with place.opened(pragmas={"max_page_count": 20}) as database:
        await database.execute(TABLE)
        with pytest.raises(StorageFullError, match="was not stored"):
            await database.execute(INSERT, ("x" * 200_000,))
        await database.execute(INSERT, ("small",))
        assert await database.fetch(TEXTS) == [("small",)]


async def test_nothing_is_stored_after_sqlite_gave_a_transaction_up(place: Place) -> None:
    async with place.opened() as database:
        await database.execute(TABLE)
        await database.execute("CREATE UNIQUE INDEX one ON notes (text)")
        with pytest.raises(TransactionError, match="rolled back the transaction by itself"):
            async with database.transaction():
                await database.execute(INSERT, ("a",))
                with pytest.raises(Exception, match="exists"):
                    await database.execute("INSERT OR ROLLBACK INTO notes (text) VALUES ('a')")
                await database.execute(INSERT, ("b",))
        assert await database.fetch(TEXTS) == []
        await database.execute(INSERT, ("c",))
        assert await database.fetch(TEXTS) == [("c",)]


async def test_a_block_that_swallowed_a_lost_transaction_fails_at_its_end(place: Place) -> None:
    async with place.opened() as database:
        await database.execute(TABLE)
        await database.execute("CREATE UNIQUE INDEX one ON notes (text)")
        with pytest.raises(TransactionError, match="rolled back the transaction by itself"):
            async with database.transaction():
                await database.execute(INSERT, ("a",))
                with pytest.raises(Exception, match="exists"):
                    await database.execute("INSERT OR ROLLBACK INTO notes (text) VALUES ('a')")


# Locks of others


async def test_waits_for_the_lock_of_another_connection_without_blocking_the_loop(
    place: Place,
) -> None:
    # Regression: the retry looked at the beginning of the message and never fired.
    async with place.opened() as database, place.opened() as other:
        await database.execute(TABLE)
        ticks = 0

        async def hold() -> None:
            nonlocal ticks
            async with other.transaction():
                for _ in range(20):
                    await asyncio.sleep(0.002)
                    ticks += 1

        holder = asyncio.create_task(hold())
        await asyncio.sleep(0.001)
        await database.execute(INSERT, ("patient",))
        assert ticks == 20
        await holder
        assert await other.fetch(TEXTS) == [("patient",)]


async def test_a_lock_held_for_too_long_is_reported(place: Place) -> None:
    async with place.opened(busy_timeout=0.02) as database, place.opened() as other:
        async with other.transaction():
            with pytest.raises(DatabaseLockedError, match="busy_timeout"):
                await asyncio.create_task(_transact(database))
            with pytest.raises(DatabaseLockedError, match="locked"):
                await database.execute(TABLE)
        await database.execute(TABLE)
        await database.execute(INSERT, ("later",))


async def _transact(database: Database) -> None:
    async with database.transaction():
        await database.execute(INSERT, ("never",))
