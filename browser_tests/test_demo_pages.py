"""The demo's board as pages and forms: without scripts on the server, without the server in the
browser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from browser_tests._browser import browser
from browser_tests._pages import SECONDS, visit_once
from browser_tests.pages import demo_server

#: A machine that has other work needs longer than the five seconds of the default.
expect.set_options(timeout=SECONDS)

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

    from browser_tests.pages import DemoServer


@pytest.fixture
def server(tmp_path: Path) -> Generator[DemoServer]:
    with demo_server(tmp_path) as running:
        yield running


@pytest.fixture
def context(tmp_path: Path) -> Generator[BrowserContext]:
    with browser(tmp_path / "profile") as running:
        yield running


def add_project(page: Page, name: str) -> None:
    page.get_by_label("Name of the new project").fill(name)
    page.locator(".projects").get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def add_task(page: Page, name: str) -> None:
    page.get_by_label("Name of the new task").fill(name)
    page.locator(".tasks").get_by_role("button", name="Add").click()


def work_on_the_board(page: Page) -> None:
    """All that one can do there."""
    add_project(page, "Garden")
    add_task(page, "Water <b>roses</b>")
    expect(page.get_by_text("Added “Water <b>roses</b>”.")).to_be_visible()
    add_task(page, "Mow")
    names = page.locator(".task .name")
    expect(names).to_have_text(["Water <b>roses</b>", "Mow"])
    page.get_by_role("button", name="Done: Mow").click()
    expect(page.locator(".task.done .name")).to_have_text("Mow")
    page.get_by_role("link", name="Open", exact=True).click()
    expect(names).to_have_text(["Water <b>roses</b>"])
    names.first.click()
    page.get_by_role("textbox", name="Name", exact=True).fill("Water roses")
    page.get_by_label("Due on").fill("2027-03-01")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".task .chip")).to_have_text("2027-03-01")
    page.get_by_role("link", name="Mow").click()
    page.get_by_role("button", name="Move to the top").click()
    expect(names).to_have_text(["Mow", "Water roses"])
    page.locator(".task", has_text="Mow").get_by_role("button", name="Delete").click()
    expect(names).to_have_text(["Water roses"])


def test_the_board_needs_no_scripts_on_the_server(
    context: BrowserContext, server: DemoServer
) -> None:
    assert context.browser is not None
    page = context.browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{server.origin}/board")
    expect(page.get_by_text("answered by the server")).to_be_visible()
    work_on_the_board(page)
    page.get_by_role("link", name="All tasks").click()
    add_task(page, "Nowhere")
    expect(page.get_by_text("Choose the project that the task is for.")).to_be_visible()
    expect(page.get_by_label("Name of the new task")).to_have_value("Nowhere")
    page.get_by_role("link", name="Garden").click()
    page.get_by_label("Rename or delete this project").click()
    page.get_by_text("Delete…").click()
    page.get_by_role("button", name="Delete the project and its tasks").click()
    expect(page.get_by_text("Deleted “Garden” with one task.")).to_be_visible()


def test_the_board_goes_on_without_the_server(context: BrowserContext, server: DemoServer) -> None:
    page = visit_once(context, server, "/board")
    server.stop()
    page.get_by_role("link", name="All tasks").click()
    expect(page.get_by_text("answered by this browser")).to_be_visible()
    work_on_the_board(page)
    page.reload()
    expect(page.locator(".task .name")).to_have_text(["Water roses"])
    # The other board shows the same records, at both addresses that its page has.
    page.get_by_role("link", name="Board", exact=True).click()
    expect(page.locator("#projects")).to_contain_text("Garden")
    page.goto(f"{server.origin}/index.html")
    expect(page.locator("#projects")).to_contain_text("Garden")
