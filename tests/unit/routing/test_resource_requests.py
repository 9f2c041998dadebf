"""The seven requests of a resource, each led to its action: what the original got wrong."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest

from tests.unit.routing.asking import client_of_routes
from velocious.controller import Controller
from velocious.routing import Routes

ACTIONS = ("index", "create", "new", "edit", "show", "update", "destroy", "move", "search")


def _action(name: str) -> Any:
    async def action(self: Controller) -> None:
        self.render(json=[name, self.params])

    return action


@pytest.fixture
def routes(monkeypatch: pytest.MonkeyPatch) -> Routes:
    """Tasks, by themselves and below projects, of a controller with every action."""
    for name in ("app", "app.controllers", "app.controllers.tasks_controller"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    made = type("TasksController", (Controller,), {name: _action(name) for name in ACTIONS})
    vars(sys.modules["app.controllers.tasks_controller"])["TasksController"] = made
    routes = Routes()
    with routes.resources("tasks", id="int") as tasks:
        tasks.member.post("move")
        tasks.collection.get("search")
    with routes.namespace("bench"):
        routes.get("/ping", to=(made, "index"))
    with routes.resources("projects", only=(), id="int"):
        routes.resources("tasks", id="int")
    return routes


@pytest.mark.parametrize(
    ("method", "path", "action", "params"),
    [
        ("GET", "/tasks", "index", {}),
        ("POST", "/tasks", "create", {}),
        ("GET", "/tasks/new", "new", {}),
        ("GET", "/tasks/search?q=x", "search", {"q": "x"}),
        ("GET", "/tasks/7/edit", "edit", {"id": 7}),
        ("GET", "/tasks/7?id=8", "show", {"id": 7}),
        ("PUT", "/tasks/7", "update", {"id": 7}),
        ("PATCH", "/tasks/7", "update", {"id": 7}),
        ("DELETE", "/tasks/7", "destroy", {"id": 7}),
        ("POST", "/tasks/7/move", "move", {"id": 7}),
        ("GET", "/projects/3/tasks/7", "show", {"project_id": 3, "id": 7}),
        ("POST", "/projects/3/tasks?project_id=4", "create", {"project_id": 3}),
        ("GET", "/bench/ping", "index", {}),
    ],
)
async def test_each_request_reaches_its_action(
    routes: Routes, method: str, path: str, action: str, params: dict[str, Any]
) -> None:
    async with client_of_routes(routes) as client:
        assert (await client.request(method, path)).json() == [action, params]


@pytest.mark.parametrize(
    ("method", "path", "status", "allowed"),
    [
        ("DELETE", "/tasks", 405, "GET, HEAD, OPTIONS, POST"),
        ("POST", "/tasks/7", 405, "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"),
        ("GET", "/tasks/7/move", 405, "OPTIONS, POST"),
        ("OPTIONS", "/tasks/7", 204, "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"),
        ("GET", "/tasksfoo", 404, None),
        ("GET", "/tasks/", 404, None),
        ("GET", "/tasks/seven", 404, None),
        ("GET", "/tasks/7/edit/more", 404, None),
        ("GET", "/projects/3/tasksfoo", 404, None),
        ("GET", "/projects/x/tasks", 404, None),
        ("GET", "/benchping", 404, None),
        ("POST", "/bench/ping", 405, "GET, HEAD, OPTIONS"),
    ],
)
async def test_a_request_that_is_none_of_them_is_refused(
    routes: Routes, method: str, path: str, status: int, allowed: str | None
) -> None:
    async with client_of_routes(routes) as client:
        answer = await client.request(method, path)
    assert (answer.status_code, answer.headers.get("allow")) == (status, allowed)


async def test_a_request_cannot_choose_its_action(routes: Routes) -> None:
    sent = {"controller": "users", "action": "destroy"}
    async with client_of_routes(routes) as client:
        for answer in (
            await client.post("/tasks?controller=users&action=destroy"),
            await client.post("/tasks", json=sent),
        ):
            # It is data like any other.
            assert answer.json() == ["create", sent]
