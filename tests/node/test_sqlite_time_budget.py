"""A slow statement on a server does not keep the event loop waiting."""

from __future__ import annotations

import asyncio
import threading
from contextlib import asynccontextmanager
from time import perf_counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.node.heartbeat import MOST_PAUSE, Heartbeat
from velocious.database.database import Database
from velocious.database.settings import parse_settings
from velocious.database.sqlite.statement_kind import BULK_WRITE, READ, SLOW_READ
from velocious_node import NodeEnvironmentHandler
from velocious_node.database.sqlite_driver import NodeSqliteDriver

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator
    from pathlib import Path

COUNT = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
    "SELECT max(i) FROM n"
)
INSERT = "INSERT INTO tasks (name) VALUES (?)"
SLOW = 20_000_000
FAST = 10


@asynccontextmanager
async def opened(directory: Path, **options: Any) -> AsyncGenerator[Database]:
    handler = NodeEnvironmentHandler()
    settings = parse_settings("default", {"url": "sqlite:///tasks.sqlite3", **options})
    database = Database(settings, handler.drivers()["sqlite"], handler.files(str(directory)))
    await database.execute("CREATE TABLE tasks (id INTEGER PRIMARY KEY, name TEXT)")
    try:
        yield database
    finally:
        await database.close()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with opened(tmp_path) as database:
        yield database


def driver_of(database: Database) -> NodeSqliteDriver:
    driver = database._driver
    assert isinstance(driver, NodeSqliteDriver)
    return driver


async def test_a_slow_select_leaves_the_loop_free(database: Database) -> None:
    async with Heartbeat() as heartbeat:
        assert await database.fetch(COUNT, (SLOW // 4,)) == [(SLOW // 4,)]
    assert heartbeat.steady


async def test_a_slow_select_in_a_transaction_leaves_the_loop_free(database: Database) -> None:
    async with database.transaction():
        await database.execute(INSERT, ("kept",))
        async with Heartbeat() as heartbeat:
            assert await database.fetch(COUNT, (SLOW // 4,)) == [(SLOW // 4,)]
    assert heartbeat.steady
    assert await database.fetch("SELECT name FROM tasks") == [("kept",)]


async def test_a_long_result_leaves_the_loop_free(database: Database) -> None:
    rows = [(f"Task {n}",) for n in range(100_000)]
    await database.execute_many(INSERT, rows)
    async with Heartbeat() as heartbeat:
        fetched = await database.fetch("SELECT name FROM tasks ORDER BY id")
    assert fetched == rows
    # The rows are compared, and collected as garbage, outside of the beat.
    assert heartbeat.pause < MOST_PAUSE


async def test_fast_reads_never_leave_the_loops_thread(database: Database) -> None:
    before = threading.active_count()
    for _ in range(100):
        await database.fetch(COUNT, (FAST,))
    assert threading.active_count() == before


async def test_other_reads_and_writes_go_on_beside_a_slow_select(database: Database) -> None:
    slow = asyncio.create_task(database.fetch(COUNT, (SLOW // 4,)))
    await asyncio.sleep(0.02)
    await database.execute(INSERT, ("meanwhile",))
    assert await database.fetch("SELECT name FROM tasks") == [("meanwhile",)]
    assert not slow.done()
    assert await slow == [(SLOW // 4,)]


async def test_a_select_in_a_transaction_sees_its_rows_after_moving_to_the_thread(
    database: Database,
) -> None:
    async with database.transaction():
        await database.execute(INSERT, ("uncommitted",))
        rows = await database.fetch(
            f"SELECT name, ({COUNT}) FROM tasks",
            (SLOW // 20,),
        )
        assert rows == [("uncommitted", SLOW // 20)]


async def test_more_slow_selects_than_readers_wait_for_their_turn(tmp_path: Path) -> None:
    async with opened(tmp_path, pool=2) as database:
        answers = await asyncio.gather(*(database.fetch(COUNT, (400_000,)) for _ in range(6)))
    assert answers == [[(400_000,)]] * 6


# What is remembered


async def test_a_slow_statement_starts_in_the_thread_the_next_time(database: Database) -> None:
    kinds = driver_of(database).kinds
    assert kinds[COUNT] == READ
    await database.fetch(COUNT, (SLOW // 20,))
    assert kinds[COUNT] == SLOW_READ


async def test_a_statement_that_has_become_fast_runs_inline_again(database: Database) -> None:
    kinds = driver_of(database).kinds
    await database.fetch(COUNT, (SLOW // 20,))
    await database.fetch(COUNT, (FAST,))
    assert kinds[COUNT] == READ


async def test_a_write_that_took_long_goes_to_the_thread_the_next_time(database: Database) -> None:
    await database.execute_many(INSERT, ((f"Task {n}",) for n in range(100_000)))
    update = "UPDATE tasks SET name = name || '!' WHERE id > ?"
    await database.execute(update, (0,))
    assert driver_of(database).kinds[update] == BULK_WRITE


async def test_a_read_that_was_stopped_keeps_no_snapshot_of_the_rows(database: Database) -> None:
    # It stands on the reader's only cursor, half read: a row first, then a long count.
    stopped = f"SELECT name FROM tasks UNION ALL SELECT ({COUNT})"
    await database.execute(INSERT, ("before",))
    assert len(await database.fetch(stopped, (SLOW // 20,))) == 2
    assert driver_of(database).kinds[stopped] == SLOW_READ
    await database.execute(INSERT, ("after",))
    assert await database.fetch("SELECT name FROM tasks") == [("before",), ("after",)]


async def test_the_budget_can_be_set(tmp_path: Path) -> None:
    async with opened(tmp_path, time_budget=10.0) as database:
        await database.fetch(COUNT, (SLOW // 50,))
        assert driver_of(database).kinds[COUNT] == READ


# Writes


@pytest.mark.parametrize("sql", ["UPDATE tasks SET name = 'x'", "DELETE FROM tasks"])
async def test_a_write_to_every_row_leaves_the_loop_free(database: Database, sql: str) -> None:
    await database.execute_many(INSERT, [(f"Task {n}" * 10,) for n in range(200_000)])
    async with Heartbeat() as heartbeat:
        result = await database.execute(sql)
    assert result.rowcount == 200_000
    assert heartbeat.steady


async def test_an_unbounded_write_leaves_the_loops_thread(database: Database) -> None:
    ran = threading.active_count()
    await database.execute(INSERT, ("inline",))
    assert threading.active_count() == ran
    await database.execute(INSERT, ("in the thread",), unbounded=True)
    assert threading.active_count() >= ran
    assert len(await database.fetch("SELECT name FROM tasks")) == 2


async def test_writes_are_never_interrupted(tmp_path: Path) -> None:
    async with opened(tmp_path, time_budget=0.0) as database:
        await database.execute_many(INSERT, [(f"Task {n}",) for n in range(50_000)])
        sql = "UPDATE tasks SET name = 'x' WHERE id > ?"
        assert (await database.execute(sql, (0,))).rowcount == 50_000
        assert (await database.execute(sql, (0,))).rowcount == 50_000


# Cancelling


async def test_a_cancelled_task_stops_its_query_in_the_thread(database: Database) -> None:
    started = perf_counter()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await database.fetch(COUNT, (SLOW * 10,))
    assert perf_counter() - started < 2
    assert await database.fetch("SELECT 1") == [(1,)]
    # The interrupted reader is used again.
    assert await database.fetch(COUNT, (SLOW // 20,)) == [(SLOW // 20,)]


async def test_a_cancelled_query_leaves_its_transaction_usable(database: Database) -> None:
    async with database.transaction():
        await database.execute(INSERT, ("before",))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await database.fetch(COUNT, (SLOW * 10,))
        await database.execute(INSERT, ("after",))
    assert await database.fetch("SELECT name FROM tasks") == [("before",), ("after",)]


async def test_a_task_cancelled_during_a_query_rolls_its_transaction_back(
    database: Database,
) -> None:
    async def work() -> None:
        async with database.transaction():
            await database.execute(INSERT, ("lost",))
            await database.fetch(COUNT, (SLOW * 10,))

    task = asyncio.create_task(work())
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await database.execute(INSERT, ("kept",))
    assert await database.fetch("SELECT name FROM tasks") == [("kept",)]


async def test_a_bulk_write_cancelled_in_a_savepoint_keeps_the_outer_work(
    database: Database,
) -> None:
    rows = ((f"Task {n}",) for n in range(10_000_000))
    async with database.transaction():
        await database.execute(INSERT, ("outer",))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await database.execute_many(INSERT, rows)
    assert await database.fetch("SELECT name FROM tasks") == [("outer",)]


async def test_a_cancelled_write_outside_of_a_transaction_is_stopped_and_undone(
    database: Database,
) -> None:
    endless = "INSERT INTO tasks (name) " + COUNT.replace("max(i)", "i")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await database.execute(endless, (SLOW * 100,))
    assert await database.fetch("SELECT count(*) FROM tasks") == [(0,)]
