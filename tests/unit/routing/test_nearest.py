"""What a developer is told about a path that nobody answers."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import pytest

from tests.unit.routing.asking import EchoController, client_of_routes
from velocious.routing import Routes
from velocious.routing.nearest import nearest_routes


@pytest.fixture
def routes() -> Routes:
    routes = Routes()
    for path in ("/", "/projects", "/projects/{id}", "/projects/{id}/tasks", "/search"):
        routes.get(path, to=(EchoController, "show"))
    routes.post("/projects", to=(EchoController, "show"))
    return routes


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("/project", ["GET /projects", "POST /projects", "GET /projects/{id}"]),
        ("/projects/", ["GET /projects", "POST /projects", "GET /projects/{id}"]),
        ("/projetcs/7/task", ["GET /projects/{id}/tasks"]),
        ("/serach", ["GET /search"]),
        ("/nothing-like-it", []),
    ],
)
def test_the_nearest_routes_are_named_best_first(
    routes: Routes, path: str, nearest: list[str]
) -> None:
    assert nearest_routes(routes, path)[: len(nearest)] == nearest
    assert bool(nearest_routes(routes, path)) == bool(nearest)


def test_a_long_path_is_compared_by_its_beginning(routes: Routes) -> None:
    began = perf_counter()
    assert nearest_routes(routes, "/projects" * 10_000) == []
    assert perf_counter() - began < 0.5


async def test_only_development_shows_them(routes: Routes) -> None:
    async with client_of_routes(routes, environment="development") as client:
        told = await client.get("/serach")
        assert told.json()["error"] == {
            "code": "not_found",
            "message": "There is nothing at /serach.",
            "nearest_routes": ["GET /search"],
        }
        page = (await client.get("/<b>search", headers={"accept": "text/html"})).text
        assert "<li><code>GET /search</code></li>" in page
    production: dict[str, Any] = {"environment": "production", "http": {"hosts": ["app.test"]}}
    async with client_of_routes(routes, **production) as client:
        told = await client.get("/serach")
        assert told.status_code == 404
        assert "nearest_routes" not in told.json()["error"]
