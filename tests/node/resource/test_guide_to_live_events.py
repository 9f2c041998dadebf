"""What the guide to live events says is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.node.guides import python_blocks, run
from tests.project._snippets import snippets
from velocious.testing.client import Client

if TYPE_CHECKING:
    from velocious.testing.environment import TestEnvironment

GUIDE = "docs/live-events.md"
SCHEMA = """
CREATE TABLE tasks (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name VARCHAR(20), owner TEXT);
"""


async def test_the_frames_of_the_guide_are_those_that_come(environment: TestEnvironment) -> None:
    (block,) = python_blocks(GUIDE)
    names = run(block)
    [shown] = [one.text for one in snippets(GUIDE) if one.language == "json"]
    asked, answer = shown.split("\n", 1)
    async with environment.application(
        models=[names["Task"]],
        schema=SCHEMA,
        routes=names["routes"],
        resources=[names["TaskResource"]],
        ability_resolver=names["ability_of"],
    ) as configuration:
        await configuration.resources.ready()
        async with Client(configuration).socket("/realtime?user=ann") as socket:
            await socket.sends(asked)
            await socket.hears("sub.ok")
            await names["Task"].create(name="Theirs", owner="bob")
            await names["Task"].query().delete_all()
            await names["Task"].create(id=1, name="Write docs", owner="ann")
            told = await socket.hears("event")
            assert set(told) == {"type", "ch", "event", "pos", "ts", "data"}
            assert str(told["data"]["record"]).replace("'", '"') in answer
