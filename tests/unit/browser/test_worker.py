"""What the worker's JavaScript calls, called from here."""

from __future__ import annotations

import asyncio
import json
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.browser._host import RecordedHost
from velocious.configuration import Configuration
from velocious.errors import ConfigurationError, CurrentConfigurationNotSetError, WireError
from velocious.wire import decode, encode
from velocious_browser import actions, storage, worker
from velocious_browser.actions import UnknownActionError
from velocious_browser.boot import read_boot
from velocious_browser.worker import NotStartedError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

CONFIGURATION = """
from velocious.configuration import Configuration

def configuration(environment_handler):
    return Configuration(environment_handler=environment_handler, directory={directory!r})
"""
ACTIONS = """
from velocious.configuration import Configuration
from velocious_browser.actions import action

@action("notes.count")
async def count():
    database = Configuration.current().database()
    await database.execute_script("CREATE TABLE IF NOT EXISTS notes (text TEXT)")
    await database.execute("INSERT INTO notes VALUES ('one')")
    return {"count": (await database.fetch("SELECT count(*) FROM notes"))[0][0]}
"""


@pytest.fixture
async def boot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Callable[..., str]]:
    """Makes boot.json for an application of a few files."""
    monkeypatch.setattr(worker, "_worker", worker.Worker())
    monkeypatch.setattr(actions, "_actions", {})
    monkeypatch.setattr(sys, "path", list(sys.path))

    def make(**files: str) -> str:
        texts = {
            "app/config/configuration.py": CONFIGURATION.format(directory=str(tmp_path)),
            "app/actions/notes.py": ACTIONS,
            **{name.replace("__", "/") + ".py": text for name, text in files.items()},
        }
        for name, text in texts.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        return json.dumps(boot_of(tmp_path))

    yield make
    await worker.close()
    for name in [name for name in sys.modules if name.partition(".")[0] == "app"]:
        del sys.modules[name]


def boot_of(directory: Path, **changes: Any) -> dict[str, Any]:
    return {
        "protocol": 1,
        "appId": "notes",
        "environment": "test",
        "app": {"entry": "app.config.configuration", "directory": str(directory)},
        "databaseDirectory": str(directory / "storage"),
        **changes,
    }


async def test_an_action_works_on_the_database_of_the_application(
    boot: Callable[..., str], tmp_path: Path
) -> None:
    await worker.start(boot(), RecordedHost())
    assert json.loads(await worker.call("notes.count", "null")) == {"count": 1}
    assert json.loads(await worker.call("notes.count", "{}")) == {"count": 2}
    assert (tmp_path / "storage/db/test.sqlite3").exists()


async def test_requests_see_the_context_that_the_application_was_opened_in(
    boot: Callable[..., str],
) -> None:
    name: ContextVar[str] = ContextVar("name", default="nobody")

    @actions.action("context.read")
    async def _read() -> str:
        return name.get()

    @actions.action("context.write")
    async def _write() -> None:
        name.set("left behind")

    name.set("opened")
    await worker.start(boot(), RecordedHost())
    name.set("of a caller")
    await worker.call("context.write", "null")
    assert json.loads(await worker.call("context.read", "null")) == "opened"


async def test_requests_may_overlap(boot: Callable[..., str]) -> None:
    both = asyncio.Barrier(2)

    @actions.action("both")
    async def _both(name: str) -> str:
        async with both:
            return name

    await worker.start(boot(), RecordedHost())
    calls = [worker.call("both", json.dumps({"name": name})) for name in "ab"]
    assert [json.loads(answer) for answer in await asyncio.gather(*calls)] == ["a", "b"]


async def test_values_travel_as_the_wire_has_them(boot: Callable[..., str]) -> None:
    at = datetime(2026, 6, 1, 12, tzinfo=UTC)

    @actions.action("echo")
    async def _echo(*values: Any, **more: Any) -> Any:
        return [*values, more]

    await worker.start(boot(), RecordedHost())
    assert decode(await worker.call("echo", encode([at, 2**60]))) == [at, 2**60, {}]
    with pytest.raises(WireError, match="marks no value"):
        await worker.call("echo", '[{"__velocious_type": "code", "value": "1"}]')


async def test_a_call_that_is_cancelled_undoes_its_transaction(boot: Callable[..., str]) -> None:
    begun = asyncio.Event()

    @actions.action("slow")
    async def _slow() -> None:
        database = Configuration.current().database()
        async with database.transaction():
            await database.execute("INSERT INTO notes VALUES ('never')")
            begun.set()
            await asyncio.Event().wait()

    await worker.start(boot(), RecordedHost())
    await worker.call("notes.count", "null")
    running = asyncio.create_task(worker.call("slow", "null", 7))
    await begun.wait()
    worker.cancel_call(8)
    worker.cancel_call(7)
    with pytest.raises(asyncio.CancelledError):
        await running
    assert decode(await worker.call("notes.count", "null")) == {"count": 2}
    worker.cancel_call(7)


async def test_closing_cancels_the_calls_that_are_left(boot: Callable[..., str]) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    @actions.action("slow")
    async def _slow() -> None:
        try:
            begun.set()
            await asyncio.Event().wait()
        finally:
            ended.set()

    await worker.start(boot(), RecordedHost())
    running = asyncio.create_task(worker.call("slow", "null", 1))
    await begun.wait()
    await worker.close()
    assert ended.is_set()
    with pytest.raises(asyncio.CancelledError):
        await running


@pytest.mark.parametrize(("environment", "shown"), [("development", True), ("production", False)])
async def test_a_page_gets_tracebacks_everywhere_but_in_production(
    boot: Callable[..., str], environment: str, shown: bool
) -> None:
    text = json.dumps({**json.loads(boot()), "environment": environment})
    await worker.start(text, RecordedHost())
    with pytest.raises(UnknownActionError) as raised:
        await worker.call("nothing", "null")
    failure = decode(worker.describe_error(raised.value))
    assert failure["code"] == "unknown_action"
    assert failure["message"].startswith("There is no action 'nothing'")
    assert (failure["traceback"] is not None) is shown


async def test_a_request_before_the_start_or_after_the_end_says_what_to_wait_for(
    boot: Callable[..., str],
) -> None:
    text = boot()
    with pytest.raises(NotStartedError, match="await start"):
        await worker.call("notes.count", "null")
    await worker.start(text, RecordedHost())
    await worker.close()
    with pytest.raises(NotStartedError):
        await worker.call("notes.count", "null")


async def test_closing_leaves_no_configuration_open(boot: Callable[..., str]) -> None:
    await worker.start(boot(), RecordedHost())
    assert Configuration.current().environment == "test"
    await worker.close()
    with pytest.raises(CurrentConfigurationNotSetError):
        Configuration.current()


async def test_what_is_logged_reaches_the_console_of_the_page(boot: Callable[..., str]) -> None:
    import logging

    host = RecordedHost()
    await worker.start(boot(), host)
    logging.getLogger("velocious.notes").warning("%d notes", 3)
    assert ("warning", "velocious.notes: 3 notes") in host.logged


async def test_a_module_that_was_not_sent_is_named_with_the_line_that_sends_it(
    boot: Callable[..., str],
) -> None:
    text = boot(app__actions__other="from app.services import mail")
    with pytest.raises(ConfigurationError, match=r"browser=\[.*app/services"):
        await worker.start(text, RecordedHost())
    with pytest.raises(CurrentConfigurationNotSetError):
        Configuration.current()


async def test_a_configuration_module_without_its_function_says_what_to_write(
    boot: Callable[..., str],
) -> None:
    text = boot(app__config__configuration="")
    with pytest.raises(ConfigurationError, match=r"def configuration\(environment_handler\)"):
        await worker.start(text, RecordedHost())


async def test_a_page_without_an_application_gets_a_configuration_of_its_own(
    boot: Callable[..., str], tmp_path: Path
) -> None:
    await worker.start(json.dumps(boot_of(tmp_path, app=None)), RecordedHost())
    database = Configuration.current().database()
    assert await database.fetch("SELECT 1") == [(1,)]


async def test_the_state_of_the_storage_is_public_and_watched(boot: Callable[..., str]) -> None:
    host = RecordedHost("best-effort")
    await worker.start(boot(), host)
    seen: list[str] = []
    stop = storage.watch(lambda state: seen.append(state.state))
    host.state = "durable"
    assert storage.current().state == "durable"
    assert storage.current().reason == "it is durable"
    stop()
    host.state = "volatile"
    assert storage.current().state == "volatile"
    assert seen == ["best-effort", "durable"]


def test_another_protocol_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="protocol 2"):
        read_boot(json.dumps(boot_of(tmp_path, protocol=2)))
