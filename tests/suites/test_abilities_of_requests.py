"""Whose a request, a socket or a job is, and what becomes of what they may not do."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.models import MODELS, SCHEMA, Task
from tests.suites.rooms import by_token
from velocious import Current
from velocious.authorization import Ability, BaseResource
from velocious.controller import Controller, before_action, rescue_from
from velocious.errors import AbilityNotSetError, AccessDeniedError, ConfigurationError
from velocious.realtime import Channel, Engine, MessageRegistry
from velocious.routing import Routes
from velocious.testing.client import Client
from velocious.testing.realtime import ManualSchedule, Participant

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from velocious.realtime import Context
    from velocious.testing.environment import TestEnvironment


class OwnTasks(BaseResource):
    model = Task

    def abilities(self) -> None:
        if self.user is not None:
            self.can("read")
            self.can("update", name=self.user)
            self.cannot("update", done=True, reason="Finished tasks stay as they are.")


class TasksController(Controller):
    async def index(self) -> None:
        self.render(json=await Task.accessible().order("name").pluck("name"))

    async def update(self) -> None:
        task = await Task.find_by_or_fail(name=self.params["name"])
        await self.authorize("update", task)
        await task.update(position=7)
        self.render(json={"user": self.current_user, "may": self.ability.may("update", Task)})

    async def quiet(self) -> None:
        self.render(json=1)

    async def as_another(self) -> None:
        with Current.with_ability(Ability(user="other", resources=[OwnTasks])):
            inner = self.current_user
        self.render(json=[inner, self.current_user])

    async def later(self) -> None:
        async def work() -> Any:
            await asyncio.sleep(0)
            return Current.user()

        self.render(json=await asyncio.create_task(work()))


class PoliteController(TasksController):
    @before_action
    async def known(self) -> None:
        if self.current_user is None:
            self.head(401)

    @rescue_from(AccessDeniedError)
    async def refused(self, error: AccessDeniedError) -> None:
        self.render(json={"because": error.reason}, status=403)


asked: list[str] = []


def by_parameter(params: Any) -> Ability | None:
    asked.append("asked")
    user = params.get("user")
    return None if user == "nobody" else Ability(user=user, resources=[OwnTasks])


async def by_waiting(params: Any, request: Any) -> Ability | None:
    await asyncio.sleep(0)
    assert request.method
    return by_parameter(params)


@asynccontextmanager
async def client(
    environment: TestEnvironment, resolver: Callable[..., Any] | None = by_parameter
) -> AsyncGenerator[Client]:
    routes = Routes()
    for controller, prefix in ((TasksController, ""), (PoliteController, "/polite")):
        for name in ("index", "update", "quiet", "as_another", "later"):
            routes.get(f"{prefix}/{name}", to=(controller, name))
    asked.clear()
    async with environment.application(
        models=MODELS, schema=SCHEMA, routes=routes, ability_resolver=resolver, secret="s" * 32
    ) as configuration:
        await Task.create(name="ann")
        await Task.create(name="bob", done=True)
        yield Client(configuration)


@pytest.mark.parametrize("resolver", [by_parameter, by_waiting], ids=["plain", "async"])
async def test_a_request_has_the_ability_that_the_resolver_gives_it(
    environment: TestEnvironment, resolver: Callable[..., Any]
) -> None:
    async with client(environment, resolver) as visitor:
        assert (await visitor.get("/index")).json() == []
        assert (await visitor.get("/index?user=ann")).json() == ["ann", "bob"]
        changed = await visitor.get("/update?user=ann&name=ann")
        assert changed.json() == {"user": "ann", "may": True}
        assert asked == ["asked"] * 3
        assert (await visitor.get("/as_another?user=ann")).json() == ["other", "ann"]
        assert (await visitor.get("/later?user=ann")).json() == "ann"
        assert Current.ability() is None


async def test_whoever_does_not_ask_pays_nothing(environment: TestEnvironment) -> None:
    async with client(environment) as visitor:
        await visitor.get("/quiet?user=ann")
        assert asked == []


async def test_what_is_denied_answers_403_with_the_reason(environment: TestEnvironment) -> None:
    async with client(environment) as visitor:
        headers = {"accept": "application/json"}
        denied = await visitor.get("/update?user=ann&name=bob", headers=headers)
        assert denied.status == 403
        assert denied.json()["error"]["code"] == "access_denied"
        assert denied.json()["error"]["message"] == "Finished tasks stay as they are."
        page = await visitor.get("/update?user=zoe&name=ann", headers={"accept": "text/html"})
        assert page.status == 403
        assert "You may not update this Task." in page.text
        assert await Task.where(position=7).count() == 0


async def test_controllers_may_answer_to_it_themselves(environment: TestEnvironment) -> None:
    async with client(environment) as visitor:
        denied = await visitor.get("/polite/update?user=ann&name=bob")
        assert (denied.status, denied.json()) == (
            403,
            {"because": "Finished tasks stay as they are."},
        )
        assert (await visitor.get("/polite/index")).status == 401


@pytest.mark.parametrize("resolver", [None, by_parameter], ids=["without", "with"])
async def test_without_an_ability_nothing_is_answered(
    environment: TestEnvironment, resolver: Callable[..., Any] | None
) -> None:
    async with client(environment, resolver) as visitor:
        with pytest.raises(AbilityNotSetError, match="ability_resolver"):
            await visitor.get("/index?user=nobody")
        with pytest.raises(AbilityNotSetError, match="TasksController#update"):
            await visitor.get("/update?user=nobody&name=ann")
        assert (await visitor.get("/quiet")).json() == 1


async def test_resolvers_that_cannot_work_are_told(environment: TestEnvironment) -> None:
    def takes_more(session: Any) -> None:
        raise AssertionError(session)

    with pytest.raises(ConfigurationError, match="'session', which nobody gives"):
        async with client(environment, takes_more):
            pass

    def wrong(**given: Any) -> Any:
        return given

    def hidden(params: Any) -> Any:
        return by_waiting(params, params)

    async with client(environment, wrong) as visitor:
        with pytest.raises(ConfigurationError, match="It returns an Ability"):
            await visitor.get("/index")
    async with client(environment, hidden) as visitor:
        with pytest.raises(ConfigurationError, match="async def"):
            await visitor.get("/index")


class Tasks(Channel):
    pattern = "tasks.{name}"

    async def authorize(self) -> bool:
        ability = await self.ability()
        return ability is not None and ability.may("update", Task)


async def test_sockets_and_jobs_have_abilities_too(environment: TestEnvironment) -> None:
    told: list[Any] = []

    async def resolver(user: Any, subscription: Any, job: Any) -> Ability:
        told.append((user, type(subscription).__name__, job))
        return Ability(user=user or job, resources=[OwnTasks])

    messages, done = MessageRegistry(), asyncio.Event()

    @messages.on("tasks.mine")
    async def mine(context: Context) -> None:
        with Current.with_ability(await context.ability()):
            told.append(await Task.accessible_for("update").pluck("name"))
        done.set()

    async with environment.application(
        models=MODELS, schema=SCHEMA, ability_resolver=resolver
    ) as configuration:
        await Task.create(name="ann")
        engine = Engine(
            schedule=ManualSchedule(),
            channels=[Tasks],
            authenticate=by_token,
            messages=messages,
        )
        ann = Participant(engine)
        await ann.says(type="auth", token="ann")
        await ann.says(type="sub", ch="tasks.all")
        assert told == [("ann", "Tasks", None)]
        await ann.says(type="call", name="tasks.mine", id=1)
        await asyncio.wait_for(done.wait(), 5)
        assert told[1:] == [("ann", "NoneType", None), ["ann"]]
        stranger = await configuration.ability_for(job="sweep")
        assert stranger is not None
        assert stranger.user == "sweep"
