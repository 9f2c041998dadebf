"""What the tests of many tabs have a tab do."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from app.models.line import Line

from velocious.configuration import Configuration
from velocious.errors import TransactionLostError
from velocious.migration import Migrator
from velocious_browser.actions import action

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

ROWS = "SELECT writer, count(*), count(DISTINCT number), max(number) FROM lines GROUP BY writer"


class Writer:
    """Writes lines, some alone, some in a transaction; notes what it is told is stored."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.number = 0
        self.lost = 0
        self.gaps: list[tuple[float, str]] = []
        self.failure = ""
        self.task = asyncio.create_task(self._write())

    async def _write(self) -> None:
        last = time.perf_counter()
        while True:
            try:
                if self.number % 50 == 0:
                    await self._write_five()
                    self.number += 5
                else:
                    await Line.create(writer=self.name, number=self.number + 1)
                    self.number += 1
            except TransactionLostError:
                self.lost += 1
                continue
            except Exception as error:
                self.failure = repr(error)
                raise
            now = time.perf_counter()
            self.gaps.append((now - last, self.name))
            last = now
            # The page and the other tabs get their share of the processor.
            await asyncio.sleep(0.005)

    async def _write_five(self) -> None:
        async with Line.transaction():
            for place in range(1, 6):
                await Line.create(writer=self.name, number=self.number + place)


_writers: list[Writer] = []
_held: list[asyncio.Task[None]] = []


@action("tabs.prepare")
async def prepare() -> None:
    """Make the table, empty."""
    await Migrator(Configuration.current()).migrate()
    await Configuration.current().database().execute("DELETE FROM lines")


@action("tabs.add")
async def add(writer: str, number: int = 1) -> None:
    await Line.create(writer=writer, number=number)


@action("tabs.rows")
async def rows() -> dict[str, list[int]]:
    """For each writer: rows, different numbers, the highest of them."""
    found = await Configuration.current().database().fetch(ROWS)
    return {writer: counts for writer, *counts in found}


@action("tabs.write")
async def write(name: str) -> None:
    _writers[:] = [Writer(name)]


@action("tabs.told")
async def told() -> dict[str, Any]:
    writer = _writers[0]
    gap = max((gap for gap, _ in writer.gaps), default=0)
    return {
        "number": writer.number,
        "gap": gap * 1000,
        "lost": writer.lost,
        "failure": writer.failure,
    }


@action("tabs.forget_gaps")
async def forget_gaps() -> None:
    _writers[0].gaps.clear()


@action("tabs.stop")
async def stop() -> dict[str, Any]:
    _writers[0].task.cancel()
    await asyncio.wait([_writers[0].task])
    return await told()


@action("tabs.hold")
async def hold() -> None:
    """Open a transaction with a row in it, and leave it open."""
    begun = asyncio.Event()

    async def keep() -> None:
        async with Line.transaction():
            await Line.create(writer="held", number=1)
            begun.set()
            await asyncio.Event().wait()

    _held.append(asyncio.create_task(keep()))
    await begun.wait()


@action("tabs.measure")
async def measure(count: int) -> dict[str, float]:
    """Milliseconds of a select, a statement and a record, each the mean of *count*."""
    database = Configuration.current().database()
    insert = "INSERT INTO lines (writer, number) VALUES ('m', ?)"
    return {
        "select": await _mean(count, lambda _: database.fetch("SELECT 1")),
        "insert": await _mean(count, lambda number: database.execute(insert, (number,))),
        "create": await _mean(count, lambda number: Line.create(writer="m", number=number)),
    }


async def _mean(count: int, work: Callable[[int], Awaitable[object]]) -> float:
    # A browser's clock shows tenths of milliseconds: too coarse for one of them.
    began = time.perf_counter()
    for number in range(count):
        await work(number)
    return (time.perf_counter() - began) / count * 1000


@action("tabs.hurry")
async def hurry() -> None:
    """Read and write without a pause until the tab is closed."""
    database = Configuration.current().database()

    async def run() -> None:
        while True:
            await database.execute("INSERT INTO lines (writer, number) VALUES ('hurry', 1)")
            await database.fetch("SELECT count(*) FROM lines WHERE number = 2")

    _held.append(asyncio.create_task(run()))


@action("tabs.writers")
async def writers() -> list[str]:
    return await Line.order("id").pluck("writer")


@action("tabs.linger")
async def linger() -> None:
    """Never return."""
    await asyncio.Event().wait()


@action("tabs.clock")
async def clock() -> float:
    """Seconds since 1970, as Python sees them."""
    return time.time()
