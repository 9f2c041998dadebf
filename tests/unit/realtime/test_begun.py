"""Coroutines that take their first step before anybody awaits them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from velocious.realtime.begun import Begun


async def twice(future: asyncio.Future[str]) -> str:
    first = await future
    await asyncio.sleep(0)
    return first + "!"


async def test_the_rest_of_a_coroutine_gives_its_result() -> None:
    future: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    coroutine = twice(future)
    begun = Begun(coroutine, coroutine.send(None))
    asyncio.get_running_loop().call_soon(future.set_result, "done")
    assert await begun == "done!"


async def test_what_it_waits_for_can_fail() -> None:
    future: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    coroutine = twice(future)
    begun = Begun(coroutine, coroutine.send(None))
    asyncio.get_running_loop().call_soon(future.set_exception, ValueError("no"))
    with pytest.raises(ValueError, match="no"):
        await begun


async def test_a_deadline_reaches_into_it_and_it_may_tidy_up() -> None:
    tidied: list[Any] = []

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            tidied.append(True)

    coroutine = endless()
    waits = coroutine.send(None)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await Begun(coroutine, waits)
    assert tidied == [True]


async def test_a_deadline_of_its_own_that_began_before_holds() -> None:
    async def impatient() -> str:
        try:
            async with asyncio.timeout(0.01):
                await asyncio.Event().wait()
        except TimeoutError:
            return "gave up"
        return "never"

    coroutine = impatient()
    waits = coroutine.send(None)
    async with asyncio.timeout(5):
        assert await Begun(coroutine, waits) == "gave up"
