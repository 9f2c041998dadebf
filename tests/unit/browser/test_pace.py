"""Pauses of tasks that run one statement after another."""

from __future__ import annotations

import asyncio
from time import perf_counter

from velocious_browser.tabs.pace import LONGEST, PAUSE, Pace

PATIENCE = 30.0


async def test_a_task_that_never_waits_makes_a_pause_for_the_others() -> None:
    pace = Pace()
    others: list[str] = []
    asyncio.get_running_loop().call_later(PAUSE, others.append, "had a turn")
    began = perf_counter()
    while not others and perf_counter() - began < PATIENCE:
        if pace.is_due():
            await pace.pause()
    assert others
    assert perf_counter() - began > LONGEST


async def test_a_pause_is_no_longer_than_the_turn_that_is_given() -> None:
    turns: list[int] = []

    async def turn() -> None:
        turns.append(1)

    pace = Pace(turn)
    began = perf_counter()
    while not pace.is_due() and perf_counter() - began < PATIENCE:
        pass
    await pace.pause()
    assert turns == [1]
    # It is not due again before somebody has waited as long once more.
    assert not any(pace.is_due() for _ in range(64))


async def test_a_task_that_waits_by_itself_makes_no_pause() -> None:
    pace = Pace()
    for _ in range(10):
        assert not any(pace.is_due() for _ in range(64))
        await asyncio.sleep(PAUSE * 2)
