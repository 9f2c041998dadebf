"""The PyScript page: the board's records, from a script on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from browser_tests._browser import browser
from browser_tests.pages import (
    add_project,
    add_tasks,
    demo_server,
    open_tab,
    tab_of,
    wait_for_names,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from browser_tests.pages import (
        DemoServer,
    )

PAGE = "/pyscript.html"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    with demo_server(tmp_path_factory.mktemp("demo")) as running:
        yield running


def test_a_script_uses_the_records_of_the_board_on_the_same_database(
    server: DemoServer, tmp_path: Path
) -> None:
    with tab_of(tmp_path / "profile", server) as tab:
        page = tab.board()
        add_project(page, "Apollo")
        add_tasks(page, "Land")
        page = tab.ready(PAGE)
        expect(page.locator("#task-figure")).to_have_text("1")
        page.get_by_label("Name of the new task").fill("Written by PyScript")
        page.keyboard.press("Enter")
        expect(page.locator("#task-figure")).to_have_text("2")
        expect(page.locator("#found li").first).to_contain_text("Written by PyScript")
        page.get_by_label("Done: Written by PyScript").check()
        expect(page.locator("#open-figure")).to_have_text("1")
        page.get_by_label("Search in the names").fill("Land")
        expect(page.locator("#found li")).to_have_count(1)
        page = tab.board()
        page.get_by_role("button", name="Inbox").click()
        wait_for_names(page, "Written by PyScript")
        tab.is_clean()


def test_the_first_page_may_be_this_one_and_refuses_what_the_model_refuses(
    server: DemoServer, tmp_path: Path
) -> None:
    with tab_of(tmp_path / "profile", server) as tab:
        page = tab.ready(PAGE)
        expect(page.locator("#task-figure")).to_have_text("0")
        page.get_by_label("Name of the new task").fill("x" * 201)
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_have_text(
            "Name is too long (maximum is 200 characters)"
        )
        expect(page.locator("#task-figure")).to_have_text("0")
        tab.is_clean()


def test_the_page_shows_the_source_that_runs(server: DemoServer, tmp_path: Path) -> None:
    with tab_of(tmp_path / "profile", server) as tab:
        page = tab.open(PAGE)
        shown = page.locator("#source").text_content() or ""
        assert shown == (page.locator("#python").text_content() or "").strip()
        assert "from app.models.task import Task" in shown


def test_it_waits_while_the_board_is_open_in_another_tab(
    server: DemoServer, tmp_path: Path
) -> None:
    with browser(tmp_path / "profile") as context:
        first, second = open_tab(context, server), open_tab(context, server)
        first.board()
        page = second.open(PAGE)
        page.wait_for_selector('html[data-python="waiting"]', timeout=30_000)
        expect(page.get_by_text("is open in another tab")).to_be_visible()
        first.page.close()
        page.wait_for_selector('html[data-python="ready"]', timeout=60_000)
        second.is_clean()
