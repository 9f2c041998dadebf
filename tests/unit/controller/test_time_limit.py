"""Actions that take too long are cancelled, and their clients told."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import pytest
from starlette.responses import StreamingResponse

from tests.unit.controller.answers import client_of
from velocious.controller import Controller
from velocious.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

CANCELLED: list[str] = []


class SlowController(Controller):
    timeout = {"quick": 0.05, "patient": None, "streamed": 0.05, "stubborn": 0.05}

    async def quick(self) -> None:
        try:
            await asyncio.sleep(5)
        except asyncio.CancelledError:
            CANCELLED.append("quick")
            raise

    async def usual(self) -> None:
        await asyncio.sleep(5)

    async def patient(self) -> None:
        await asyncio.sleep(0.3)
        self.render(json="patient")

    async def streamed(self) -> StreamingResponse:
        async def parts() -> AsyncGenerator[bytes]:
            for _ in range(4):
                await asyncio.sleep(0.05)
                yield b"."

        return StreamingResponse(parts())

    async def stubborn(self) -> None:
        try:
            await asyncio.sleep(5)
        except asyncio.CancelledError:
            self.render(json="rather late")


class NeverController(Controller):
    timeout = -1

    async def show(self) -> None:
        self.head(204)


async def test_an_action_that_takes_too_long_is_cancelled_and_answered_with_503(
    caplog: pytest.LogCaptureFixture,
) -> None:
    CANCELLED.clear()
    async with client_of(SlowController) as client:
        answers = await asyncio.gather(*(client.get("/quick") for _ in range(3)))
    assert [answer.status_code for answer in answers] == [503] * 3
    assert answers[0].json()["error"]["code"] == "action_timed_out"
    assert CANCELLED == ["quick"] * 3
    late = [one.getMessage() for one in caplog.records if one.levelno == logging.ERROR]
    assert late == ["SlowController#quick took longer than 0.05 s and was cancelled."] * 3


async def test_the_application_s_limit_holds_where_a_controller_says_nothing() -> None:
    async with client_of(SlowController, http={"timeout": 0.1}) as client:
        usual, patient = await asyncio.gather(client.get("/usual"), client.get("/patient"))
    assert (usual.status_code, patient.json()) == (503, "patient")


async def test_a_stream_takes_as_long_as_it_takes() -> None:
    async with client_of(SlowController) as client:
        assert (await client.get("/streamed")).text == "...."


async def test_an_action_may_still_answer_when_it_is_cancelled() -> None:
    async with client_of(SlowController) as client:
        assert (await client.get("/stubborn")).json() == "rather late"


async def test_a_cancellation_by_somebody_else_stays_one() -> None:
    async with client_of(SlowController) as client:
        request: asyncio.Task[Any] = asyncio.create_task(client.get("/patient"))
        await asyncio.sleep(0.1)
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request


async def test_a_limit_that_is_no_time_stops_the_start() -> None:
    with pytest.raises(ConfigurationError, match=r"NeverController.timeout is -1 for 'show'"):
        async with client_of(NeverController):
            pass
