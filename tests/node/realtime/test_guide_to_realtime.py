"""What the guide to realtime says is run."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from tests.node.guides import python_blocks, run
from tests.project._repository import REPOSITORY
from velocious.controller import Controller
from velocious.realtime import Close
from velocious.realtime.dialects.named import HOMES
from velocious.testing.client import Client

if TYPE_CHECKING:
    from velocious.testing.environment import TestEnvironment

SECRET = "a secret that nobody knows, of more than 32 characters"
SCHEMA = """
CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT);
CREATE TABLE tasks (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, board INTEGER, name TEXT NOT NULL
);
"""


class PeopleController(Controller):
    async def sign_in(self) -> None:
        self.session["user_id"] = 1
        self.head(204)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Everything that the blocks of the guide define, one after another."""
    from velocious.record import Record

    class User(Record):
        boards = ("1", "5")

    module: Any = ModuleType("app.controllers.people_controller")
    module.PeopleController = PeopleController
    monkeypatch.setitem(sys.modules, module.__name__, module)
    for name in ("app", "app.controllers"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    found: dict[str, Any] = {"User": User}
    for block in python_blocks("docs/realtime.md"):
        found = run(block, **found)
    return found


def application(environment: TestEnvironment, names: dict[str, Any]) -> Any:
    return environment.application(
        models=[names["User"], names["Task"]],
        schema=SCHEMA,
        routes=names["routes"],
        channels=[names["BoardChannel"]],
        secret=SECRET,
    )


async def test_the_ten_lines(environment: TestEnvironment, names: dict[str, Any]) -> None:
    async with application(environment, names) as configuration:
        await names["User"].create(name="Ann")
        client = Client(configuration)
        async with client.socket("/realtime") as stranger:
            assert stranger.refused == 401
        await client.post("/sign-in")
        async with client.socket("/realtime", subprotocols=["velocious.v1"]) as ann:
            assert ann.subprotocol == "velocious.v1"
            await ann.says(type="sub", ch="private-board.7")
            await ann.hears("error")
            await ann.says(type="sub", ch="private-board.5")
            await ann.hears("sub.ok")
            task = await names["Task"].create(board=5, name="Launch")
            heard = await ann.hears("event")
            assert (heard["event"], heard["data"]) == ("task.created", {"id": 1, "name": "Launch"})
            await names["move"](task)
            assert (await ann.hears("event"))["event"] == "task.moved"


async def test_messages(environment: TestEnvironment, names: dict[str, Any]) -> None:
    from velocious.realtime import Admit, Identity
    from velocious.routing import Routes

    async def anybody(request: Any) -> Admit:
        return Admit(Identity("ann") if request.query else None)

    routes = Routes()
    routes.realtime(
        "/realtime", messages=names["messages"], routers=[names["TaskRouter"]], upgrade=anybody
    )
    async with environment.application(routes=routes) as configuration:
        client = Client(configuration)
        async with client.socket("/realtime?a=1") as ann, client.socket("/realtime") as guest:
            for name, answer in (("task.rename", "renamed"), ("task.move", "moved")):
                await ann.says(type="call", name=name, data={"id": 5})
                assert (await ann.hears("reply"))["data"] == {answer: 5}
            for name, code in (("task.rename", "signed_out"), ("task.move", "forbidden")):
                await guest.says(type="call", name=name, data={"id": 5})
                assert (await guest.hears("error"))["code"] == code


async def test_a_stranger_as_in_the_part_about_testing(
    environment: TestEnvironment, names: dict[str, Any]
) -> None:
    from velocious.routing import Routes

    routes = Routes()
    routes.realtime("/realtime")
    async with environment.application(routes=routes) as configuration:
        await names["test_strangers_do_not_listen"](configuration)


def test_every_close_code_and_dialect_is_in_the_guide() -> None:
    text = (REPOSITORY / "docs/realtime.md").read_text(encoding="utf-8")
    assert [int(one) for one in Close if str(int(one)) not in text] == []
    # Streams have an address of their own.
    assert [name for name in HOMES if f'"{name}"' not in text] == ["sse"]
