"""The lock whose waiters come in order."""

from __future__ import annotations

import asyncio

import pytest

from velocious.database.fair_lock import FairLock


async def test_goes_to_its_waiters_in_the_order_they_came() -> None:
    lock = FairLock()
    order: list[int] = []

    async def take(number: int) -> None:
        await lock.acquire()
        order.append(number)
        await asyncio.sleep(0)
        lock.release()

    await lock.acquire()
    tasks = [asyncio.create_task(take(number)) for number in range(5)]
    await asyncio.sleep(0)
    lock.release()
    await asyncio.gather(*tasks)
    assert order == [0, 1, 2, 3, 4]
    assert not lock.held


async def test_a_busy_task_cannot_starve_a_waiter() -> None:
    lock = FairLock()
    await lock.acquire()
    waiter = asyncio.create_task(lock.acquire())
    await asyncio.sleep(0)
    lock.release()
    again = asyncio.create_task(lock.acquire())
    await asyncio.sleep(0)
    assert waiter.done()
    assert not again.done()
    lock.release()
    await again


async def test_a_cancelled_waiter_leaves_the_queue() -> None:
    lock = FairLock()
    await lock.acquire()
    first, second = asyncio.create_task(lock.acquire()), asyncio.create_task(lock.acquire())
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    lock.release()
    await second
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_a_waiter_cancelled_with_its_turn_in_hand_passes_it_on() -> None:
    lock = FairLock()
    await lock.acquire()
    first, second = asyncio.create_task(lock.acquire()), asyncio.create_task(lock.acquire())
    await asyncio.sleep(0)
    lock.release()
    first.cancel()
    await second
    with pytest.raises(asyncio.CancelledError):
        await first
    lock.release()
    assert not lock.held
