"""What is done, by raw ``sqlite3`` and by Velocious, in the worker of a page.

Law: both write and read the same rows of the same table, each in a database of its own in OPFS,
where an acknowledged commit has reached the disk. ``side.mjs`` does the same in JavaScript.
"""

from __future__ import annotations

import gc
import sqlite3
from time import perf_counter
from typing import TYPE_CHECKING

from velocious.record import Attribute, Record

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from velocious.database.database import Database

TABLE = "CREATE TABLE entries (id INTEGER PRIMARY KEY NOT NULL, number INTEGER, text VARCHAR(255))"
INSERT = "INSERT INTO entries (number, text) VALUES (?, ?)"
SELECT = "SELECT id, number, text FROM entries"
PRAGMAS = ("journal_mode=wal", "synchronous=full", "foreign_keys=on")

#: Rows of a small transaction.
GROUP = 5


class Entry(Record):
    number: Attribute[int]
    text: Attribute[str]


def values(count: int) -> list[tuple[int, str]]:
    """The rows to write: the same for everybody."""
    return [(number, f"the text of the row {number}") for number in range(count)]


def connect(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def make(path: str) -> None:
    """The database at *path* with an empty table."""
    connection = connect(path)
    connection.execute(TABLE)
    connection.close()


class Raw:
    """The standard library's sqlite3, as somebody would write it who wants it fast."""

    def __init__(self, path: str) -> None:
        self.connection = connect(path)

    def commits(self, count: int) -> int:
        execute = self.connection.execute
        for row in values(count):
            execute(INSERT, row)
        return count

    def transactions(self, count: int) -> int:
        execute = self.connection.execute
        rows = values(count)
        for start in range(0, count, GROUP):
            execute("BEGIN")
            for row in rows[start : start + GROUP]:
                execute(INSERT, row)
            execute("COMMIT")
        return count

    def creates(self, count: int) -> int:
        execute = self.connection.execute
        execute("BEGIN")
        for row in values(count):
            execute(INSERT, row)
        execute("COMMIT")
        return count

    def bulk(self, count: int) -> int:
        self.connection.execute("BEGIN")
        self.connection.executemany(INSERT, values(count))
        self.connection.execute("COMMIT")
        return count

    def select(self, count: int) -> int:
        return sum([row[1] for row in self.connection.execute(SELECT).fetchall()])

    def points(self, count: int) -> int:
        execute = self.connection.execute
        return sum(
            execute(f"{SELECT} WHERE id = ?", (key,)).fetchone()[1] for key in range(1, count + 1)
        )


class Records:
    """Velocious through its public API."""

    async def commits(self, count: int) -> int:
        for number, text in values(count):
            await Entry.create(number=number, text=text)
        return count

    async def transactions(self, count: int) -> int:
        rows = values(count)
        for start in range(0, count, GROUP):
            async with Entry.transaction():
                for number, text in rows[start : start + GROUP]:
                    await Entry.create(number=number, text=text)
        return count

    async def creates(self, count: int) -> int:
        async with Entry.transaction():
            for number, text in values(count):
                await Entry.create(number=number, text=text)
        return count

    async def bulk(self, count: int) -> int:
        return (await Entry.insert_multiple(["number", "text"], values(count))).inserted

    async def select(self, count: int) -> int:
        return sum([entry.number for entry in await Entry.to_list()])

    async def points(self, count: int) -> int:
        total = 0
        for key in range(1, count + 1):
            total += (await Entry.find(key)).number
        return total


class Statements:
    """Velocious without records: what ``database.execute`` costs by itself."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def commits(self, count: int) -> int:
        for row in values(count):
            await self.database.execute(INSERT, row)
        return count

    async def transactions(self, count: int) -> int:
        rows = values(count)
        for start in range(0, count, GROUP):
            async with self.database.transaction():
                for row in rows[start : start + GROUP]:
                    await self.database.execute(INSERT, row)
        return count

    async def creates(self, count: int) -> int:
        async with self.database.transaction():
            for row in values(count):
                await self.database.execute(INSERT, row)
        return count

    async def bulk(self, count: int) -> int:
        await self.database.execute_many(INSERT, values(count))
        return count

    async def select(self, count: int) -> int:
        return sum([row[1] for row in (await self.database.execute(SELECT)).rows])

    async def points(self, count: int) -> int:
        total = 0
        for key in range(1, count + 1):
            total += (await self.database.execute(f"{SELECT} WHERE id = ?", (key,))).rows[0][1]
        return total


async def timed(work: Callable[[int], int | Awaitable[int]], count: int) -> tuple[float, int]:
    """Milliseconds, and what came of it."""
    gc.collect()
    started = perf_counter()
    outcome = work(count)
    if not isinstance(outcome, int):
        outcome = await outcome
    return (perf_counter() - started) * 1000, outcome


def prepare(path: str, rows: int) -> None:
    """Leave exactly *rows* rows, and no log that whoever comes first would have to pay for."""
    connection = connect(path)
    connection.execute("DELETE FROM entries")
    if rows:
        connection.execute("BEGIN")
        connection.executemany(INSERT, values(rows))
        connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
