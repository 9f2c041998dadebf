"""``velocious routes``."""

from __future__ import annotations

import pytest
from starlette.responses import PlainTextResponse

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
        "Name   Method  Path                 Action",
        "tasks  GET     /tasks               TasksController#index",
        "       PATCH   /api/tasks/{id:int}  TasksController#update",
    ]


@pytest.mark.parametrize(
    ("words", "paths"),
    [
        (["patch"], ["/api/tasks/{id:int}"]),
        (["index"], ["/tasks"]),
        (["-g", "api"], ["/api/tasks/{id:int}"]),
        (["--grep", "tasks", "index"], ["/tasks"]),
        (["--method", "head"], ["/tasks"]),
        (["-c", "TasksController"], ["/tasks", "/api/tasks/{id:int}"]),
        (["-c", "tasks"], ["/tasks", "/api/tasks/{id:int}"]),
        (["--on", "browser"], ["/tasks", "/api/tasks/{id:int}"]),
    ],
)
async def test_words_and_options_choose_among_them(
    routes: Routes, words: list[str], paths: list[str]
) -> None:
    lines = await listed(routes, *words)
    place = lines[0].index("Path")
    assert [line[place:].split()[0] for line in lines[1:]] == paths


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nothing"], "No route has 'nothing' in it. `velocious routes` lists all of them."),
        (["-c", "task"], "No route is like that. `velocious routes` lists all of them."),
    ],
)
async def test_where_none_is_like_that_it_says_so(
    routes: Routes, words: list[str], said: str
) -> None:
    assert await listed(routes, *words) == [said]


async def test_redirects_and_mounts_are_listed_and_where_routes_run(routes: Routes) -> None:
    routes.redirect("/old", "/tasks", status=308)
    routes.mount("/admin", PlainTextResponse("admin"))
    routes.get("/export", to="exports#show", on="browser")
    assert await listed(routes) == [
        "Name    Method  Path                 Action                                 On",
        "tasks   GET     /tasks               TasksController#index                  both",
        "        PATCH   /api/tasks/{id:int}  TasksController#update                 both",
        "old     GET     /old                 308 → /tasks                           both",
        "admin   ANY     /admin               starlette.responses.PlainTextResponse  server",
        "export  GET     /export              exports#show                           browser",
    ]
    assert [line.split()[0] for line in await listed(routes, "--on", "browser")][3:] == [
        "old",
        "export",
    ]


async def test_an_application_without_routes_is_told_where_to_write_them() -> None:
    (line,) = await listed(Routes())
    assert "app/config/routes.py" in line


async def test_a_route_that_leads_nowhere_is_an_error(routes: Routes) -> None:
    routes.get("/x", to=(TasksController, "indx"))
    with pytest.raises(RoutingError, match="Did you mean 'index'"):
        await listed(routes)
