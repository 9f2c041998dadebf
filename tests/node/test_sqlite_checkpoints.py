"""The write-ahead log is emptied in a thread."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import pytest

from tests.node.heartbeat import Heartbeat
from velocious.database.database import Database
from velocious.database.settings import parse_settings
from velocious_node import NodeEnvironmentHandler
from velocious_node.database.sqlite_checkpoints import LIMIT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

INSERT = "INSERT INTO notes (text) VALUES (?)"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    handler = NodeEnvironmentHandler()
    settings = parse_settings("default", "sqlite:///notes.sqlite3")
    database = Database(settings, handler.drivers()["sqlite"], handler.files(str(tmp_path)))
    await database.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)")
    yield database
    await database.close()


async def test_the_log_stays_short_while_rows_are_written(
    database: Database, tmp_path: Path
) -> None:
    longest = 0
    for number in range(3_000):
        await database.execute(INSERT, (f"{number}" * 1_000,))
        longest = max(longest, os.stat(tmp_path / "notes.sqlite3-wal").st_size)
        if number % 64 == 0:
            await asyncio.sleep(0)
    assert longest > LIMIT
    assert longest < LIMIT * 8
    assert await database.fetch("SELECT count(*) FROM notes") == [(3_000,)]


async def test_no_write_waits_for_a_checkpoint(database: Database) -> None:
    async with Heartbeat() as heartbeat:
        for number in range(2_000):
            await database.execute(INSERT, (f"{number}" * 1_000,))
            await asyncio.sleep(0)
    assert heartbeat.steady


async def test_rows_are_there_after_closing_with_a_long_log(
    database: Database, tmp_path: Path
) -> None:
    await database.execute_many(INSERT, (("x" * 1_000,) for _ in range(20_000)))
    await database.close()
    assert os.listdir(tmp_path) == ["notes.sqlite3"]
    assert await database.fetch("SELECT count(*) FROM notes") == [(20_000,)]
