"""What ``web:build`` made, served by a server of files below a path: no Python is behind it."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from browser_tests._browser import browser
from browser_tests._scaffold import run, scaffolded
from browser_tests._static import statically_served, stop
from browser_tests.pages import DEMO, LEFT_OUT, Tab

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

STARTED = 60_000
PREFIX = "/app/"
#: Notes how far the bar of the first page has come; what takes its place is the same document.
NOTE_PROGRESS = """
window.shares = [];
new MutationObserver((changes) => {
    for (const { target } of changes) if (target.hasAttribute('value')) shares.push(target.value);
}).observe(document, { subtree: true, attributes: true, attributeFilter: ['value'] });
"""


@pytest.fixture(scope="module")
def blog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of an application with posts."""
    directory = scaffolded(tmp_path_factory.mktemp("static"))
    run(directory, "web:build", "--prefix", PREFIX)
    return directory / "dist/web"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the demo."""
    directory = tmp_path_factory.mktemp("static") / "demo"
    shutil.copytree(DEMO, directory, ignore=LEFT_OUT)
    run(directory, "web:build", "--prefix", PREFIX)
    return directory / "dist/web"


def write_a_post(page: Page, title: str) -> None:
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Create post").click()
    expect(page.get_by_role("status")).to_have_text("The post was created.", timeout=STARTED)


def test_a_scaffold_works_from_the_first_visit_and_without_a_network(
    blog: Path, tmp_path: Path
) -> None:
    with statically_served(blog, PREFIX) as server, browser(tmp_path / "profile") as context:
        tab = Tab(context.new_page(), server.origin)
        page = tab.open(f"{PREFIX}posts")
        page.get_by_role("link", name="New post").first.click(timeout=STARTED)
        page.get_by_role("button", name="Create post").click(timeout=STARTED)
        expect(page.get_by_role("alert")).to_contain_text("Title can't be blank", timeout=STARTED)
        write_a_post(page, "Written here")
        expect(page).to_have_url(re.compile(r"/app/posts/\d+$"))
        page.get_by_role("link", name="Edit").first.click()
        page.get_by_label("Title").fill("Changed here")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", name="Changed here")).to_be_visible(timeout=STARTED)
        # Styles and icons are there, below the path.
        assert page.evaluate("[...document.styleSheets].every((sheet) => sheet.cssRules.length)")
        # The form that was not valid was answered with 422, which the console tells.
        assert [said for said in tab.complaints if "422" not in said] == []
        assert tab.foreign == []
        assert (server.strangers, server.missing) == ([], [])

        stop(server)
        page.goto(f"{server.origin}{PREFIX}posts")
        expect(page.locator("tbody tr")).to_contain_text(["Changed here"], timeout=STARTED)
        page.get_by_role("link", name="Changed here").click()
        page.get_by_text("Delete…").click(timeout=STARTED)
        page.get_by_role("button", name="Delete this post").click()
        expect(page.get_by_text("No posts yet")).to_be_visible(timeout=STARTED)
        page.get_by_role("link", name="Blog").first.click()
        expect(page).to_have_url(f"{server.origin}{PREFIX}", timeout=STARTED)
        page.reload()
        expect(page.get_by_role("heading", name="Blog is running.")).to_be_visible(timeout=STARTED)


def test_an_address_that_has_no_file_is_answered_by_the_application(
    blog: Path, tmp_path: Path
) -> None:
    with statically_served(blog, PREFIX) as server, browser(tmp_path / "profile") as context:
        page = context.new_page()
        # A first visit, and a page that no routes of the application lead to.
        page.goto(f"{server.origin}{PREFIX}nowhere/at-all")
        expect(page.locator("body")).to_contain_text(
            re.compile("not.*found|404", re.I), timeout=STARTED
        )
        page.goto(f"{server.origin}{PREFIX}posts/new?from=mail")
        expect(page.get_by_label("Title")).to_be_visible(timeout=STARTED)
        expect(page).to_have_url(f"{server.origin}{PREFIX}posts/new?from=mail")


def test_the_first_visit_shows_how_far_it_is_and_then_the_page(blog: Path, tmp_path: Path) -> None:
    with statically_served(blog, PREFIX) as server, browser(tmp_path / "profile") as context:
        page = context.new_page()
        page.add_init_script(NOTE_PROGRESS)
        page.goto(f"{server.origin}{PREFIX}posts")
        expect(page.get_by_text("No posts yet")).to_be_visible(timeout=STARTED)
        expect(page.get_by_role("progressbar")).to_have_count(0)
        shares = page.evaluate("shares")
        assert len(shares) > 1
        assert shares == sorted(shares)
        assert shares[-1] == 1


def test_a_server_that_adds_a_slash_leads_to_the_page(blog: Path, tmp_path: Path) -> None:
    with (
        statically_served(blog, PREFIX, falls_back=False) as server,
        browser(tmp_path / "profile") as context,
    ):
        page = context.new_page()
        page.goto(f"{server.origin}{PREFIX}posts")
        expect(page.get_by_text("No posts yet")).to_be_visible(timeout=STARTED)
        expect(page).to_have_url(f"{server.origin}{PREFIX}posts")


def test_a_page_that_was_loaded_past_the_service_worker_has_its_answers(
    blog: Path, tmp_path: Path
) -> None:
    with statically_served(blog, PREFIX) as server, browser(tmp_path / "profile") as context:
        page = context.new_page()
        page.goto(f"{server.origin}{PREFIX}posts")
        expect(page.get_by_text("No posts yet")).to_be_visible(timeout=STARTED)
        session = context.new_cdp_session(page)
        session.send("Page.reload", {"ignoreCache": True})  # pyright: ignore[reportUnknownMemberType]
        page.wait_for_load_state()
        expect(page.get_by_text("No posts yet")).to_be_visible(timeout=STARTED)


def test_pages_that_call_python_themselves_work_below_a_path(blog: Path, tmp_path: Path) -> None:
    with statically_served(blog, PREFIX) as server, browser(tmp_path / "profile") as context:
        tab = Tab(context.new_page(), server.origin)
        page = tab.open(f"{PREFIX}browser.html")
        expect(page.locator("#state")).to_contain_text("Python is running", timeout=STARTED)
        assert page.evaluate("velociousCLI.run('db:migrate')")["exitCode"] == 0
        tab.is_clean()
        assert (server.strangers, server.missing) == ([], [])


def test_the_demo_works_as_pages_and_as_scripts(demo: Path, tmp_path: Path) -> None:
    with statically_served(demo, PREFIX) as server, browser(tmp_path / "profile") as context:
        tab = Tab(context.new_page(), server.origin)
        page = tab.open(f"{PREFIX}board")
        expect(page.get_by_text("answered by this browser")).to_be_visible(timeout=STARTED)
        page.get_by_label("Name of the new project").fill("Garden")
        page.locator(".projects").get_by_role("button", name="Add").click()
        heading = page.get_by_role("heading", name="Garden", exact=True)
        expect(heading).to_be_visible(timeout=STARTED)
        assert server.strangers == []
        stop(server)
        page.reload()
        expect(heading).to_be_visible(timeout=STARTED)
        page.get_by_role("link", name="Board", exact=True).click()
        page.wait_for_selector("#board[data-shown]", timeout=STARTED)
