"""What the guides beyond records say is run: databases, requests, commands, types, the browser."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from tests.node.guides import MODELS, SCHEMA, Project, Task, offer_models, python_blocks, run
from tests.project._snippets import snippets
from tests.unit.controller.answers import client_of
from velocious.configuration import Configuration
from velocious.errors import AdvisoryLockBusyError, TransactionTaskError
from velocious.progress import silent
from velocious_node import NodeEnvironmentHandler

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.testing.environment import TestEnvironment

TYPED_APPLICATION = Path(__file__).parents[1] / "typing" / "application"


@pytest.fixture
async def application(environment: TestEnvironment) -> AsyncIterator[Configuration]:
    """An application with the models that the guides speak of."""
    async with environment.application(models=MODELS, schema=SCHEMA) as configuration:
        yield configuration


def test_the_settings_of_the_guide_to_databases_are_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    configuration = run(python_blocks("docs/databases.md")[0])["configuration"]
    assert configuration.databases["archive"].settings.read_only
    assert configuration.databases["default"].settings.pragmas == {"synchronous": "full"}


def test_the_url_of_a_server_comes_from_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    (block,) = [one for one in python_blocks("docs/databases.md") if "DATABASE_URL" in one]
    for url, host in (("postgresql://u:secret@db.internal/shop", "db.internal"), (None, None)):
        monkeypatch.delenv("DATABASE_URL", raising=False)
        if url is not None:
            monkeypatch.setenv("DATABASE_URL", url)
        configuration = run(block)["configuration"]
        server = configuration.databases["default"].settings.server
        assert (server and server.host) == host
        assert "secret" not in repr(configuration.databases)


async def test_the_transactions_of_the_guide_to_databases(
    application: Configuration, capsys: pytest.CaptureFixture[str]
) -> None:
    (transactions,) = [one for one in python_blocks("docs/databases.md") if "def close" in one]
    (locks,) = [one for one in python_blocks("docs/databases.md") if "def import_once" in one]
    project = await Project.create(name="Apollo")
    await project.tasks.create(name="Launch")
    await run(transactions)["close"](project)
    assert capsys.readouterr().out == "closed\n"
    assert (await Project.pluck("closed"), await Task.count()) == ([True], 0)
    await run(locks)["import_once"](Task)
    async with Task.with_advisory_lock("import of tasks"):
        with pytest.raises(AdvisoryLockBusyError):
            await asyncio.create_task(_asked(Task))


async def _asked(model: Any) -> None:
    async with model.with_advisory_lock_or_fail("import of tasks"):
        pytest.fail("two held it")


async def test_the_transaction_of_the_database_s_own_page(
    application: Configuration, capsys: pytest.CaptureFixture[str]
) -> None:
    (block,) = python_blocks("core/velocious/database/README.md")
    await Task.insert_multiple(["name"], [[f"t{number}"] for number in range(6)])
    text = "import asyncio\n\n\nasync def page(database):\n" + _indented(block)
    await run(text)["page"](application.database())
    assert capsys.readouterr().out == "stored\n"
    assert await Task.count() == 5
    refused = text.replace("async with transaction.handed_over():", "if True:")
    with pytest.raises(TransactionTaskError):
        await run(refused)["page"](application.database())


async def test_the_records_of_the_front_page(environment: TestEnvironment) -> None:
    records, boots = python_blocks("README.md")
    names = run(records)
    models = [names["Project"], names["Task"]]
    async with environment.application(models=models, schema=SCHEMA):
        await names["example"]()
        found = await names["Task"].order("name").pluck("name", "done")
        assert found == [("One", False), ("Two", False), ("Write docs", True)]
    assert callable(run(boots)["main"])


async def test_the_configuration_of_the_front_page_opens(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "db").mkdir()
    await run(python_blocks("README.md")[1])["main"]()


async def test_the_routes_and_controllers_of_the_guide_to_requests(
    monkeypatch: pytest.MonkeyPatch, environment: TestEnvironment
) -> None:
    offer_models(monkeypatch)
    drawn, controller = python_blocks("docs/requests.md")
    assert run(drawn)["routes"] is not None
    async with (
        environment.directory() as directory,
        client_of(
            run(controller)["TasksController"],
            databases={"default": f"sqlite:///{directory}/test.sqlite3"},
            models=MODELS,
        ) as client,
    ):
        await Configuration.current().database().execute_script(SCHEMA)
        made = await client.post("/create", json={"name": "Launch"})
        assert (made.status_code, made.json()) == (201, {"id": 1})
        assert (await client.get("/index")).json() == [{"id": 1, "name": "Launch"}]
        assert (await client.delete("/destroy/1")).status_code == 204
        assert await Task.count() == 0


async def test_the_controllers_of_the_guide_to_parameters(
    monkeypatch: pytest.MonkeyPatch, environment: TestEnvironment
) -> None:
    offer_models(monkeypatch)
    tasks, strong, scans, events = (run(block) for block in python_blocks("docs/parameters.md"))
    assert (strong["title"], strong["address"], strong["found"]) == ("T", {"city": "C"}, "C")

    class Guide(tasks["TasksController"], scans["ScansController"]):
        async def scan(self) -> None:
            await scans["ScansController"].create(self)

        async def create(self) -> None:
            await tasks["TasksController"].create(self)

    async with environment.directory() as directory:
        options: dict[str, Any] = {
            "databases": {"default": f"sqlite:///{directory}/test.sqlite3"},
            "models": MODELS,
            "directory": directory,
        }
        async with client_of(Guide, **options) as client:
            await Configuration.current().database().execute_script(SCHEMA)
            sent = {"task[name]": "Launch", "task[done]": "1", "task[id]": "9"}
            made = await client.post("/create", data=sent)
            assert (made.status_code, made.json()) == (
                201,
                {"id": 1, "name": "Launch", "done": True},
            )
            assert (await client.post("/create", json={"task": []})).status_code == 400
            assert (await client.post("/update/1", json={"name": "x"})).status_code == 204
            assert (await client.get("/index?page=1")).json() == [{"id": 1, "name": "x"}]
            assert (await client.get("/index?page=0")).status_code == 422
            saved = await client.post("/scan/3", files={"scan": ("../s.bin", b"123")})
            assert saved.json() == {"filename": "s.bin", "size": 3}
            assert (Path(directory) / "scans/3.bin").read_bytes() == b"123"
    async with client_of(events["EventsController"]) as client:
        listed = await client.get("/index?page=2&tags[]=a")
        assert listed.json() == {"page": 2, "tags": ["a"]}
        assert (await client.get("/index?page=0")).json() == _shown("docs/parameters.md")
        day = await client.post("/create", data={"title": "x", "day": "2026-03-31"})
        assert day.json() == {"day": "2026-03-31"}


def _shown(document: str) -> Any:
    """The JSON that *document* shows."""
    (block,) = [one.text for one in snippets(document) if one.language == "json"]
    return json.loads(block)


@pytest.mark.parametrize("document", ["docs/commands.md", "docs/browser.md", "docs/offline.md"])
def test_the_configuration_files_of_the_guides_are_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, document: str
) -> None:
    monkeypatch.chdir(tmp_path)
    made = run(python_blocks(document)[0])["configuration"](NodeEnvironmentHandler())
    assert isinstance(made, Configuration)


async def test_the_seed_and_the_action_of_the_guides(
    monkeypatch: pytest.MonkeyPatch, application: Configuration
) -> None:
    offer_models(monkeypatch)
    seed = run(python_blocks("docs/commands.md")[1])["seed"]
    for _ in range(2):
        await seed(application, silent())
    (block,) = (one for one in python_blocks("docs/browser.md") if "def list_posts" in one)
    actions = run(block)
    listed = await actions["list_posts"](2)
    assert [post["title"] for post in listed] == ["Post 99", "Post 98"]


async def test_the_typed_model_of_the_guide_to_types(
    monkeypatch: pytest.MonkeyPatch, environment: TestEnvironment
) -> None:
    base = (TYPED_APPLICATION / "app/model_bases/task.py").read_text(encoding="utf-8")
    offer_models(monkeypatch)
    monkeypatch.setitem(sys.modules, "app.model_bases", _module("app.model_bases"))
    monkeypatch.setitem(sys.modules, "app.model_bases.task", _module("app.model_bases.task", base))
    (block,) = python_blocks("docs/types.md")
    typed = run(block)["Task"]
    async with environment.application(models=[typed, Project], schema=SCHEMA):
        await typed.create(name="Launch", position=3)
        assert await typed.open().above(2).pluck("name") == ["Launch"]


def _module(name: str, text: str = "") -> Any:
    module = ModuleType(name)
    exec(compile(text, name, "exec"), vars(module))
    return module


def _indented(text: str) -> str:
    return "".join(f"    {line}" if line.strip() else line for line in text.splitlines(True))
