"""Hooks that say what answers, before the drawn routes are asked."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.unit.routing.asking import EchoController, client_of_routes, configuration_of
from velocious.controller import Controller
from velocious.errors import RouteHookError, VelociousError
from velocious.routing import Routes
from velocious.routing.table import RouteTable
from velocious.view.lookup import view_folders


class HijackedController(Controller):
    async def index(self) -> None:
        self.render(json={"hijacked": self.params, "views": view_folders(type(self))})


#: The folders of its views.
OWN = ["hijacked", "application"]


@pytest.fixture
def routes() -> Routes:
    routes = Routes()
    routes.get("/drawn", to=(EchoController, "index"))
    return routes


async def test_a_hook_answers_before_the_drawn_routes_and_leaves_the_rest_to_them(
    routes: Routes,
) -> None:
    def special(current_path: str) -> Any:
        if current_path not in ("/special", "/drawn"):
            return None
        params = {"id": 7}
        return {"controller_class": HijackedController, "action": "index", "params": params}

    async with client_of_routes(routes, http={"route_hooks": [special]}) as client:
        for path in ("/special", "/drawn"):
            answer = await client.get(f"{path}?id=1&q=x")
            assert answer.json() == {"hijacked": {"id": 7, "q": "x"}, "views": OWN}
        assert (await client.get("/other")).status_code == 404

    async with client_of_routes(routes, http={"route_hooks": [lambda: None]}) as client:
        assert (await client.get("/drawn")).json() == {"action": "index"}


async def test_a_hook_is_given_what_it_asks_for_and_may_be_async(routes: Routes) -> None:
    heard: list[dict[str, Any]] = []

    async def listen(**given: Any) -> None:
        heard.append(given)

    async def decide(*, has_matching_custom_route: bool, resolver: Any) -> Any:
        if not has_matching_custom_route and isinstance(resolver, RouteTable):
            views = "shop/hijacked"
            return {
                "controller": "hijacked",
                "controller_path": __name__,
                "action": "index",
                "view_path": views,
            }
        return None

    hooks = {"route_hooks": [listen, decide]}
    async with client_of_routes(routes, root_path="/app", http=hooks) as client:
        assert (await client.get("/app/drawn?q=1")).json() == {"action": "index", "q": "1"}
        found: Any = {"hijacked": {}, "views": ["shop/hijacked", *OWN]}
        assert (await client.get("/app/x")).json() == found
    first = heard[0]
    assert sorted(first) == [
        "configuration",
        "current_path",
        "has_matching_custom_route",
        "params",
        "request",
        "resolver",
    ]
    assert (first["current_path"], first["params"]) == ("/drawn", {"q": "1"})
    assert first["request"].method == "GET"
    assert [given["has_matching_custom_route"] for given in heard] == [True, False]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("tasks#index", "returned 'tasks#index'. A hook returns None, or a mapping"),
        ({"action": "index"}, "returned no 'controller'"),
        ({"controller": 7, "action": "index"}, "'controller': 7; it takes a text like"),
        ({"controller_class": EchoController, "action": 7}, "'action': 7; it takes a text"),
        ({"controller_class": dict, "action": "index"}, "which is no Controller"),
        ({"controller_class": EchoController, "action": "indx"}, "Did you mean 'index'?"),
        ({"controller_class": EchoController, "action": "render"}, "EchoController does not have"),
        ({"controller_class": EchoController}, "the action None"),
        ({"controller": "../x", "action": "index"}, "does not name an action"),
        ({"controllr": "x"}, "'controllr'"),
        ({"controller_class": EchoController, "params": [1]}, "'params': [1]; it takes a mapping"),
        (
            {"controller": "tasks", "controller_path": __name__, "action": "index"},
            "defines no controller 'TasksController'",
        ),
        (
            {"controller": "tasks", "controller_path": "no.such", "action": "index"},
            "cannot be imported: ModuleNotFoundError",
        ),
    ],
)
async def test_an_answer_that_is_no_route_is_explained(
    routes: Routes, answer: Any, said: str
) -> None:
    hooks = {"route_hooks": [lambda: answer]}
    async with client_of_routes(routes, environment="development", http=hooks) as client:
        failed = await client.get("/drawn")
    assert failed.status_code == 500
    assert said in failed.json()["error"]["message"]


async def test_production_does_not_say_what_a_hook_did_wrong(routes: Routes) -> None:
    hooks = {"route_hooks": [lambda: "nonsense"], "hosts": ["app.test"]}
    options: dict[str, Any] = {"environment": "production", "http": hooks}
    async with client_of_routes(routes, **options) as client:
        failed = await client.get("/drawn")
    assert failed.status_code == 500
    assert "nonsense" not in failed.text


def test_a_hook_that_asks_for_something_else_stops_the_start(routes: Routes) -> None:
    def wrong(path: str) -> None:
        raise AssertionError(path)

    configuration = configuration_of(routes, http={"route_hooks": [wrong]})
    with pytest.raises(RouteHookError, match=re.escape("asks for 'path', which no hook is given")):
        configuration.asgi()
    assert issubclass(RouteHookError, VelociousError)
