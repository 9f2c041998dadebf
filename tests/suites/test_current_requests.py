"""What is current while a request is answered, and that no request sees another's."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from velocious import Current
from velocious.controller import Controller, before_action
from velocious.current import CurrentValue
from velocious.errors import CurrentScopeError
from velocious.routing import Routes
from velocious.testing.client import Client

if TYPE_CHECKING:
    from velocious.testing.environment import TestEnvironment

current_user = CurrentValue[str]("current_user")


async def who() -> list[Any]:
    """Far away from any controller."""
    await asyncio.sleep(0)
    controller, request = Current.controller(), Current.request()
    return [
        current_user.get(),
        Current.request_id(),
        controller and controller.action,
        request and request.url.path,
    ]


class MeController(Controller):
    gate = asyncio.Event()
    left: asyncio.Task[list[Any]]

    @before_action
    async def sign_in(self) -> None:
        name = self.params.get("user")
        if name is not None:
            current_user.set(name)

    async def show(self) -> None:
        seen = await who()
        assert Current.controller() is self and Current.request() is self.request
        self.render(json=seen)

    async def waiting(self) -> None:
        await MeController.gate.wait()
        self.render(json=await asyncio.create_task(who()))

    async def nested(self) -> None:
        client: Any = Client(self.configuration)
        inner = await client.get("/show?user=inner", headers={"x-request-id": "in"})
        self.render(json=[inner.json(), await who()])

    async def leaves_a_task(self) -> None:
        MeController.left = asyncio.create_task(who())
        self.head(204)


def routes() -> Routes:
    drawn = Routes()
    for name in ("show", "waiting", "nested", "leaves_a_task"):
        drawn.get(f"/{name}", to=(MeController, name))
    return drawn


async def test_a_request_knows_itself_everywhere_below_its_controller(
    environment: TestEnvironment,
) -> None:
    async with environment.application(routes=routes()) as configuration:
        client: Any = Client(configuration)
        answer = await client.get("/show?user=ada", headers={"x-request-id": "r1"})
        assert answer.json() == ["ada", "r1", "show", "/show"]
        # Nothing of it is left for the next one, nor outside.
        assert (await client.get("/show")).json()[0] is None
        assert await who() == [None, None, None, None]


async def test_requests_at_the_same_time_do_not_see_each_other(
    environment: TestEnvironment,
) -> None:
    async with environment.application(routes=routes()) as configuration:
        MeController.gate = asyncio.Event()
        names = [f"user{number}" for number in range(20)]
        asked = [
            asyncio.create_task(Client(configuration).get(f"/waiting?user={name}"))
            for name in names
        ]
        await asyncio.sleep(0.01)
        MeController.gate.set()
        answers: list[Any] = [(await one).json() for one in asked]
        assert [answer[0] for answer in answers] == names
        assert len({answer[1] for answer in answers}) == 20


async def test_a_request_inside_a_request_leaves_the_outer_one_as_it_was(
    environment: TestEnvironment,
) -> None:
    async with environment.application(routes=routes()) as configuration:
        client: Any = Client(configuration)
        answer = await client.get("/nested?user=outer", headers={"x-request-id": "out"})
        assert answer.json() == [
            ["inner", "in", "show", "/show"],
            ["outer", "out", "nested", "/nested"],
        ]


async def test_a_task_inherits_the_request_and_may_outlive_it(
    environment: TestEnvironment,
) -> None:
    async with environment.application(routes=routes()) as configuration:
        client: Any = Client(configuration)
        await client.get("/leaves_a_task?user=ada", headers={"x-request-id": "r1"})
        assert await MeController.left == ["ada", "r1", "leaves_a_task", "/leaves_a_task"]


async def test_a_block_has_values_of_its_own_that_begin_with_those_around_it() -> None:
    with pytest.raises(CurrentScopeError, match=r"'current_user' was set outside of a request"):
        current_user.set("nobody")
    with Current.scope():
        current_user.set("job")
        with Current.scope():
            assert current_user.get() == "job"
            current_user.set("inner")
            assert (await asyncio.create_task(who()))[0] == "inner"
        assert current_user.get() == "job"
    assert current_user.get() is None
