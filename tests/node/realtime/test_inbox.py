"""Messages that wait for the application."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from velocious_node.realtime.inbox import Inbox

GONE = {"type": "websocket.disconnect", "code": 1000}


def text(word: str) -> dict[str, Any]:
    return {"type": "websocket.receive", "text": word}


async def test_messages_are_received_in_the_order_in_which_they_came() -> None:
    inbox = Inbox()
    for word in "abc":
        inbox.put_nowait(text(word))
    assert [(await inbox.get())["text"] for _ in "abc"] == ["a", "b", "c"]
    assert inbox.empty()


async def test_who_waits_first_receives_first() -> None:
    inbox = Inbox()
    waiting = [asyncio.create_task(inbox.get()) for _ in "ab"]
    await asyncio.sleep(0)
    for word in "ab":
        inbox.put_nowait(text(word))
    assert [message["text"] for message in await asyncio.gather(*waiting)] == ["a", "b"]


async def test_a_message_is_not_lost_with_who_has_stopped_waiting() -> None:
    inbox = Inbox()
    first, second = [asyncio.create_task(inbox.get()) for _ in "ab"]
    await asyncio.sleep(0)
    inbox.put_nowait(text("a"))
    # It has been woken already, but does not run any more.
    first.cancel()
    assert (await asyncio.wait_for(second, 1))["text"] == "a"
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_everybody_who_waits_learns_that_the_client_is_gone() -> None:
    inbox = Inbox()
    waiting = [asyncio.create_task(inbox.get()) for _ in "ab"]
    await asyncio.sleep(0)
    inbox.put_nowait(GONE)
    assert await asyncio.gather(*waiting) == [GONE, GONE]


async def test_nothing_comes_after_the_first_disconnect() -> None:
    inbox = Inbox()
    inbox.put_nowait(GONE)
    inbox.put_nowait({**GONE, "code": 1006})
    inbox.put_nowait(text("late"))
    assert [await inbox.get() for _ in "abc"] == [GONE] * 3
