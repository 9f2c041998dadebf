"""Matching a request to a route."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Match

from velocious.routing.table import RouteTable

if TYPE_CHECKING:
    from starlette.types import ASGIApp


def endpoint(name: str) -> ASGIApp:
    return PlainTextResponse(name)


@pytest.fixture
def table() -> RouteTable:
    return RouteTable(
        [
            (("GET",), "/tasks", endpoint("index")),
            (("POST",), "/tasks", endpoint("create")),
            (("GET",), "/tasks/new", endpoint("new")),
            (("GET",), "/tasks/{id:int}", endpoint("show")),
            (("PATCH", "PUT"), "/tasks/{id:int}", endpoint("update")),
            (("GET",), "/files/{name:path}", endpoint("file")),
            (("GET",), "/words/{word}", endpoint("word")),
        ]
    )


def match(table: RouteTable, method: str, path: str, root_path: str = "") -> Any:
    scope = {"type": "http", "method": method, "path": path, "root_path": root_path}
    found, more = table.matches(scope)
    if found is not Match.FULL:
        return found
    return more["endpoint"].body.decode(), more["path_params"]


@pytest.mark.parametrize(
    ("method", "path", "name", "parameters"),
    [
        ("GET", "/tasks", "index", {}),
        ("HEAD", "/tasks", "index", {}),
        ("POST", "/tasks", "create", {}),
        ("GET", "/tasks/new", "new", {}),
        ("GET", "/tasks/7", "show", {"id": 7}),
        ("PUT", "/tasks/7", "update", {"id": 7}),
        ("PATCH", "/tasks/7", "update", {"id": 7}),
        ("GET", "/files/a/b.txt", "file", {"name": "a/b.txt"}),
        ("GET", "/words/hé llo", "word", {"word": "hé llo"}),
    ],
)
def test_the_method_and_the_whole_path_decide(
    table: RouteTable, method: str, path: str, name: str, parameters: dict[str, Any]
) -> None:
    assert match(table, method, path) == (name, parameters)


@pytest.mark.parametrize(
    "path",
    ["/tasksfoo", "/tasks/", "/tasks/seven", "/tasks/7/", "/tasks/7\n", "/words/a/b", "/", "tasks"],
)
def test_a_path_that_only_looks_like_a_route_is_none(table: RouteTable, path: str) -> None:
    assert match(table, "GET", path) is Match.NONE


def test_a_number_too_long_for_python_is_no_number(table: RouteTable) -> None:
    assert match(table, "GET", "/tasks/" + "9" * 5000) is Match.NONE


@pytest.mark.parametrize("path", ["/tasks", "/tasks/new", "/tasks/7"])
def test_another_method_of_a_known_path_is_refused_not_missing(
    table: RouteTable, path: str
) -> None:
    assert match(table, "DELETE", path) is Match.PARTIAL


def test_a_prefix_of_the_server_is_left_out(table: RouteTable) -> None:
    assert match(table, "GET", "/shop/tasks", "/shop") == ("index", {})


def test_the_first_route_of_a_path_wins() -> None:
    table = RouteTable()
    table.add(("GET",), "/x", endpoint("first"))
    table.add(("GET", "POST"), "/x", endpoint("second"))
    assert match(table, "GET", "/x")[0] == "first"
    assert match(table, "POST", "/x")[0] == "second"


def test_websockets_are_not_ours(table: RouteTable) -> None:
    assert table.matches({"type": "websocket", "path": "/tasks"}) == (Match.NONE, {})
