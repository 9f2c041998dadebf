"""What a request to the owner of the database waits for."""

from __future__ import annotations

import asyncio

import pytest

from velocious_browser.tabs.answer import Answer


async def waiting(answer: Answer, heard: list[object]) -> None:
    try:
        heard.append(await answer)
    except asyncio.CancelledError:
        heard.append("cancelled")
        raise


async def test_who_waits_goes_on_in_the_turn_in_which_the_answer_comes() -> None:
    loop = asyncio.get_running_loop()
    answer, heard = Answer(loop), list[object]()
    task = asyncio.create_task(waiting(answer, heard))
    await asyncio.sleep(0)
    seen: list[list[object]] = []

    def arrive() -> None:
        answer.set_result("here")
        seen.append(list(heard))

    loop.call_soon(arrive)
    await task
    assert seen == [["here"]]


async def test_an_answer_that_comes_while_another_task_runs_wakes_its_own_one_later() -> None:
    answer, heard = Answer(asyncio.get_running_loop()), list[object]()
    task = asyncio.create_task(waiting(answer, heard))
    await asyncio.sleep(0)
    answer.set_result("here")
    assert heard == []
    await task
    assert heard == ["here"]


async def test_a_task_that_is_cancelled_stops_waiting() -> None:
    answer, heard = Answer(asyncio.get_running_loop()), list[object]()
    task = asyncio.create_task(waiting(answer, heard))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert heard == ["cancelled"]
    assert answer.cancelled()


async def test_a_task_is_told_of_a_cancellation_with_the_answer_that_is_due() -> None:
    answer, heard = Answer(asyncio.get_running_loop()), list[object]()
    answer.is_due = True
    task = asyncio.create_task(waiting(answer, heard))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)
    assert heard == []
    answer.set_result("stored")
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (heard, answer.result()) == (["cancelled"], "stored")


async def test_an_error_is_raised_where_the_answer_is_awaited() -> None:
    loop = asyncio.get_running_loop()
    answer = Answer(loop)
    loop.call_soon(answer.set_exception, ValueError("lost"))
    with pytest.raises(ValueError, match="lost"):
        await answer


async def test_whoever_asks_late_has_the_answer_at_once() -> None:
    answer, heard = Answer(asyncio.get_running_loop()), list[object]()
    answer.set_result("here")
    assert await answer == "here"
    answer.add_done_callback(lambda told: heard.append(told.result()))
    await asyncio.sleep(0)
    assert heard == ["here"]
