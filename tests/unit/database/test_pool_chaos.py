"""The pool under everything at once: whatever happens in whatever order, nothing leaks and nobody
shares.
"""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

import pytest

from tests.unit.database.pool_fakes import FakeServer
from velocious.errors import DatabaseError, DatabaseUnreachableError

if TYPE_CHECKING:
    from tests.unit.database.pool_fakes import FakeConnection
    from velocious.database.pool import Pool

MAXIMUM = 3


async def use(pool: Pool[FakeConnection], chance: random.Random) -> None:
    """Take a connection, and leave it in whatever state a task may leave one in."""
    try:
        connection = pool.take() or await pool.acquire()
    except DatabaseError:
        return
    try:
        connection.users += 1
        assert connection.users == 1, "two tasks had one connection"
        assert not connection.is_closed
        assert not connection.in_transaction
        for _ in range(chance.randrange(4)):
            await asyncio.sleep(0)
        fate = chance.random()
        if fate < 0.1:
            connection.is_closed = True
        elif fate < 0.3:
            connection.in_transaction = True
        elif fate < 0.35:
            connection.alive = False
    finally:
        connection.users -= 1
        pool.release(connection)


async def disturb(server: FakeServer, pool: Pool[FakeConnection], chance: random.Random) -> None:
    """What a server and time do meanwhile."""
    match chance.randrange(5):
        case 0:
            server.die()
        case 1:
            server.failure = DatabaseUnreachableError("restarting")
        case 2:
            server.now += chance.choice((1, 10, 1000))
        case 3:
            pool.sweep()
        case _:
            server.failure = None
    await asyncio.sleep(0)


@pytest.mark.parametrize("seed", range(40))
async def test_nothing_leaks_whatever_happens(seed: int) -> None:
    chance = random.Random(seed)
    server = FakeServer()
    pool = server.pool(
        minimum=chance.randrange(3),
        maximum=MAXIMUM,
        timeout=0.05,
        idle_timeout=60,
        max_lifetime=500,
    )
    tasks: list[asyncio.Task[None]] = []
    for _ in range(60):
        tasks.append(asyncio.create_task(use(pool, chance)))
        if chance.random() < 0.3:
            await disturb(server, pool, chance)
        if chance.random() < 0.2:
            chance.choice(tasks).cancel()
        assert len(server.open) <= MAXIMUM
    server.failure = None
    # Time goes on, so that pauses between two tries end.
    server.now += 10
    async with asyncio.timeout(10):
        results = await asyncio.gather(*tasks, return_exceptions=True)
    wrong = [one for one in results if isinstance(one, Exception)]
    assert wrong == []
    assert server.most_open <= MAXIMUM
    # The pool is whole: all its places can be had at once, and are free afterwards.
    async with asyncio.timeout(10):
        all_of_them = [await pool.acquire() for _ in range(MAXIMUM)]
    assert len(set(all_of_them)) == MAXIMUM
    for connection in all_of_them:
        pool.release(connection)
    await pool.close()
    after = pool.statistics()
    assert (after.open, after.idle, after.in_use, after.waiting) == (0, 0, 0, 0)
    assert server.open == []


@pytest.mark.parametrize("seed", range(20))
async def test_closing_in_the_middle_leaves_nothing_open(seed: int) -> None:
    chance = random.Random(seed)
    server = FakeServer()
    pool = server.pool(maximum=MAXIMUM, timeout=0.2)
    tasks = [asyncio.create_task(use(pool, chance)) for _ in range(20)]
    for _ in range(chance.randrange(6)):
        await asyncio.sleep(0)
    async with asyncio.timeout(10):
        await pool.close(timeout=1)
        results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [one for one in results if isinstance(one, Exception)] == []
    assert server.open == []
    assert pool.statistics().open == 0
