"""``velocious routes``."""

from __future__ import annotations

import pytest

from velocious.cli.command import Invocation
from velocious.cli.commands.routes import routes as command
from velocious.cli.output import TextOutput
from velocious.configuration import Configuration
from velocious.controller import Controller
from velocious.errors import RoutingError
from velocious.routing import Routes
from velocious_node import LogSettings, NodeEnvironmentHandler


class TasksController(Controller):
    async def index(self) -> None:
        self.render(json=[])

    async def update(self) -> None:
        self.render(json={})


async def listed(routes: Routes, *words: str) -> list[str]:
    configuration = Configuration(
        environment_handler=NodeEnvironmentHandler(log=LogSettings(console=False)),
        databases={"default": "sqlite:///:memory:"},
        routes=routes,
    )
    output = TextOutput()
    call = command.parse(list(words), output, "velocious")
    assert not isinstance(call, int)
    assert await call.run(Invocation(output, configuration)) == 0
    return output.text.splitlines()


@pytest.fixture
def routes() -> Routes:
    routes = Routes()
    routes.get("/tasks", to=(TasksController, "index"))
    with routes.namespace("api"):
        routes.patch("/tasks/{id:int}", to=(TasksController, "update"))
    return routes


async def test_each_route_is_a_line(routes: Routes) -> None:
    assert await listed(routes) == [
        "Method  Path                 Action",
        "GET     /tasks               TasksController#index",
        "PATCH   /api/tasks/{id:int}  TasksController#update",
    ]


async def test_a_word_chooses_among_them(routes: Routes) -> None:
    assert [line.split()[0] for line in await listed(routes, "patch")] == ["Method", "PATCH"]
    assert [line.split()[0] for line in await listed(routes, "index")] == ["Method", "GET"]
    assert await listed(routes, "nothing") == [
        "No route has 'nothing' in it. `velocious routes` lists all of them."
    ]


async def test_an_application_without_routes_is_told_where_to_write_them() -> None:
    (line,) = await listed(Routes())
    assert "app/config/routes.py" in line


async def test_a_route_that_leads_nowhere_is_an_error(routes: Routes) -> None:
    routes.get("/x", to=(TasksController, "indx"))
    with pytest.raises(RoutingError, match="Did you mean 'index'"):
        await listed(routes)
