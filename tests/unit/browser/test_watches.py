"""Actions that a page follows."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING, Any
from unittest.mock import ANY

import pytest

from tests.unit.browser._host import RecordedHost
from velocious.wire import decode
from velocious_browser import actions, worker
from velocious_browser.actions import UnknownActionError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

CONFIGURATION = """
from velocious.configuration import Configuration

def configuration(environment_handler):
    return Configuration(environment_handler=environment_handler, directory={directory!r})
"""
ACTIONS = """
from velocious.configuration import Configuration
from velocious.record import Record, validates
from velocious_browser.actions import action

class Note(Record):
    validations = [validates("text", presence=True)]

@action("notes.make_table")
async def make_table():
    table = "CREATE TABLE notes (id INTEGER PRIMARY KEY NOT NULL, text TEXT NOT NULL)"
    await Configuration.current().database().execute_script(table)

@action("notes.add")
async def add(text):
    await Note.create(text=text)

@action("notes.clear")
async def clear():
    await Note.query().delete_all()

@action("notes.like")
async def like(pattern):
    if not pattern:
        raise ValueError("no pattern")
    found = await Note.where("text LIKE ?", pattern).order("id").pluck("text")
    if "broken" in found:
        raise LookupError("broken")
    return found
"""


class Watcher:
    """The page's side of a watch: what it was told, in its order."""

    def __init__(self) -> None:
        self.told: list[Any] = []
        self._news = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()

    def result(self, text: str, /) -> None:
        self._tell(decode(text))

    def trouble(self, text: str, /) -> None:
        self._tell(decode(text)["message"])

    async def has(self, *expected: Any) -> None:
        """Wait until it was told *expected*, and no more."""
        async with asyncio.timeout(60), self._news:
            await self._news.wait_for(lambda: len(self.told) >= len(expected))
        assert self.told == list(expected)

    def _tell(self, value: Any) -> None:
        self.told.append(value)
        task = asyncio.create_task(self._notify())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _notify(self) -> None:
        async with asyncio.timeout(60), self._news:
            self._news.notify_all()


@pytest.fixture(autouse=True)
async def application(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """The worker with an application of notes."""
    monkeypatch.setattr(worker, "_worker", worker.Worker())
    monkeypatch.setattr(actions, "_actions", {})
    monkeypatch.setattr(sys, "path", list(sys.path))
    for name, text in (
        ("app/config/configuration.py", CONFIGURATION.format(directory=str(tmp_path))),
        ("app/actions/notes.py", ACTIONS),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    boot = {
        "protocol": 1,
        "appId": "notes",
        "environment": "test",
        "app": {"entry": "app.config.configuration", "directory": str(tmp_path)},
        "databaseDirectory": str(tmp_path / "storage"),
    }
    await worker.start(json.dumps(boot), RecordedHost())
    await worker.call("notes.make_table", "null")
    yield
    await worker.close()
    for name in [name for name in sys.modules if name.partition(".")[0] == "app"]:
        del sys.modules[name]


async def add(text: str) -> None:
    await worker.call("notes.add", json.dumps([text]))


async def test_an_action_runs_now_and_after_each_change_of_what_it_read() -> None:
    watcher = Watcher()
    await worker.watch(1, "notes.like", '["a%"]', watcher)
    await watcher.has([])
    await add("apple")
    await watcher.has([], ["apple"])


async def test_a_result_that_is_the_same_is_not_sent_again() -> None:
    watcher, other = Watcher(), Watcher()
    await worker.watch(1, "notes.like", '["a%"]', watcher)
    await worker.watch(2, "notes.like", '["b%"]', other)
    await watcher.has([])
    await other.has([])
    await add("banana")
    await other.has([], ["banana"])
    await add("apple")
    await watcher.has([], ["apple"])


async def test_an_error_is_told_and_the_next_change_brings_a_result() -> None:
    watcher = Watcher()
    await worker.watch(1, "notes.like", '["%"]', watcher)
    await watcher.has([])
    await add("broken")
    await watcher.has([], "broken")
    await worker.call("notes.clear", "null")
    await watcher.has([], "broken", [])


async def test_arguments_that_do_not_fit_are_an_error_of_the_action() -> None:
    watcher = Watcher()
    await worker.watch(1, "notes.like", '{"pattern": ""}', watcher)
    await watcher.has("no pattern")
    other = Watcher()
    await worker.watch(2, "notes.like", "[]", other)
    await other.has(ANY)
    assert "cannot take these arguments" in other.told[0]


async def test_an_unknown_action_is_refused_at_once() -> None:
    watcher = Watcher()
    with pytest.raises(UnknownActionError, match=r"Did you mean 'notes\.like'"):
        await worker.watch(1, "notes.lik", "null", watcher)
    assert watcher.told == []


async def test_nothing_is_told_any_more_after_the_end() -> None:
    watcher, other = Watcher(), Watcher()
    await worker.watch(1, "notes.like", '["a%"]', watcher)
    await worker.watch(2, "notes.like", '["a%"]', other)
    await watcher.has([])
    await other.has([])
    await worker.unwatch(1)
    await worker.unwatch(1)
    await add("apple")
    await other.has([], ["apple"])
    assert watcher.told == [[]]


async def test_closing_ends_what_is_followed() -> None:
    watcher = Watcher()
    await worker.watch(1, "notes.like", '["a%"]', watcher)
    await watcher.has([])
    await worker.close()
    assert watcher.told == [[]]
    assert asyncio.all_tasks() == {asyncio.current_task()}
