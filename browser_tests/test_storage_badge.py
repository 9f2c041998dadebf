"""``<velocious-storage>``: what a person sees of how safe the data is."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Error, expect

from browser_tests._browser import browser
from browser_tests._notes import NOTES, call, close, load, run, start
from browser_tests._quota import MEGABYTE, REAL_QUOTA, allow, used
from browser_tests._site import serving

if TYPE_CHECKING:
    from collections.abc import Generator

    from playwright.sync_api import BrowserContext, Page

SHOW = """async () => {
    await import('/velocious/storage_badge.mjs');
    document.body.append(document.createElement('velocious-storage'));
}"""
STATE = re.compile("durable|best-effort")


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Generator[BrowserContext]:
    with browser(tmp_path_factory.mktemp("profile"), REAL_QUOTA) as context:
        yield context


@pytest.fixture(scope="module")
def page(context: BrowserContext, tmp_path_factory: pytest.TempPathFactory) -> Generator[Page]:
    """A tab with the element, in which the application runs."""
    root = tmp_path_factory.mktemp("site") / "notes"
    shutil.copytree(NOTES, root, ignore=shutil.ignore_patterns("__pycache__"))
    with serving(root, ("app",)) as origin:
        page = load(context, origin)
        page.evaluate(SHOW)
        expect(page.locator("velocious-storage")).to_have_text("starting")
        start(page, offline=False)
        assert run(page, "db:migrate")["exitCode"] == 0
        yield page
        close(page)


def test_it_follows_the_application_that_starts_later(page: Page) -> None:
    expect(page.locator("velocious-storage").get_by_role("button")).to_have_text(STATE)


def test_it_takes_its_colours_from_variables_of_the_page(page: Page) -> None:
    """They may have the names that are most natural, such as --line."""
    page.add_style_tag(
        content=":root { --line: rgb(1, 2, 3); --good: rgb(4, 5, 6); --ground: rgb(7, 8, 9) }"
        "velocious-storage { --velocious-line: var(--line); --velocious-good: var(--good);"
        " --velocious-warn: var(--good); --velocious-ground: var(--ground) }"
    )
    badge = page.locator("velocious-storage").get_by_role("button")
    expect(badge).to_have_css("border-top-color", "rgb(1, 2, 3)")
    expect(badge).to_have_css("background-color", "rgb(7, 8, 9)")
    expect(badge.locator(".dot")).to_have_css("background-color", "rgb(4, 5, 6)")


def test_it_says_in_sentences_what_is_safe_and_what_to_do(page: Page) -> None:
    page.get_by_role("button", name=re.compile("Storage of this browser: ")).click()
    dialog = page.get_by_role("dialog", name=re.compile("Storage of this browser"))
    expect(dialog).to_contain_text("yes, proved at start")
    expect(dialog).to_contain_text("velocious/notes")
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Save a copy").click()
    assert download.value.suggested_filename == "notes-default.sqlite3"
    expect(dialog.get_by_role("status")).to_contain_text("Exported")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_it_shows_that_the_storage_is_full_and_that_there_is_room_again(page: Page) -> None:
    badge = page.locator("velocious-storage").get_by_role("button")
    allow(page, used(page) + MEGABYTE)
    with pytest.raises(Error, match="full"):
        for number in range(500):
            call(page, "notes.add", text=f"{number} " + "x" * 20_000)
    expect(badge).to_have_text(re.compile("full"))
    expect(page.locator("velocious-storage").get_by_role("status")).to_contain_text("no room left")
    badge.click()
    expect(page.get_by_role("dialog")).to_contain_text("Nothing that was confirmed is lost")
    page.keyboard.press("Escape")
    allow(page, None)
    call(page, "notes.add", text="there is room again")
    expect(badge).not_to_have_text(re.compile("full"))
