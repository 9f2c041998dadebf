"""Several processes and one database file."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.node.heartbeat import Heartbeat
from velocious.database.database import Database
from velocious.database.settings import parse_settings
from velocious.errors import DatabaseLockedError
from velocious_node import NodeEnvironmentHandler

if TYPE_CHECKING:
    from pathlib import Path

WRITER = """
import asyncio, sys
from velocious.database.database import Database
from velocious.database.settings import parse_settings
from velocious_node import NodeEnvironmentHandler

async def main():
    handler = NodeEnvironmentHandler()
    settings = parse_settings("default", "sqlite:///" + sys.argv[1])
    database = Database(settings, handler.drivers()["sqlite"], handler.files(None))
    number = 0
    while True:
        number += 1
        await database.execute("INSERT INTO notes (text) VALUES (?)", (str(number),))
        print(number, flush=True)

asyncio.run(main())
"""


def open_database(path: Path, busy_timeout: float = 5.0) -> Database:
    handler = NodeEnvironmentHandler()
    settings = parse_settings("default", {"url": f"sqlite:///{path}", "busy_timeout": busy_timeout})
    return Database(settings, handler.drivers()["sqlite"], handler.files(None))


async def make(path: Path) -> Database:
    database = open_database(path)
    await database.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)")
    return database


async def test_a_lock_of_another_program_never_blocks_the_loop(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite3"
    await (await make(path)).close()
    other = sqlite3.connect(path, autocommit=True)
    other.execute("BEGIN IMMEDIATE")
    database = open_database(path, busy_timeout=0.2)
    async with Heartbeat() as heartbeat:
        with pytest.raises(DatabaseLockedError):
            await database.execute("INSERT INTO notes (text) VALUES ('refused')")
    assert heartbeat.steady
    waiting = asyncio.create_task(database.execute("INSERT INTO notes (text) VALUES ('late')"))
    await asyncio.sleep(0.01)
    other.execute("ROLLBACK")
    other.close()
    await waiting
    assert await database.fetch("SELECT text FROM notes") == [("late",)]
    await database.close()


@pytest.mark.parametrize("kills", [3])
async def test_a_killed_process_loses_no_acknowledged_row(tmp_path: Path, kills: int) -> None:
    path = tmp_path / "notes.sqlite3"
    await (await make(path)).close()
    acknowledged = 0
    for _ in range(kills):
        acknowledged += _write_and_kill(path)
        database = open_database(path)
        assert await database.fetch("PRAGMA integrity_check") == [("ok",)]
        [(stored,)] = await database.fetch("SELECT count(*) FROM notes")
        assert stored >= acknowledged
        acknowledged = stored
        await database.close()


def _write_and_kill(path: Path) -> int:
    """Let a process write, kill it without warning; how many rows it had acknowledged."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for _ in range(500):
            assert process.stdout.readline()
        process.kill()
        return 500 + len(process.stdout.read().split("\n")[:-1])


async def test_a_file_that_another_process_is_opening_for_the_first_time_is_waited_for(
    tmp_path: Path,
) -> None:
    path = tmp_path / "notes.sqlite3"
    other = sqlite3.connect(path, autocommit=True)
    other.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)")
    other.execute("BEGIN EXCLUSIVE")
    database = open_database(path)
    opening = asyncio.create_task(database.open())
    await asyncio.sleep(0.05)
    assert not opening.done()
    other.execute("COMMIT")
    other.close()
    await opening
    assert await database.fetch("SELECT COUNT(*) FROM notes") == [(0,)]
    await database.close()
