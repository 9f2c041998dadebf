"""docs/pyscript.md, step by step: from an empty folder to a page that needs no server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from browser_tests._browser import browser
from browser_tests._scaffold import run, served
from browser_tests._static import statically_served, stop
from browser_tests.pages import Tab
from tests.project._snippets import shell_script, snippets

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

GUIDE = "docs/pyscript.md"
PAGE = "/tasks.html"
STARTED = 60_000
#: A machine that has other work needs longer than the five seconds of the default.
expect.set_options(timeout=30_000)
PREFIX = "/app/"


@pytest.fixture(scope="module")
def todo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The application of the guide, made by its commands, with its page."""
    place = tmp_path_factory.mktemp("guide")
    directory = place
    for line in shell_script(GUIDE).splitlines():
        if line.startswith("cd "):
            directory = directory / line.removeprefix("cd ")
        elif not line.startswith("velocious web:build"):
            run(directory, *line.split()[1:])
    page = next(block for block in snippets(GUIDE) if block.language == "html")
    (directory / "web/tasks.html").write_text(page.text)
    return directory


def is_ready(page: Page) -> None:
    page.wait_for_selector('html[data-python="ready"]', timeout=STARTED)


def add(page: Page, name: str) -> None:
    page.get_by_label("Task", exact=True).fill(name)
    page.get_by_role("button", name="Add").click()


def test_the_page_fits_on_a_screen() -> None:
    page = next(block for block in snippets(GUIDE) if block.language == "html")
    assert len(page.text.splitlines()) <= 30


def test_the_page_of_the_guide_keeps_what_is_added_and_goes_on_without_the_server(
    todo: Path, tmp_path: Path
) -> None:
    with served(todo) as (origin, server), browser(tmp_path / "profile") as context:
        tab = Tab(context.new_page(), origin)
        page = tab.open(PAGE)
        # A person does not wait for Python.
        add(page, "Typed before Python was there")
        expect(page.locator("#tasks li")).to_have_text(
            ["Typed before Python was there"], timeout=STARTED
        )
        is_ready(page)
        expect(page.get_by_text("Python is starting")).to_be_hidden()
        add(page, "Tea & <b>biscuits</b>")
        expect(page.locator("#tasks li")).to_contain_text(["Typed", "Tea & <b>biscuits</b>"])
        expect(page.get_by_label("Task", exact=True)).to_have_value("")
        add(page, "")
        expect(page.get_by_role("alert")).to_have_text("Name can't be blank")
        page.get_by_label("Tea & <b>biscuits</b>").check()
        expect(page.locator("#tasks li:has(input[checked])")).to_have_count(1)
        page.wait_for_function(
            "async () => (await navigator.serviceWorker.ready).active?.state === 'activated'",
            timeout=STARTED,
        )
        assert page.url == f"{origin}{PAGE}"
        tab.is_clean()

        server.terminate()
        server.wait(timeout=30)
        page.goto(f"{origin}{PAGE}")
        expect(page.get_by_label("Tea & <b>biscuits</b>")).to_be_checked(timeout=STARTED)
        add(page, "Written without a server")
        expect(page.locator("#tasks li")).to_have_count(3)
        assert tab.foreign == []


def test_the_page_works_as_files_below_a_path(todo: Path, tmp_path: Path) -> None:
    run(todo, "web:build", "--prefix", PREFIX)
    site = todo / "dist/web"
    with statically_served(site, PREFIX) as server, browser(tmp_path / "profile") as context:
        tab = Tab(context.new_page(), server.origin)
        page = tab.open(f"{PREFIX}tasks.html")
        is_ready(page)
        add(page, "On a server of files")
        expect(page.locator("#tasks li")).to_have_text(["On a server of files"])
        page.wait_for_function(
            "async () => (await navigator.serviceWorker.ready).active?.state === 'activated'",
            timeout=STARTED,
        )
        tab.is_clean()
        assert (server.strangers, server.missing) == ([], [])

        stop(server)
        page.reload()
        expect(page.locator("#tasks li")).to_have_text(["On a server of files"], timeout=STARTED)
