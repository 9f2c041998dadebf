"""Matching a request to a route."""

from __future__ import annotations

import re
from time import perf_counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import PlainTextResponse
from starlette.routing import compile_path

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


def asked(method: str, path: str, root_path: str = "", **more: Any) -> dict[str, Any]:
    return {
        **{"type": "http", "method": method, "path": path, "root_path": root_path, "headers": []},
        **more,
    }


def match(table: RouteTable, method: str, path: str, root_path: str = "", **more: Any) -> Any:
    scope = asked(method, path, root_path, **more)
    found: Any = table.find(scope)
    return None if found is None else (found.body.decode(), scope["path_params"])


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
    assert match(table, "GET", path) is None
    assert table.allowed(asked("GET", path)) == set()


def test_a_number_too_long_for_python_is_no_number(table: RouteTable) -> None:
    assert match(table, "GET", "/tasks/" + "9" * 5000) is None


@pytest.mark.parametrize("path", ["/tasks", "/tasks/new", "/tasks/7"])
def test_another_method_of_a_known_path_is_refused_not_missing(
    table: RouteTable, path: str
) -> None:
    assert match(table, "DELETE", path) is None
    assert {"GET", "HEAD"} <= table.allowed(asked("DELETE", path))


def test_a_prefix_of_the_server_is_left_out(table: RouteTable) -> None:
    assert match(table, "GET", "/shop/tasks", "/shop") == ("index", {})


def test_the_first_route_of_a_path_wins() -> None:
    table = RouteTable()
    table.add(("GET",), "/x", endpoint("first"))
    table.add(("GET", "POST"), "/x", endpoint("second"))
    assert match(table, "GET", "/x")[0] == "first"
    assert match(table, "POST", "/x")[0] == "second"


@pytest.mark.parametrize(
    ("path", "name", "parameters"),
    [
        ("/a/fixed", "fixed", {}),
        ("/a/7", "number", {"id": 7}),
        ("/a/seven", "word", {"word": "seven"}),
        ("/a/7/edit", "edit", {"id": 7}),
        ("/a/fixed/edit", "edit of a word", {"word": "fixed"}),
        ("/a/x/y/z", "rest", {"rest": "x/y/z"}),
        ("/a/v2.json", "version", {"n": 2, "format": "json"}),
    ],
)
def test_fixed_text_comes_first_then_parameters_as_drawn_then_those_with_slashes(
    path: str, name: str, parameters: dict[str, Any]
) -> None:
    table = RouteTable(
        (("GET",), path, endpoint(name))
        for path, name in [
            ("/a/{rest:path}", "rest"),
            ("/a/v{n:int}.{format}", "version"),
            ("/a/{id:int}", "number"),
            ("/a/{word}", "word"),
            ("/a/fixed", "fixed"),
            ("/a/{id:int}/edit", "edit"),
            ("/a/{word}/edit", "edit of a word"),
        ]
    )
    assert match(table, "GET", path) == (name, parameters)


def test_a_path_without_the_method_leaves_it_to_the_next_that_fits() -> None:
    table = RouteTable(
        [
            (("GET",), "/pages/new", endpoint("new")),
            (("DELETE",), "/pages/{name}", endpoint("destroy")),
        ]
    )
    assert match(table, "DELETE", "/pages/new") == ("destroy", {"name": "new"})
    assert table.allowed(asked("PUT", "/pages/new")) == {"GET", "HEAD", "DELETE"}


def test_an_encoded_slash_is_text_and_is_decoded_once(table: RouteTable) -> None:
    path: dict[str, Any] = {"path": "/words/a/b%2F", "raw_path": b"/words/a%2fb%252F"}
    assert match(table, "GET", **path) == ("word", {"word": "a/b%2F"})
    below: dict[str, Any] = {
        "path": "/shop/words/a/b",
        "raw_path": b"/shop/words/a%2Fb",
        "root_path": "/shop",
    }
    assert match(table, "GET", **below) == ("word", {"word": "a/b"})
    # It does not lead to a page that is drawn with a slash.
    assert match(table, "GET", "/tasks/new", raw_path=b"/tasks%2Fnew") is None


def test_a_path_that_was_changed_on_the_way_counts_as_it_is_now(table: RouteTable) -> None:
    assert match(table, "GET", "/tasks", raw_path=b"/old%2Ftasks") == ("index", {})


def test_a_long_part_with_several_parameters_is_refused_fast() -> None:
    table = RouteTable([(("GET",), "/{a}-{b}-{c}.txt", endpoint("x"))])
    assert match(table, "GET", "/a-b-c.txt") == ("x", {"a": "a", "b": "b", "c": "c"})
    began = perf_counter()
    assert match(table, "GET", "/" + "-" * 100_000) is None
    assert perf_counter() - began < 0.5


_PARTS = st.sampled_from(["a", "b", "{}", "{:int}", "x{}", "{}.{:int}"])
_ASKED = st.sampled_from(["a", "b", "7", "xa", "x7", "b.7", "", "a\n"])


def _named(parts: list[str]) -> str:
    names = iter("pqrstuvwxyz")
    return "/" + "/".join(re.sub(r"\{", lambda _: "{" + next(names), part) for part in parts)


@given(st.lists(st.lists(_PARTS, max_size=3), max_size=12), st.lists(_ASKED, max_size=3))
def test_the_table_finds_what_trying_every_route_finds(
    drawn: list[list[str]], parts: list[str]
) -> None:
    paths = list(dict.fromkeys(_named(one) for one in drawn))
    table = RouteTable((("GET",), path, endpoint(path)) for path in paths)
    asked_for = "/" + "/".join(parts)
    fitting = {path for path in paths if compile_path(path)[0].fullmatch(asked_for)}
    found = match(table, "GET", asked_for)
    assert (found is None) == (not fitting)
    if found is not None:
        name, parameters = found
        assert name in fitting
        pattern, _, converters = compile_path(name)
        texts: Any = pattern.fullmatch(asked_for)
        assert parameters == {
            key: converters[key].convert(text) for key, text in texts.groupdict().items()
        }
        # No route that fits has fixed text where this one has a parameter, further left.
        assert _rank(name) == min(_rank(path) for path in fitting)


def _rank(path: str) -> list[bool]:
    return ["{" in part for part in path.split("/")]
