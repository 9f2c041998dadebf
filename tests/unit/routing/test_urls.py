"""Helpers that write addresses."""

from __future__ import annotations

import re
from datetime import date
from enum import Enum
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import PlainTextResponse

from tests.unit.routing.asking import EchoController, client_of_routes, configuration_of
from velocious.controller import Controller
from velocious.errors import ConfigurationError, RoutingError, UrlError
from velocious.routing import Routes
from velocious.routing.table import RouteTable


class Task:
    """What looks like a record to a helper."""

    def __init__(self, key: Any) -> None:
        self.key = key

    def primary_key_value(self) -> Any:
        return self.key


class Page(Task):
    def to_param(self) -> str:
        return f"{self.key}-the page"


class Color(Enum):
    RED = "red"


@pytest.fixture
def routes() -> Routes:
    routes = Routes()
    routes.root(to="home#show")
    with routes.resources("projects", id="int"):
        routes.resources("tasks", id="int")
    routes.get("/files/{name:path}", to="files#show", as_="file")
    routes.get("/words/{word}", to="words#show", as_="word")
    routes.get("/versions/v{n:int}.{format}", to="versions#show", as_="version")
    routes.get("/codes/{code}", to="codes#show", as_="code", constraints={"code": "[a-f]{2}"})
    routes.get("/über uns".replace(" ", "-"), to="about#show", as_="about")
    routes.mount("/admin", PlainTextResponse("admin"))
    return routes


@pytest.mark.parametrize(
    ("helper", "values", "more", "path"),
    [
        ("root", (), {}, "/"),
        ("projects", (), {}, "/projects"),
        ("new_project", (), {}, "/projects/new"),
        ("edit_project", (7,), {}, "/projects/7/edit"),
        ("project", (Task(7),), {}, "/projects/7"),
        ("project_task", (Task(7), 8), {}, "/projects/7/tasks/8"),
        ("project_task", (8,), {"project_id": Task(7)}, "/projects/7/tasks/8"),
        ("project_task", (), {"id": "8", "project_id": 7, "page": 2}, "/projects/7/tasks/8?page=2"),
        ("word", (Page(3),), {}, "/words/3-the%20page"),
        ("word", ("a/b?c#d%",), {}, "/words/a%2Fb%3Fc%23d%25"),
        ("word", (Color.RED,), {}, "/words/red"),
        ("word", (date(2026, 1, 2),), {}, "/words/2026-01-02"),
        ("word", (UUID(int=1),), {}, "/words/00000000-0000-0000-0000-000000000001"),
        ("file", ("a/b c.txt",), {}, "/files/a/b%20c.txt"),
        ("version", (2, "json"), {}, "/versions/v2.json"),
        ("code", ("af",), {}, "/codes/af"),
        ("about", (), {"anchor": "us & you"}, "/%C3%BCber-uns#us%20%26%20you"),
        ("admin", (), {}, "/admin"),
        (
            "projects",
            (),
            {"q": "a b&c", "tags": ["x", "y"], "at": {"day": date(2026, 1, 2)}, "no": None},
            "/projects?q=a+b%26c&tags[]=x&tags[]=y&at[day]=2026-01-02",
        ),
    ],
)
def test_a_helper_writes_the_path_of_its_route(
    routes: Routes, helper: str, values: tuple[Any, ...], more: dict[str, Any], path: str
) -> None:
    assert getattr(routes.urls, f"{helper}_path")(*values, **more) == path
    assert routes.urls.path(helper, *values, **more) == path


@pytest.mark.parametrize(
    ("helper", "values", "said"),
    [
        (
            "project_task",
            (7,),
            "project_task_path(project_id, id) is missing 'id', for the path "
            "/projects/{project_id:int}/tasks/{id:int}.",
        ),
        ("project_task", (), "is missing 'project_id' and 'id'"),
        ("project", (1, 2), "was given 2 values for 1 parameters"),
        ("projects", (1,), "was given 1 values for 0 parameters"),
        ("project", (Task(None),), "has no key yet. Save it first"),
        ("project", (None,), "is None, which has no text in an address"),
        ("project", ("seven",), "'id' of project_path(id) is 'seven', which is not of the type"),
        ("project", (-1,), "is '-1', which is not of the type 'int'"),
        ("project", (True,), "is 'true', which is not of the type 'int'"),
        ("code", ("xyz",), "is 'xyz', which is not like '[a-f]{2}'"),
        ("word", ("",), "is empty"),
        ("word", ("..",), "browsers read as another path"),
        ("file", ("a/../../b",), "browsers read as another path"),
        ("word", (object(),), "which has no text in an address"),
        ("word", ("\ud800",), "which is no text"),
    ],
)
def test_a_path_that_no_request_could_have_is_not_written(
    routes: Routes, helper: str, values: tuple[Any, ...], said: str
) -> None:
    with pytest.raises(UrlError, match=re.escape(said)):
        getattr(routes.urls, f"{helper}_path")(*values)


def test_no_value_leads_to_another_host() -> None:
    routes = Routes()
    routes.get("/{rest:path}", to="files#show", as_="any")
    assert routes.urls.any_path("a//b") == "/a//b"
    with pytest.raises(UrlError, match="another host"):
        routes.urls.any_path("/evil.test")


def test_an_unknown_helper_is_named_with_those_that_come_close(routes: Routes) -> None:
    with pytest.raises(AttributeError, match=r"'project_tsak_path'. Did you mean project_task_pa"):
        routes.urls.project_tsak_path(1, 2)
    with pytest.raises(UrlError, match="Did you mean project"):
        routes.urls.path("projetc", 1)
    assert not hasattr(routes.urls, "project")
    assert {"root_path", "root_url", "new_project_task_path"} <= set(routes.urls)


def test_a_whole_address_needs_to_know_the_host(routes: Routes) -> None:
    with pytest.raises(UrlError, match=r'http=\{"base_url": "https://example.com"\}'):
        routes.urls.project_url(1)
    configuration = configuration_of(routes, http={"base_url": "https://example.com/shop/"})
    assert configuration.urls.project_url(1, page=2) == "https://example.com/shop/projects/1?page=2"
    assert configuration.urls.project_path(1) == "/shop/projects/1"


@pytest.mark.parametrize("base", ["example.com", "https://", "ftp://example.com", "https://a?b", 7])
def test_a_base_that_is_no_address_is_refused(base: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"http\['base_url'\] is"):
        configuration_of(Routes(), http={"base_url": base})


class AddressesController(Controller):
    async def show(self) -> None:
        self.render(json=[self.urls.echo_path(1), self.urls.echo_url(1, q="x")])


@pytest.mark.parametrize(
    ("options", "addresses"),
    [
        ({}, ["/echo/1", "http://app.test/echo/1?q=x"]),
        ({"root_path": "/shop"}, ["/shop/echo/1", "http://app.test/shop/echo/1?q=x"]),
        (
            {"http": {"base_url": "https://example.com"}, "root_path": "/shop"},
            ["/shop/echo/1", "https://example.com/echo/1?q=x"],
        ),
    ],
)
async def test_a_controller_writes_addresses_as_it_was_asked(
    options: dict[str, Any], addresses: list[str]
) -> None:
    routes = Routes()
    routes.get("/echo/{id}", to=(EchoController, "show"), as_="echo")
    routes.get("/addresses", to=(AddressesController, "show"))
    async with client_of_routes(routes, **options) as client:
        answer = await client.get(options.get("root_path", "") + "/addresses")
        assert answer.json() == addresses
        assert (await client.get(addresses[0])).json() == {"action": "show", "id": "1"}


def test_a_name_that_is_taken_is_refused_and_one_that_nobody_gave_is_the_first_ones() -> None:
    routes = Routes()
    routes.get("/find", to="tasks#find", as_="search")
    with pytest.raises(RoutingError, match="as_='search' is given to /x and to /find"):
        routes.get("/x", to="x#show", as_="search")
    routes.get("/search", to="tasks#search")
    assert routes.urls.search_path() == "/find"
    routes.get("/a/b", to="a#b")
    routes.get("/c", to="a#c", as_="a_b")
    assert routes.urls.a_b_path() == "/c"


@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(
        lambda text: text not in (".", "..")
    )
)
def test_whatever_a_helper_writes_is_matched_with_the_same_value(text: str) -> None:
    routes = Routes()
    routes.get("/words/{word}", to="words#show", as_="word")
    table = RouteTable([(("GET",), "/words/{word}", PlainTextResponse("word"))])
    raw = routes.urls.word_path(text)
    scope: dict[str, Any] = {
        **{"type": "http", "method": "GET", "path": unquote(raw), "raw_path": raw.encode()},
        **{"root_path": "", "headers": []},
    }
    assert table.find(scope) is not None
    assert scope["path_params"] == {"word": text}
