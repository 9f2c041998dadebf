"""The tests in the guide to testing are run, against an application that they fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from starlette.responses import HTMLResponse, StreamingResponse

from tests.node.guides import MODELS, SCHEMA, Task, offer_models, python_blocks, run
from velocious.controller import Controller
from velocious.routing import Routes
from velocious.testing.client import Client
from velocious.testing.environment import environment_called
from velocious.testing.form_data import form_pairs

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from starlette.responses import Response

DOCUMENT = "docs/testing.md"
NEW = """
<form action="/tasks" method="post">
<label for="name">Name</label><input id="name" name="task[name]">
<input type="checkbox" name="task[done]" value="1"><button>Save</button></form>
"""


class TasksController(Controller):
    async def index(self) -> Response:
        names = await Task.pluck("name")
        text = "".join(f'<li class="task">{name}</li>' for name in names)
        empty = "" if names else "<p>There is nothing to do.</p>"
        link = '<a href="/tasks/new">New task</a>'
        return HTMLResponse(f"<title>All</title><h1>Tasks</h1>{link}{text}{empty}")

    async def new(self) -> Response:
        return HTMLResponse(NEW)

    async def create(self) -> None:
        sent = dict(form_pairs(self.params))
        if "name" in sent:
            await Task.create(name=sent["name"])
            self.head(201)
        else:
            await Task.create(name=sent["task[name]"], done=sent["task[done]"] == "1")
            self.redirect_to("/tasks")

    async def ticks(self) -> Response:
        async def ticks() -> AsyncGenerator[str]:
            for number in range(1, 100):
                yield f"data: {number}\n\n"

        return StreamingResponse(ticks(), media_type="text/event-stream")


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    routes = Routes()
    routes.get("/tasks", to=(TasksController, "index"))
    routes.get("/tasks/new", to=(TasksController, "new"))
    routes.post("/tasks", to=(TasksController, "create"))
    routes.get("/ticks", to=(TasksController, "ticks"))
    place = environment_called("node-sqlite")
    async with place.application(models=MODELS, schema=SCHEMA, routes=routes) as configuration:
        yield Client(configuration)


@pytest.mark.parametrize("block", python_blocks(DOCUMENT), ids=lambda block: block[-45:].strip())
async def test_the_tests_of_the_guide_pass(
    block: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer_models(monkeypatch)
    names: dict[str, Any] = run(block)
    (test,) = [names[name] for name in names if name.startswith("test_")]
    await (test(client) if "client: Client" in block else test())
