"""What the guide to controllers says is run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.node.guides import MODELS, SCHEMA, Project, Task, offer_models, python_blocks, run
from tests.unit.controller.answers import client_of
from velocious.configuration import Configuration
from velocious.controller import Controller

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    import httpx

SIGNED_IN = {"authorization": "token"}


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Everything that the blocks of the guide define, one after another."""
    offer_models(monkeypatch)
    found: dict[str, Any] = {}
    for block in python_blocks("docs/controllers.md"):
        found = run(block, **found)
    return found


@pytest.fixture
def client(tmp_path: Path) -> Callable[[Any], AbstractAsyncContextManager[httpx.AsyncClient]]:
    databases = {"default": f"sqlite:///{tmp_path}/test.sqlite3"}
    return lambda controller: client_of(controller, databases=databases, models=MODELS)


async def test_filters_and_rescues(names: dict[str, Any], client: Any) -> None:
    async with client(names["TasksController"]) as asking:
        await Configuration.current().database().execute_script(SCHEMA)
        await Task.create(name="Launch", project=await Project.create(name="Apollo"))
        assert (await asking.get("/index")).json() == [{"id": 1, "name": "Launch"}]
        assert (await asking.get("/show/1")).status_code == 401
        missing = await asking.get("/show/9", headers=SIGNED_IN)
        assert (missing.status_code, missing.json()["error"]) == (404, "There is no such thing.")
        changed = await asking.post("/update/1", json={"name": "Land"}, headers=SIGNED_IN)
        assert (changed.status_code, changed.headers["x-tasks"]) == (204, "1")
        assert await Task.pluck("name") == ["Land"]


async def test_streams_and_events(names: dict[str, Any], client: Any) -> None:
    async with client(names["FeedController"]) as asking:
        await Configuration.current().database().execute_script(SCHEMA)
        await Task.insert_multiple(["name"], [["One"], ["Two"]])
        assert (await asking.get("/export")).text == "1,One\n2,Two\n"
        watched = await asking.get("/watch", headers={"last-event-id": "0"})
        assert 'event: hello\nid: 1\ndata: {"since":"0"}\n\n' in watched.text


async def test_formats_and_caches(names: dict[str, Any], client: Any) -> None:
    async with client(names["PapersController"]) as asking:
        schema = SCHEMA.replace("position INTEGER", "position INTEGER, updated_at TIMESTAMP")
        await Configuration.current().database().execute_script(schema)
        await Task.create(name="Launch")
        page = await asking.get("/index", headers={"accept": "text/html"})
        assert page.text == "<h1>Tasks</h1>"
        known = {"if-none-match": page.headers["etag"], "accept": "text/html"}
        assert (await asking.get("/index", headers=known)).status_code == 304
        kept = (await asking.get("/logo")).headers["cache-control"]
        assert kept == "public, max-age=3600"
        refused = await asking.post(
            "/change/1", json={"name": "x"}, headers={"if-match": '"other"'}
        )
        assert refused.status_code == 412


async def test_what_is_current_and_who_hears_of_errors(
    names: dict[str, Any], client: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    class FailsController(Controller):
        async def fails(self) -> None:
            raise LookupError("nothing")

    async with client(names["MeController"]) as asking:
        assert (await asking.get("/show")).json() == "ada asked for /show"
    async with client(FailsController) as asking:
        names["watch_errors"](Configuration.current())
        await asking.get("/fails")
    assert capsys.readouterr().out == "framework-error /fails LookupError('nothing')\n"
