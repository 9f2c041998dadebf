"""What happens to records, as the frontend models of velocious for JavaScript hear it."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.node.resource.test_velocious_models import judging
from tests.suites.models import Task

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.node.resource.test_velocious_models import Judge
    from velocious.testing.environment import TestEnvironment

LISTEN = """
globalThis.heard = [];
const tell = (action) => ({id, model}) =>
  heard.push([action, id, model ? model.readAttribute("name") : null]);
await Promise.all([
  Task.onCreate(tell("create")), Task.onUpdate(tell("update")), Task.onDestroy(tell("destroy")),
]);
return true;
"""


@pytest.fixture
async def judge(sqlite_environment: TestEnvironment) -> AsyncIterator[Judge]:
    async with judging(sqlite_environment, "websocket") as found:
        yield found


async def heard(judge: Judge, count: int) -> Any:
    """What was heard, once it is as much."""
    found = "nothing"
    for _ in range(100):
        found = await judge.gives("return JSON.stringify(globalThis.heard)")
        if len(json.loads(found)) >= count:
            return json.loads(found)
        await asyncio.sleep(0.05)
    raise AssertionError(f"{count} events were expected, and there are {found}.")


async def test_classes_hear_what_happens_to_their_records(judge: Judge) -> None:
    await judge.gives(LISTEN)
    task = await Task.create(name="new")
    key = str(task.id)
    assert await heard(judge, 1) == [["create", key, "new"]]
    await task.update(name="newer")
    assert (await heard(judge, 2))[1:] == [["update", key, "newer"]]
    await task.destroy()
    assert (await heard(judge, 3))[2:] == [["destroy", key, None]]


async def test_a_record_that_may_no_longer_be_read_arrives_as_destroyed(judge: Judge) -> None:
    await judge.gives(LISTEN)
    await Task.create(name="hidden")
    task = await Task.find(1)
    await task.update(name="hidden")
    assert await heard(judge, 1) == [["destroy", "1", None]]
    await task.update(name="back")
    assert (await heard(judge, 2))[1:] == [["create", "1", "back"]]


async def test_a_record_follows_its_row(judge: Judge) -> None:
    listen = """
    // As `g:frontend-models` writes it.
    Task.prototype.id = function () { return this.readAttribute("id"); };
    globalThis.heard = [];
    globalThis.task = await Task.find(1);
    await task.onUpdate(() => heard.push(task.readAttribute("name")));
    await task.onDestroy(() => heard.push("gone"));
    return true;
    """
    await judge.gives(listen)
    task = await Task.find(1)
    await task.update(name="followed")
    assert await heard(judge, 1) == ["followed"]
    await task.destroy()
    assert await heard(judge, 2) == ["followed", "gone"]


async def test_models_that_nobody_exposes_are_refused(judge: Judge) -> None:
    listen = """
    class Ghost extends Base { static resourceConfig = () => ({attributes: ["id"]}); }
    await Ghost.onCreate(() => {});
    """
    assert "no such model" in await judge.fails(listen)
