"""The page for developers: commands and Python, with their output and exit codes."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from browser_tests.pages import demo_server, tab_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from browser_tests.pages import DemoServer

PAGE = "/devtools.html"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    with demo_server(tmp_path_factory.mktemp("demo")) as running:
        yield running


def newest(page: Page) -> Locator:
    return page.locator("#transcript > li").first


def test_commands_run_with_output_and_exit_code(server: DemoServer, tmp_path: Path) -> None:
    with tab_of(tmp_path / "profile", server) as tab:
        page = tab.ready(PAGE)
        page.get_by_role("button", name="db:migrate", exact=True).click()
        expect(newest(page)).to_contain_text(re.compile(r"create_tasks.*done", re.DOTALL))
        expect(newest(page)).to_contain_text("exit 0")
        page.get_by_label("Command line").fill("db:status")
        page.keyboard.press("Enter")
        expect(newest(page)).to_contain_text(re.compile(r"up\s+20261121070100\s+create_tasks"))
        page.get_by_role("button", name="db:sttaus").click()
        expect(newest(page)).to_contain_text("Did you mean 'db:status'")
        expect(newest(page)).to_contain_text("exit 2")
        tab.is_clean()


def test_python_runs_with_the_models_at_hand(server: DemoServer, tmp_path: Path) -> None:
    with tab_of(tmp_path / "profile", server) as tab:
        page = tab.ready(PAGE)
        page.get_by_role("button", name="db:migrate", exact=True).click()
        expect(newest(page)).to_contain_text("exit 0")
        page.get_by_role("button", name="create", exact=True).click()
        page.keyboard.press("Control+Enter")
        expect(newest(page)).to_contain_text("'name': 'Written in Python'")
        page.get_by_role("button", name="count", exact=True).click()
        page.keyboard.press("Control+Enter")
        expect(newest(page)).to_contain_text("1 open tasks")
        page.get_by_role("button", name="misspelt").click()
        page.keyboard.press("Control+Enter")
        expect(newest(page)).to_contain_text("Task has no attribute 'dnoe'. Did you mean 'done'?")
        expect(newest(page)).to_contain_text("exit 1")


def test_the_console_of_the_browser_has_the_same_commands(
    server: DemoServer, tmp_path: Path
) -> None:
    with tab_of(tmp_path / "profile", server) as tab:
        page = tab.ready(PAGE)
        status = page.evaluate("velociousCLI.run('db:migrate')")
        assert status["exitCode"] == 0
        answer = page.evaluate("velociousCLI.run('runner', 'print(await Task.count())')")
        assert answer == {"output": "0\n", "exitCode": 0}


def test_logs_reach_the_page(server: DemoServer, tmp_path: Path) -> None:
    with tab_of(tmp_path / "profile", server) as tab:
        page = tab.ready(PAGE)
        code = "import logging\nlogging.getLogger('velocious.demo').warning('a %s', 'warning')"
        page.get_by_label("Python code").fill(code)
        page.keyboard.press("Control+Enter")
        expect(page.locator("#log .warning")).to_contain_text("a warning")


def test_the_database_is_saved_as_a_file_that_sqlite_opens(
    server: DemoServer, tmp_path: Path
) -> None:
    with tab_of(tmp_path / "profile", server) as tab:
        page = tab.ready(PAGE)
        page.evaluate("velociousCLI.run('db:migrate')")
        page.evaluate("velociousCLI.run('runner', 'await Project.create(name=\"Apollo\")')")
        with page.expect_download() as download:
            page.get_by_role("button", name="Save a copy of the database").click()
        assert download.value.suggested_filename == "velocious-demo-default.sqlite3"
        connection = sqlite3.connect(download.value.path())
        try:
            assert connection.execute("SELECT name FROM projects").fetchall() == [("Apollo",)]
        finally:
            connection.close()


def test_the_state_of_the_storage_is_explained(server: DemoServer, tmp_path: Path) -> None:
    with tab_of(tmp_path / "profile", server) as tab:
        page = tab.ready(PAGE)
        expect(page.locator("#facts")).to_contain_text("every commit is flushed to the disk")
        page.get_by_role("button", name=re.compile("Storage of this browser")).click()
        expect(page.get_by_role("dialog")).to_contain_text("yes, proved at start")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        tab.is_clean()
