"""The language that routes are written in."""

from __future__ import annotations

import re
from typing import Any

import pytest

from velocious.errors import RoutingError
from velocious.routing import Routes


def lines(routes: Routes) -> list[str]:
    return [f"{'|'.join(route.methods)} {route.path} {route.target}" for route in routes]


def test_each_method_has_a_verb() -> None:
    routes = Routes()
    for verb in ("get", "post", "put", "patch", "delete"):
        getattr(routes, verb)("/tasks", to="tasks#action")
    assert lines(routes) == [
        "GET /tasks tasks#action",
        "POST /tasks tasks#action",
        "PUT /tasks tasks#action",
        "PATCH /tasks tasks#action",
        "DELETE /tasks tasks#action",
    ]


def test_a_resource_has_seven_actions_and_new_comes_before_the_member() -> None:
    routes = Routes()
    routes.resources("tasks", id="int")
    assert lines(routes) == [
        "GET /tasks tasks#index",
        "POST /tasks tasks#create",
        "GET /tasks/new tasks#new",
        "GET /tasks/{id:int}/edit tasks#edit",
        "GET /tasks/{id:int} tasks#show",
        "PATCH|PUT /tasks/{id:int} tasks#update",
        "DELETE /tasks/{id:int} tasks#destroy",
    ]


@pytest.mark.parametrize(
    ("options", "actions"),
    [
        ({"only": ["index", "show"]}, ["index", "show"]),
        ({"only": "index"}, ["index"]),
        ({"except_": ["new", "edit", "destroy"]}, ["index", "create", "show", "update"]),
        ({"only": ["index", "show"], "except_": "show"}, ["index"]),
    ],
)
def test_a_resource_can_have_fewer(options: dict[str, Any], actions: list[str]) -> None:
    routes = Routes()
    routes.resources("tasks", **options)
    assert [route.target.action for route in routes] == actions


def test_only_insists_on_its_actions_and_the_seven_do_not() -> None:
    routes = Routes()
    routes.resources("tasks")
    routes.resources("projects", only=["index"])
    assert {route.optional for route in routes if route.target.controller == "tasks"} == {True}
    assert {route.optional for route in routes if route.target.controller == "projects"} == {False}


def test_a_resource_may_have_a_controller_of_another_name() -> None:
    routes = Routes()
    routes.resources("to-dos", controller="tasks", only=["index"])
    assert lines(routes) == ["GET /to-dos tasks#index"]


def test_a_namespace_goes_before_paths_and_controllers_of_its_block_only() -> None:
    routes = Routes()
    with routes.namespace("api"):
        routes.root(to="home#show")
        with routes.namespace("v1"):
            routes.get("/tasks", to="tasks#index")
    routes.root(to="home#show")
    assert lines(routes) == [
        "GET /api api/home#show",
        "GET /api/v1/tasks api/v1/tasks#index",
        "GET / home#show",
    ]


def test_a_namespace_ends_when_its_block_raises() -> None:
    routes = Routes()
    with pytest.raises(RoutingError), routes.namespace("api"):
        routes.get("/x", to="nonsense")
    routes.get("/x", to="x#show")
    assert lines(routes) == ["GET /x x#show"]


def test_slashes_at_the_ends_do_not_matter() -> None:
    routes = Routes()
    routes.get("tasks/", to="tasks#index")
    assert lines(routes) == ["GET /tasks tasks#index"]


@pytest.mark.parametrize(
    ("verb", "path", "options", "said"),
    [
        ("get", "/x", {"to": "tasks.index"}, "'tasks.index' does not name an action"),
        ("get", "/x", {"to": "Tasks#index"}, "Write controller#action in small letters"),
        ("get", "/x", {"to": "../secrets#show"}, "does not name an action"),
        ("get", "/{id:integer}", {"to": "x#y"}, "unknown type 'integer'. Did you mean 'int'"),
        ("get", "/{id}/{id}", {"to": "x#y"}, "has a parameter twice"),
        ("get", "/{id", {"to": "x#y"}, "'/{id' is not a path of a route"),
        ("get", "/a b", {"to": "x#y"}, "no spaces"),
        ("get", "/a?b=1", {"to": "x#y"}, "no query"),
        ("resources", "tasks", {"only": ["indx"]}, "'indx'. Did you mean 'index'"),
        ("resources", "tasks", {"except_": ["delete"]}, "no action 'delete'"),
    ],
)
def test_what_makes_no_sense_is_refused_when_it_is_drawn(
    verb: str, path: str, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(RoutingError, match=re.escape(said)):
        getattr(Routes(), verb)(path, **options)


def test_a_route_that_can_never_be_reached_is_refused() -> None:
    routes = Routes()
    routes.get("/tasks/{id:int}", to="tasks#show")
    routes.post("/tasks/{task_id:int}", to="tasks#restore")
    with pytest.raises(RoutingError, match="can never be reached: GET /tasks/{id:int}"):
        routes.get("/tasks/{number:int}", to="tasks#other")
