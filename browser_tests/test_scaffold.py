"""A newcomer's first minute: init, a scaffold, a site that works without JavaScript."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from browser_tests._browser import ARGUMENTS, driver, executable
from browser_tests._scaffold import scaffolded, served

if TYPE_CHECKING:
    from collections.abc import Generator

    from playwright.sync_api import Page

#: Seconds that a newcomer waits for all commands together.
PATIENCE = 60


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """Where the scaffolded application is served."""
    began = time.monotonic()
    with served(scaffolded(tmp_path_factory.mktemp("scaffolded"))) as (address, _):
        assert time.monotonic() - began < PATIENCE
        yield address


@pytest.fixture(scope="module")
def page(origin: str) -> Generator[Page]:
    """A page of a browser with JavaScript switched off."""
    chromium = driver().chromium.launch(executable_path=executable(), args=ARGUMENTS)
    try:
        context = chromium.new_context(java_script_enabled=False)
        made = context.new_page()
        made.set_default_timeout(10_000)
        yield made
    finally:
        chromium.close()


def test_the_start_page_leads_to_the_list(page: Page, origin: str) -> None:
    page.goto(origin)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Blog is running")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Posts").click()
    expect(page).to_have_url(f"{origin}/posts")
    expect(page.get_by_text("No posts yet")).to_be_visible()


def test_a_post_is_made_changed_and_deleted(page: Page, origin: str) -> None:
    page.goto(f"{origin}/posts/new")
    page.get_by_label("Title").fill("Hello <b>world</b>")
    page.get_by_label("Body").fill("One\n\nTwo")
    page.get_by_label("Published").check()
    page.get_by_role("button", name="Create post").click()
    expect(page).to_have_url(re.compile(r"/posts/\d+$"))
    expect(page.get_by_role("status")).to_have_text("The post was created.")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hello <b>world</b>")
    expect(page.locator("dd p")).to_have_text(["One", "Two"])

    page.get_by_role("link", name="Edit").click()
    expect(page.get_by_label("Published")).to_be_checked()
    page.get_by_label("Title").fill("Changed")
    page.get_by_label("Published").uncheck()
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("status")).to_have_text("The post was saved.")
    page.goto(f"{origin}/posts")
    expect(page.locator("tbody tr")).to_contain_text(["Changed"])
    # What was said once is not said again.
    expect(page.get_by_role("status")).to_have_count(0)

    page.get_by_role("link", name="Changed").click()
    page.get_by_text("Delete…").click()
    page.get_by_role("button", name="Delete this post").click()
    expect(page.get_by_role("status")).to_have_text("The post was deleted.")
    expect(page.get_by_text("No posts yet")).to_be_visible()


def test_what_is_wrong_is_shown_where_it_is(page: Page, origin: str) -> None:
    page.goto(f"{origin}/posts/new")
    page.get_by_label("Body").fill("Kept")
    page.get_by_role("button", name="Create post").click()
    expect(page.get_by_role("alert")).to_contain_text("Title can't be blank")
    title = page.get_by_label("Title")
    expect(title).to_have_attribute("aria-invalid", "true")
    expect(title).to_have_accessible_description("can't be blank")
    expect(page.get_by_label("Body")).to_have_value("Kept")
    page.get_by_role("link", name="Title can't be blank").click()
    expect(page).to_have_url(re.compile("#post_title$"))


def test_another_site_s_form_is_refused(page: Page, origin: str) -> None:
    other = page.request.post(
        f"{origin}/posts",
        form={"post[title]": "Forged"},
        headers={"Origin": "https://evil.test", "Sec-Fetch-Site": "cross-site"},
    )
    assert other.status == 403
    page.goto(f"{origin}/posts")
    expect(page.get_by_text("Forged")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("path", ["/", "/posts", "/posts/new"])
def test_the_site_fits_its_screen(page: Page, origin: str, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{origin}{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_long_title_has_the_whole_width_of_a_phone(page: Page, origin: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{origin}/posts/new")
    page.get_by_label("Title").fill("A quite long title that has to be wrapped on a phone")
    page.get_by_role("button", name="Create post").click()
    heading = page.get_by_role("heading", level=1).bounding_box()
    button = page.get_by_role("link", name="Edit", exact=True).bounding_box()
    assert heading is not None
    assert button is not None
    assert heading["width"] > 300
    assert button["y"] >= heading["y"] + heading["height"]
    page.goto(f"{origin}/posts")
    short = page.get_by_role("heading", level=1).bounding_box()
    beside = page.get_by_role("link", name="New post").bounding_box()
    assert short is not None
    assert beside is not None
    assert beside["y"] < short["y"] + short["height"]
