"""``start({ migrate: true })``: who migrates the database of a browser, and what a page hears where
nobody did.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Error

from browser_tests._browser import browser
from browser_tests._notes import NOTES, call, close, done, load, opened, refused, run
from browser_tests._site import serving

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from playwright.sync_api import BrowserContext

SEED = """
from app.models.note import Note

async def seed(configuration, progress):
    await Note.create(text="seeded")
"""
BROKEN = """
from velocious.migration import Migration

class Break(Migration):
    async def up(self):
        await self.execute("INSERT INTO nowhere VALUES (1)")
"""
#: Ways out of "nobody has migrated", as a page tells them.
WAYS_OUT = 'run `velociousCLI.run("db:migrate")`, or `start({ migrate: true })` in the page'


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The application of notes, with a seed that nobody asks for."""
    directory = tmp_path_factory.mktemp("site") / "notes"
    shutil.copytree(NOTES, directory, ignore=shutil.ignore_patterns("__pycache__"))
    (directory / "app/db/seed.py").write_text(SEED)
    return directory


@pytest.fixture(scope="module")
def origin(root: Path) -> Generator[str]:
    with serving(root, ("app",)) as address:
        yield address


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Generator[BrowserContext]:
    with browser(tmp_path_factory.mktemp("profile") / "migrating") as context:
        yield context


def test_tabs_that_ask_at_once_migrate_once(chromium: BrowserContext, origin: str) -> None:
    tabs = [load(chromium, origin) for _ in range(3)]
    for tab in tabs:
        tab.evaluate("{ window.started = startApplication([], { migrate: true }); }")
    for tab in tabs:
        tab.evaluate("window.started")
        assert call(tab, "notes.list") == []
    for tab in tabs:
        close(tab)


def test_a_database_that_is_up_to_date_is_left_as_it_is(
    chromium: BrowserContext, origin: str
) -> None:
    with opened(chromium, origin, migrate=True) as page:
        call(page, "notes.add", text="mine")
    with opened(chromium, origin, migrate=True) as page:
        assert call(page, "notes.list") == ["mine"]


def test_a_page_that_does_not_ask_hears_of_both_ways_out(
    chromium: BrowserContext, origin: str
) -> None:
    with opened(chromium, origin) as page:
        done(page, "db:drop db:create")
        for action, payload in (("notes.list", {}), ("notes.add", {"text": "x"})):
            with pytest.raises(Error) as caught:
                call(page, action, **payload)
            assert WAYS_OUT in str(caught.value)
        assert WAYS_OUT.removeprefix("run ") in refused(page, "db:abort_if_pending")


def test_a_command_is_spelled_as_the_console_takes_it(
    chromium: BrowserContext, origin: str
) -> None:
    with opened(chromium, origin) as page:
        for words, expected in (
            (["db:migrat"], "`velociousCLI.help()` lists all of them."),
            (["db:migrate", "--sideways"], '`velociousCLI.help("db:migrate")` explains it.'),
            (["runner", "1 +"], '`velociousCLI.run("runner", "await Task.count()")`'),
            (["g:model", "Task"], "Run `velocious g:model` in a shell"),
            (["--help"], 'velociousCLI.run("db:drop db:migrate db:seed")'),
            (["db:status", "--help"], "Usage: db:status [OPTIONS]"),
        ):
            assert expected in run(page, *words)["output"]


def test_a_migration_that_fails_keeps_the_application_closed_and_is_named(
    chromium: BrowserContext, origin: str, root: Path
) -> None:
    (root / "app/db/migrations/20260102000000_break.py").write_text(BROKEN)
    page = load(chromium, origin)
    with pytest.raises(Error) as caught:
        page.evaluate("startApplication([], { migrate: true })")
    assert "20260102000000_break.py" in str(caught.value)
    page.close()
    with opened(chromium, origin) as again:
        assert "down" in run(again, "db:status")["output"]
