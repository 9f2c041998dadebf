"""Whether users are still welcome, where the answer cannot be had."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.suites.rooms import engine, visitor
from tests.suites.waiting import until
from velocious.realtime import RealtimeSettings
from velocious.realtime.rechecking import TRIES


async def minutes(time: Any, *people: Any, count: int) -> None:
    """Let them pass, with signs of life."""
    for _ in range(count * 3):
        await time.pass_by(20)
        for one in people:
            await one.says(type="ping")


async def test_a_check_that_fails_for_ever_ends_the_connection() -> None:
    async def recheck(_: Any) -> bool:
        raise ConnectionError("the database is away")

    realtime, time = engine(recheck=recheck)
    await realtime.start()
    ann = await visitor(realtime)
    await minutes(time, ann, count=TRIES - 1)
    assert ann.closed is None
    await minutes(time, ann, count=2)
    assert ann.closed == (1011, "It could not be found out who this is")
    assert (ann.heard("bye")["reconnect"], ann.heard("bye")["retry_after"]) == (True, 5)
    assert "database" not in str(ann.sink.frames)
    await realtime.stop()


async def test_a_check_that_fails_now_and_then_is_made_again() -> None:
    answers = [ValueError(), ValueError(), True] * 4

    async def recheck(_: Any) -> bool:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return bool(answer)

    realtime, time = engine(recheck=recheck)
    await realtime.start()
    ann = await visitor(realtime)
    await minutes(time, ann, count=8)
    assert len(answers) < 6
    assert ann.closed is None
    await realtime.stop()


async def test_a_check_that_hangs_is_cut_and_keeps_up_no_others() -> None:
    cut: list[Any] = []

    async def recheck(connection: Any) -> bool:
        if connection.user == "ann":
            try:
                await asyncio.Event().wait()
            finally:
                cut.append(connection)
        return False

    settings = RealtimeSettings(guard_timeout=0.01)
    realtime, time = engine(recheck=recheck, settings=settings)
    await realtime.start()
    ann, bob = await visitor(realtime, "ann"), await visitor(realtime, "bob")
    await minutes(time, ann, bob, count=1)
    await time.pass_by(5)
    assert bob.closed == (4003, "No longer allowed")
    for count in range(1, TRIES + 1):
        await until(lambda count=count: len(cut) == count)
        await minutes(time, ann, count=1)
    assert ann.closed == (1011, "It could not be found out who this is")
    await realtime.stop()


async def test_nobody_is_asked_after_the_end() -> None:
    asked: list[Any] = []

    async def recheck(connection: Any) -> bool:
        asked.append(connection)
        return True

    realtime, time = engine(recheck=recheck)
    await realtime.start()
    await visitor(realtime)
    await realtime.stop()
    await time.pass_by(120)
    assert asked == []
