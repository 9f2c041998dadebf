"""A small application behind the real server side, in a real worker: actions, commands, storage."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Error

from browser_tests._browser import browser
from browser_tests._notes import NOTES, call, give_file, opened, run
from browser_tests._site import serving

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

#: What a page must not wait for before its first rows.
HEAVY = {"click", "fastjsonschema", "jinja2", "multipart", "sqlite_utils", "starlette"}


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    root = tmp_path_factory.mktemp("site") / "notes"
    shutil.copytree(NOTES, root, ignore=shutil.ignore_patterns("__pycache__"))
    (root / ".env").write_text("SECRET=1")
    (root / "db").mkdir()
    (root / "db/development.sqlite3").write_bytes(b"the server's own rows")
    with serving(root, ("app",)) as address:
        yield address


@pytest.fixture
def profile(tmp_path: Path) -> Generator[BrowserContext]:
    with browser(tmp_path / "profile") as context:
        yield context


@pytest.fixture(scope="module")
def running(origin: str, tmp_path_factory: pytest.TempPathFactory) -> Generator[Page]:
    """One tab for all tests that need no second one."""
    with (
        browser(tmp_path_factory.mktemp("profile") / "shared") as context,
        opened(context, origin) as page,
    ):
        yield page


@pytest.fixture
def page(running: Page) -> Page:
    """The tab, with an empty database."""
    answer = run(running, "db:drop db:migrate")
    assert answer["exitCode"] == 0, answer["output"]
    return running


def test_records_live_in_the_browser_and_survive_a_reload(
    profile: BrowserContext, origin: str
) -> None:
    with opened(profile, origin) as page:
        migrated = run(page, "db:migrate")
        assert migrated["exitCode"] == 0, migrated["output"]
        added = call(page, "notes.add", text="naïve 🐍 שלום")
        assert added["id"] == 1
        assert isinstance(added["created_at"], datetime)
    with opened(profile, origin) as page:
        assert call(page, "notes.list") == ["naïve 🐍 שלום"]
        status = run(page, "db:status")
        assert status["exitCode"] == 0
        assert "create_notes" in status["output"]


def test_commands_answer_with_output_and_exit_code(page: Page) -> None:
    chained = run(page, "db:create db:migrate")
    assert chained["exitCode"] == 0, chained["output"]
    ran = run(page, "runner", 'await Note.create(text="x"); print("printed"); await Note.count()')
    assert (ran["exitCode"], ran["output"]) == (0, "printed\n1\n")
    rolled = run(page, "db:rollback")
    assert rolled["exitCode"] == 0, rolled["output"]
    assert run(page, "db:migrate")["exitCode"] == 0
    assert call(page, "notes.list") == []


@pytest.mark.parametrize(
    ("words", "code", "expected"),
    [
        (["db:migrat"], 2, "Did you mean 'db:migrate'"),
        (["server"], 1, "in a shell"),
        (["db:migrate", "--sideways"], 2, "--sideways"),
        (["runner", "1 +"], 1, "not Python"),
        (["db:status --environment production"], 1, "VELOCIOUS_ENV=production"),
    ],
)
def test_a_wrong_command_says_what_is_right(
    page: Page, words: list[str], code: int, expected: str
) -> None:
    answer = run(page, *words)
    assert expected in answer["output"]
    assert answer["exitCode"] == code


def test_help_lists_the_commands_of_a_browser(page: Page) -> None:
    answer = run(page, "--help")
    assert answer["exitCode"] == 0
    assert {"db:migrate", "db:export", "runner"} <= set(answer["output"].split())


def test_the_web_stack_imports_where_there_is_one_interpreter(page: Page) -> None:
    answer = run(page, "runner", "import starlette.applications, jinja2, anyio; anyio.__name__")
    assert answer == {"exitCode": 0, "output": "'anyio'\n"}
    assert run(page, "routes")["exitCode"] == 0


def test_errors_of_python_reach_the_page_with_their_code(page: Page) -> None:
    for action, payload, expected in (
        ("notes.lst", {}, "Did you mean 'notes.list'"),
        ("notes.add", {"txt": "x"}, "unexpected keyword argument 'txt'"),
        ("notes.add", {"text": ""}, "Text"),
        ("os:system", {"command": "true"}, "There is no action"),
    ):
        with pytest.raises(Error) as caught:
            call(page, action, **payload)
        assert expected in str(caught.value)


def test_the_state_of_the_storage_is_the_same_on_both_sides(page: Page) -> None:
    state = page.evaluate("app.storage.value")
    assert state["state"] in ("durable", "best-effort")
    assert state["reason"]
    assert call(page, "storage.state") == page.evaluate("app.storage.value.state")


def test_an_exported_database_opens_elsewhere(page: Page, tmp_path: Path) -> None:
    call(page, "notes.add", text="one")
    with page.expect_download() as download:
        answer = run(page, "db:export")
    assert answer["exitCode"] == 0, answer["output"]
    assert download.value.suggested_filename == "notes-default.sqlite3"
    download.value.save_as(tmp_path / "notes.sqlite3")
    database = sqlite3.connect(tmp_path / "notes.sqlite3")
    assert database.execute("SELECT text FROM notes").fetchall() == [("one",)]
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database.close()


def test_an_imported_database_replaces_the_one_that_is_there(page: Page, tmp_path: Path) -> None:
    call(page, "notes.add", text="before")
    with page.expect_download() as download:
        run(page, "db:export")
    download.value.save_as(tmp_path / "copy.sqlite3")
    call(page, "notes.add", text="after")
    give_file(page, "/tmp/copy.sqlite3", (tmp_path / "copy.sqlite3").read_bytes())
    refused = run(page, "db:import /tmp/copy.sqlite3")
    assert (refused["exitCode"], "--force" in refused["output"]) == (1, True)
    done = run(page, "db:import /tmp/copy.sqlite3 --force")
    assert done["exitCode"] == 0, done["output"]
    assert call(page, "notes.list") == ["before"]


def test_a_damaged_file_is_not_imported(page: Page) -> None:
    call(page, "notes.add", text="kept")
    give_file(page, "/tmp/damaged.sqlite3", b"SQLite format 3\x00" + b"\xff" * 8192)
    answer = run(page, "db:import /tmp/damaged.sqlite3 --force")
    assert answer["exitCode"] == 1, answer["output"]
    assert "Traceback" not in answer["output"]
    assert call(page, "notes.list") == ["kept"]
    assert call(page, "files") == [
        "test.sqlite3",
        "test.sqlite3-shm",
        "test.sqlite3-wal",
    ]


def test_the_first_rows_wait_for_no_heavy_library(page: Page) -> None:
    imported = {name.partition(".")[0] for name in call(page, "modules")}
    assert imported & HEAVY == set()
    assert "velocious" in imported


def test_a_start_fetches_what_it_needs_and_says_where_its_time_went(
    profile: BrowserContext, origin: str
) -> None:
    with opened(profile, origin, offline=False) as page:
        phases: list[dict[str, Any]] = page.evaluate("app.trace()")
        archives = page.evaluate("fetch('/velocious/boot.json').then((answer) => answer.json())")
    lazy = {
        archive["url"].rpartition("/")[2] for archive in archives["archives"] if archive["lazy"]
    }
    fetched = {phase["name"].removeprefix("fetch ") for phase in phases}
    assert {"stdlib.zip", "velocious.zip", "pyodide.asm.wasm"} <= fetched
    # its actions follow rows: that is among what a start gets
    assert {url.partition("?")[0] for url in lazy} & fetched == set()
    worked = {phase["name"] for phase in phases if phase["place"] == "worker"}
    assert {"loader", "module", "WebAssembly", "import velocious"} <= worked
    assert {"open the files", "open the application"} <= worked
    assert all(phase["start"] > 0 and phase["duration"] >= 0 for phase in phases)
    assert [phase["start"] for phase in phases] == sorted(phase["start"] for phase in phases)


def test_a_page_gets_nothing_that_was_not_listed(page: Page, origin: str) -> None:
    code = "import os; sorted(os.listdir('/app')), os.path.exists('/app/.env')"
    assert run(page, "runner", code)["output"] == "(['app'], False)\n"
    for path in ("/.env", "/db/development.sqlite3", "/velocious/app/.env"):
        assert page.request.get(origin + path).status == 404
