"""Routes that run in one place only."""

from __future__ import annotations

import logging
import sys
from types import ModuleType
from typing import Any

import pytest

from tests.unit.routing.asking import EchoController, client_of_routes, configuration_of
from velocious.errors import MissingControllerError, RoutingError
from velocious.routing import Routes
from velocious_node import LogSettings, NodeEnvironmentHandler

SHOW, INDEX = (EchoController, "show"), (EchoController, "index")
ELSEWHERE = "velocious-runs-on"


class InTheBrowser(NodeEnvironmentHandler):
    """A place that says that it is a browser: only its name decides."""

    name = "browser"

    def __init__(self) -> None:
        super().__init__(log=LogSettings(console=False))


def drawn() -> Routes:
    routes = Routes()
    routes.get("/both", to=SHOW)
    with routes.scope(on="server"):
        routes.post("/both", to="payments#create")
        routes.get("/items/export", to="exports#show")
    routes.get("/items/{id}", to=INDEX)
    routes.get("/same", to="exports#show", on="server")
    routes.get("/same", to=SHOW, on="browser")
    routes.mount("/admin", _unreachable)
    return routes


async def _unreachable(*_: Any) -> None:
    raise AssertionError("the server's application ran in the browser")


@pytest.fixture
def application(monkeypatch: pytest.MonkeyPatch) -> dict[str, ModuleType]:
    """An application without any controllers; its modules by name."""
    for name in ("app", "app.controllers"):
        package = ModuleType(name)
        package.__path__ = []
        monkeypatch.setitem(sys.modules, name, package)
    return sys.modules


async def test_a_browser_answers_its_own_routes_and_leaves_the_server_s_to_it() -> None:
    # No controller of the server is there: importing one would fail.
    async with client_of_routes(drawn(), handler=InTheBrowser()) as client:
        assert (await client.get("/both")).json()["action"] == "show"
        assert (await client.get("/same")).json()["action"] == "show"
        assert (await client.get("/items/7")).json() == {"action": "index", "id": "7"}
        for method, path in (("POST", "/both"), ("GET", "/items/export"), ("GET", "/admin/x")):
            answer = await client.request(method, path)
            assert (answer.status_code, answer.headers[ELSEWHERE]) == (404, "server")
            assert "is answered by the server only" in answer.json()["error"]["message"]
        # A path that nobody drew is nobody's.
        assert ELSEWHERE not in (await client.get("/nothing")).headers


async def test_a_server_leaves_the_browser_s_routes_to_it() -> None:
    routes = Routes()
    routes.get("/drafts", to="drafts#index", on="browser")
    async with client_of_routes(routes) as client:
        answer = await client.get("/drafts")
    assert (answer.status_code, answer.headers[ELSEWHERE]) == (404, "browser")


async def test_a_route_whose_controller_was_not_sent_is_left_to_the_server(
    application: dict[str, ModuleType], caplog: pytest.LogCaptureFixture
) -> None:
    routes = Routes()
    routes.resources("tasks")
    routes.get("/x", to=SHOW)
    caplog.set_level(logging.DEBUG, "velocious.routing")
    async with client_of_routes(routes, handler=InTheBrowser(), log_level="debug") as client:
        assert (await client.get("/x")).status_code == 200
        assert (await client.get("/tasks")).headers[ELSEWHERE] == "server"
    assert "GET /tasks is left to the server" in caplog.text


def test_on_a_server_a_missing_controller_stops_the_start(
    application: dict[str, ModuleType],
) -> None:
    routes = Routes()
    routes.get("/tasks", to="tasks#index")
    with pytest.raises(MissingControllerError, match="there is no app/controllers/tasks_control"):
        configuration_of(routes).asgi()


def test_one_that_runs_in_the_browser_only_must_be_there(
    application: dict[str, ModuleType],
) -> None:
    routes = Routes()
    routes.get("/tasks", to="tasks#index", on="browser")
    with pytest.raises(MissingControllerError):
        configuration_of(routes, handler=InTheBrowser()).asgi()


def test_a_controller_that_was_sent_and_is_broken_stops_the_start(
    application: dict[str, ModuleType],
) -> None:
    module = ModuleType("app.controllers.tasks_controller")
    application[module.__name__] = module
    routes = Routes()
    routes.get("/tasks", to="tasks#index")
    try:
        with pytest.raises(RoutingError, match="defines no controller"):
            configuration_of(routes, handler=InTheBrowser()).asgi()
    finally:
        del application[module.__name__]


async def test_a_route_with_defaults_comes_before_one_that_runs_elsewhere() -> None:
    routes = Routes()
    routes.get("/here", to="exports#show", on="server")
    routes.get("/here", to=SHOW, on="browser", defaults={"place": "browser"})
    async with client_of_routes(routes, handler=InTheBrowser()) as client:
        answer = await client.get("/here")
    assert answer.status_code == 200
    assert answer.json()["place"] == "browser"
