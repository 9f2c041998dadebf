"""Filters: what runs before, after and around actions, in which order, and what stops them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from starlette.responses import PlainTextResponse

from tests.unit.controller.answers import client_of
from velocious import Configuration
from velocious.controller import (
    Controller,
    after_action,
    around_action,
    before_action,
    rescue_from,
    skip_after_action,
    skip_before_action,
)
from velocious.controller.actions import action_names
from velocious.controller.dispatch import action_endpoint
from velocious.errors import FilterError, MalformedRequestError, RequestError
from velocious_node import NodeEnvironmentHandler

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    type Proceed = Callable[[], Awaitable[Any]]


class Logging:
    """Mixed in: not a controller itself."""

    seen: list[str]

    @after_action
    def note_end(self) -> None:
        self.headers["X-Seen"] = " ".join([*self.seen, "end"])  # type: ignore[attr-defined]


class BaseController(Controller, Logging):
    """Abstract: it has no action."""

    @before_action
    def begin(self) -> None:
        self.seen = ["begin"]

    @before_action(except_="open")
    async def require_user(self) -> None:
        self.seen.append("user")
        if self.params.get("user") == "none":
            self.head("unauthorized")

    @around_action(only=["show"])
    async def inside(self, proceed: Proceed) -> None:
        await proceed()
        self.headers["X-Out"] = "1"


class ThingsController(BaseController):
    @before_action
    def third(self) -> None:
        self.seen.append("third")

    async def begin_again(self) -> None:
        self.render(json=self.seen)

    async def show(self) -> None:
        self.render(json=self.seen)

    async def open(self) -> None:
        self.render(json=self.seen)


class QuietController(ThingsController):
    filters = [
        skip_before_action("third", only="show"),
        skip_after_action("note_end"),
        before_action("late", only="open"),
    ]

    async def require_user(self) -> None:
        self.seen.append("overridden")

    def late(self) -> None:
        self.seen.append("late")


async def test_parents_come_first_and_conditions_hold() -> None:
    async with client_of(ThingsController) as client:
        shown = await client.get("/show")
        opened = await client.get("/open")
    # What is around an action is around its before filters, too.
    assert (opened.json(), shown.headers["x-out"]) == (["begin", "third"], "1")
    assert opened.headers["x-seen"] == "begin third end"
    assert "x-out" not in opened.headers


async def test_a_filter_around_encloses_the_filters_before() -> None:
    class OrderController(Controller):
        @around_action
        async def outer(self, proceed: Proceed) -> None:
            self.order = ["outer"]
            await proceed()
            self.headers["X-Order"] = " ".join([*self.order, "out"])

        @around_action
        async def inner(self, proceed: Proceed) -> None:
            self.order.append("inner")
            await proceed()

        @before_action
        async def before(self) -> None:
            self.order.append("before")

        async def show(self) -> None:
            self.render(json=None)

    async with client_of(OrderController) as client:
        answer = await client.get("/show")
    assert answer.headers["x-order"] == "outer inner before out"


async def test_a_filter_that_answers_is_the_end_of_it() -> None:
    async with client_of(ThingsController) as client:
        answer = await client.get("/open?user=none"), await client.get("/begin_again?user=none")
    assert [one.status_code for one in answer] == [200, 401]
    assert "x-seen" not in answer[1].headers


async def test_a_child_overrides_by_name_and_skips_what_its_parents_declare() -> None:
    async with client_of(QuietController) as client:
        shown = await client.get("/show")
        opened = await client.get("/open")
        again = await client.get("/begin_again")
    assert "x-seen" not in shown.headers
    assert opened.json() == ["begin", "third", "late"]
    assert again.json() == ["begin", "overridden", "third"]


async def test_a_response_that_a_filter_returns_is_the_answer() -> None:
    class TeapotController(Controller):
        @before_action
        def stop(self) -> Any:
            return PlainTextResponse("teapot", 418)

        async def show(self) -> None:
            self.render(json=1)

    async with client_of(TeapotController) as client:
        assert (await client.get("/show")).status_code == 418


def test_filters_are_no_actions() -> None:
    assert action_names(ThingsController) == ["begin_again", "open", "show"]


def endpoint(found: type[Controller], action: str = "show") -> Any:
    configuration = Configuration(
        environment_handler=NodeEnvironmentHandler(),
        databases={"default": "sqlite:///:memory:"},
    )
    return action_endpoint(configuration, found, action)


def test_a_filter_for_an_action_that_is_not_there_is_an_error_at_the_start() -> None:
    class WrongController(Controller):
        @before_action(only=["shwo"])
        def check(self) -> None: ...

        async def show(self) -> None: ...

    with pytest.raises(FilterError, match=r"'check' of WrongController names 'shwo'.*'show'"):
        endpoint(WrongController)


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        (skip_before_action("chek"), r"skips the before filter 'chek'|declares the filter 'chek'"),
        (before_action("chek"), r"no such method.*'check'"),
        ("check", r"filters holds 'check'"),
        (skip_before_action("show"), r"'show', which no parent declares"),
    ],
)
def test_a_declaration_of_what_is_not_there_is_an_error(declared: Any, said: str) -> None:
    class WrongController(Controller):
        filters = [declared]

        def check(self) -> None: ...

        async def show(self) -> None: ...

    with pytest.raises(FilterError, match=said):
        endpoint(WrongController)


@pytest.mark.parametrize("errors", [(), ("LookupError",), (BaseException,)])
def test_what_is_rescued_are_classes_of_exceptions(errors: Any) -> None:
    with pytest.raises(FilterError, match="rescue_from"):
        rescue_from(*errors)


# Rescuing


class RescuingController(Controller):
    @rescue_from(LookupError, ArithmeticError)
    def general(self, error: Exception) -> None:
        self.render(json={"general": str(error)}, status=400)

    @rescue_from(RequestError)
    async def request_error(self, error: RequestError) -> None:
        self.render(json={"request": error.code}, status="unprocessable_content")


class RaisingController(RescuingController):
    @rescue_from(KeyError)
    async def closest(self, error: KeyError) -> None:
        self.render(json={"closest": error.args[0]}, status=404)

    @before_action(only="filtered")
    def fails(self) -> None:
        raise ZeroDivisionError("in a filter")

    async def filtered(self) -> None: ...

    async def index(self) -> None:
        raise IndexError("out of range")

    async def key(self) -> None:
        raise KeyError("id")

    async def half(self) -> None:
        self.render(json="never sent")
        raise LookupError("afterwards")

    async def read(self) -> None:
        self.render(json=self.params)

    async def unrescued(self) -> None:
        raise PermissionError("nobody")

    @rescue_from(PermissionError)
    def gives_up(self, error: PermissionError) -> None:
        raise error


async def test_the_closest_class_decides_who_answers_to_an_error() -> None:
    async with client_of(RaisingController) as client:
        answers = {name: await client.get(f"/{name}") for name in ("index", "key", "half")}
        filtered = await client.get("/filtered")
    assert answers["index"].json() == {"general": "out of range"}
    assert (answers["key"].status_code, answers["key"].json()) == (404, {"closest": "id"})
    assert answers["half"].json() == {"general": "afterwards"}
    assert filtered.json() == {"general": "in a filter"}


async def test_what_cannot_be_read_is_rescued_too() -> None:
    async with client_of(RaisingController) as client:
        answer = await client.post(
            "/read", content=b"{", headers={"content-type": "application/json"}
        )
    assert answer.json() == {"request": MalformedRequestError.code}
    assert answer.status_code == 422


async def test_a_rescue_that_raises_is_a_failure() -> None:
    async with client_of(RaisingController) as client:
        assert (await client.get("/unrescued")).status_code == 500


# Around everything


async def test_the_application_s_own_filter_is_around_every_action() -> None:
    seen: list[Any] = []

    def around(*, request: Any, response: Any, next: Callable[[], Awaitable[Any]]) -> Any:
        seen.append((request.method, response.status))
        response.headers["X-Around"] = "1"

        async def proceed() -> None:
            await next()
            seen.append(response.status)

        return proceed()

    async with client_of(ThingsController, http={"around_action": around}) as client:
        answer = await client.get("/open")
    assert (seen, answer.headers["x-around"]) == ([("GET", None), 200], "1")


async def test_a_filter_around_lets_the_action_run_once() -> None:
    async def twice(*, next: Any, **_: Any) -> None:
        await next()
        await next()

    async with client_of(
        ThingsController, http={"around_action": twice}, environment="development"
    ) as client:
        answer = await client.get("/open")
    assert "let the action run twice" in answer.json()["error"]["message"]


async def test_a_filter_around_may_answer_in_the_action_s_place() -> None:
    async def closed(**_: Any) -> Any:
        return PlainTextResponse("closed", 503)

    async with client_of(ThingsController, http={"around_action": closed}) as client:
        assert (await client.get("/open")).status_code == 503


async def test_no_answer_at_all_is_still_explained() -> None:
    class SilentController(Controller):
        @after_action
        def after(self) -> None:
            raise AssertionError("there is no answer")

        async def show(self) -> None: ...

    async with client_of(SilentController, environment="development") as client:
        message = (await client.get("/show")).json()["error"]["message"]
    assert "SilentController#show ended without an answer" in message
