"""How long does one slow query keep everything else waiting?

Runs a SELECT of about two seconds in several ways beside a task that wakes every millisecond, and
prints the longest pause that the task saw, and what each way costs for a primary-key read. The
first line, where nothing runs, shows what the machine itself does to the loop.

    python benchmarks/event_loop.py [seconds]
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from velocious.database.database import Database
from velocious.database.settings import parse_settings
from velocious_node import NodeEnvironmentHandler

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

type Fetch = Callable[[str, tuple[Any, ...]], Awaitable[list[Any]]]

COUNT = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
    "SELECT max(i) FROM n"
)
BY_KEY = "SELECT id, name FROM tasks WHERE id = ?"
READS = 20_000


class Heartbeat:
    """Wakes every millisecond and remembers its longest pause."""

    longest = 0.0

    async def __aenter__(self) -> Heartbeat:
        self._task = asyncio.create_task(self._beat())
        await asyncio.sleep(0.01)
        self.longest = 0.0
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.sleep(0.01)
        self._task.cancel()

    async def _beat(self) -> None:
        last = perf_counter()
        while True:
            await asyncio.sleep(0.001)
            now = perf_counter()
            self.longest = max(self.longest, now - last)
            last = now


def steps_for(seconds: float, raw: sqlite3.Connection) -> int:
    """How far to count for a query of about *seconds* on this machine."""
    started = perf_counter()
    raw.execute(COUNT, (200_000,)).fetchall()
    return int(200_000 * seconds / (perf_counter() - started))


async def measure(name: str, fetch: Fetch, steps: int) -> None:
    """Print the longest pause during the slow query and the time of a fast one."""
    async with Heartbeat() as heartbeat:
        started = perf_counter()
        await fetch(COUNT, (steps,))
        seconds = perf_counter() - started
    started = perf_counter()
    for key in range(READS):
        await fetch(BY_KEY, (key % 1000 + 1,))
    by_key = (perf_counter() - started) / READS
    print(
        f"{name:<24} slow query {seconds:5.2f} s   longest pause {heartbeat.longest * 1e3:8.1f} ms"
        f"   by key {by_key * 1e6:6.1f} µs"
    )


async def plain_inline(raw: sqlite3.Connection) -> Fetch:
    async def fetch(sql: str, params: tuple[Any, ...]) -> list[Any]:
        return raw.execute(sql, params).fetchall()

    return fetch


async def thread_per_call(raw: sqlite3.Connection, executor: ThreadPoolExecutor) -> Fetch:
    loop = asyncio.get_running_loop()

    async def fetch(sql: str, params: tuple[Any, ...]) -> list[Any]:
        return await loop.run_in_executor(executor, lambda: raw.execute(sql, params).fetchall())

    return fetch


async def compare(folder: Path, seconds: float) -> None:
    """Measure plain inline calls, a thread for each call, and ours."""
    handler = NodeEnvironmentHandler()
    settings = parse_settings("default", "sqlite:///loop.sqlite3")
    database = Database(settings, handler.drivers()["sqlite"], handler.files(str(folder)))
    await database.execute("CREATE TABLE tasks (id INTEGER PRIMARY KEY, name TEXT)")
    rows = [(f"Task {number}",) for number in range(1000)]
    await database.execute_many("INSERT INTO tasks (name) VALUES (?)", rows)
    raw = sqlite3.connect(folder / "loop.sqlite3", check_same_thread=False)
    steps = steps_for(seconds, raw)
    async with Heartbeat() as heartbeat:
        await asyncio.sleep(seconds)
    print(f"{'nothing at all':<45} longest pause {heartbeat.longest * 1e3:8.1f} ms")
    await measure("plain sqlite3, inline", await plain_inline(raw), steps)
    with ThreadPoolExecutor(1) as executor:
        await measure("a thread per call", await thread_per_call(raw, executor), steps)
    await measure("velocious, first time", database.fetch, steps)
    await measure("velocious, remembered", database.fetch, steps)
    async with database.transaction():
        await measure("velocious, transaction", database.fetch, steps + 1)
    raw.close()
    await database.close()


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 2.0
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(compare(Path(folder), seconds))


if __name__ == "__main__":
    main()
