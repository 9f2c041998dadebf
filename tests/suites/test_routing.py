"""Requests find their actions, and helpers their addresses, wherever the application runs."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from tests.suites.models import MODELS, SCHEMA, Project
from velocious.controller import Controller
from velocious.errors import UrlError
from velocious.routing import Routes
from velocious.testing.client import Client

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from velocious.routing.route import Place
    from velocious.testing.environment import TestEnvironment


class EchoController(Controller):
    async def index(self) -> None:
        self.render(json=["index", self.params])

    async def show(self) -> None:
        self.render(json=["show", self.params])

    async def addresses(self) -> None:
        project = await Project.create(name="Apollo")
        self.render(
            json=[
                self.urls.project_path(project),
                self.urls.project_url(project, page=2),
                self.configuration.urls.project_url(project),
            ]
        )


PLACES: tuple[tuple[Place, Place], ...] = (("server", "browser"), ("browser", "server"))
INDEX, SHOW = (EchoController, "index"), (EchoController, "show")


@asynccontextmanager
async def opened(environment: TestEnvironment, routes: Routes) -> AsyncGenerator[Client]:
    async with environment.application(
        models=MODELS, schema=SCHEMA, routes=routes, http={"base_url": "https://example.com"}
    ) as configuration:
        yield Client(configuration)


async def test_the_whole_path_and_the_method_decide(environment: TestEnvironment) -> None:
    routes = Routes()
    with routes.scope(path="/projects"):
        routes.get("/", to=INDEX)
        routes.match("/{id:int}", ["PATCH", "PUT"], to=SHOW)
    async with opened(environment, routes) as client:
        assert (await client.request("GET", "/projects?q=1")).json() == ["index", {"q": "1"}]
        for method in ("PATCH", "PUT"):
            assert (await client.request(method, "/projects/7?id=8")).json() == ["show", {"id": 7}]
        head = await client.request("HEAD", "/projects")
        assert head.status == 200
        refused = await client.request("DELETE", "/projects/7")
        assert (refused.status, refused.headers["allow"]) == (405, "OPTIONS, PATCH, PUT")
        known = await client.request("OPTIONS", "/projects")
        assert (known.status, known.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
        # No path is found by its beginning, and a slash at the end makes another one of it.
        for path in ("/projectsfoo", "/projects/", "/projects/7x", "/projects//7", "/"):
            assert (await client.request("GET", path)).status == 404


async def test_an_address_is_decoded_once(environment: TestEnvironment) -> None:
    routes = Routes()
    routes.get("/words/{word}", to=SHOW)
    async with opened(environment, routes) as client:
        answer = await client.request("GET", "/words/a%2Fb%2520%C3%A9")
        assert answer.json() == ["show", {"word": "a/b%20é"}]


async def test_helpers_write_the_addresses_of_records(environment: TestEnvironment) -> None:
    routes = Routes()
    routes.resources("projects", only=())
    routes.get("/projects/{id:int}", to=SHOW, as_="project")
    routes.get("/addresses", to=(EchoController, "addresses"))
    async with opened(environment, routes) as client:
        path, url, outside = (await client.request("GET", "/addresses")).json()
        key = (await Project.pluck("id"))[0]
        assert path == f"/projects/{key}"
        assert url == f"https://example.com/projects/{key}?page=2"
        assert outside == f"https://example.com/projects/{key}"
        assert (await client.request("GET", path)).json() == ["show", {"id": key}]
        with pytest.raises(UrlError, match="Save it first"):
            routes.urls.project_path(Project(name="New"))


async def test_a_route_of_another_place_is_left_to_it(
    environment: TestEnvironment,
) -> None:
    routes = Routes()
    for place, elsewhere in PLACES:
        routes.get("/here", to=SHOW, on=place, defaults={"place": place})
        with routes.scope(path=f"/{place}", on=place):
            routes.redirect("/away", f"/{elsewhere}")
    async with opened(environment, routes) as client:
        _, params = (await client.request("GET", "/here")).json()
        here = params["place"]
        there = dict(PLACES)[here]
        assert (await client.request("GET", f"/{here}/away")).headers["location"] == f"/{there}"
        left = await client.request("GET", f"/{there}/away")
        assert (left.status, left.headers["velocious-runs-on"]) == (404, there)


async def test_a_hook_may_answer_first(environment: TestEnvironment) -> None:
    async def special(current_path: str) -> object:
        if current_path != "/special":
            return None
        return {"controller_class": EchoController, "action": "show", "params": {"by": "hook"}}

    hooks = {"route_hooks": [special]}
    async with environment.application(routes=Routes(), http=hooks) as configuration:
        client = Client(configuration)
        assert (await client.request("GET", "/special")).json() == ["show", {"by": "hook"}]
        assert (await client.request("GET", "/other")).status == 404
