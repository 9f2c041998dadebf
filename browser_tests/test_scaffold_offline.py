"""A scaffolded site whose server went away: it goes on in the browser, on a database there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from browser_tests._browser import browser
from browser_tests._scaffold import scaffolded, served

if TYPE_CHECKING:
    from pathlib import Path

STARTED = 60_000


def test_after_one_visit_the_site_works_without_its_server(tmp_path: Path) -> None:
    with served(scaffolded(tmp_path)) as (origin, server), browser(tmp_path / "profile") as context:
        page = context.new_page()
        page.goto(f"{origin}/posts")
        page.wait_for_function(
            "async () => (await navigator.serviceWorker.ready).active?.state === 'activated'",
            timeout=STARTED,
        )
        server.terminate()
        server.wait(timeout=30)

        page.goto(f"{origin}/posts/new")
        title = page.get_by_label("Title")
        expect(title).to_be_visible(timeout=STARTED)
        page.get_by_role("button", name="Create post").click()
        expect(page.get_by_role("alert")).to_contain_text("Title can't be blank", timeout=STARTED)
        title.fill("Written offline")
        page.get_by_role("button", name="Create post").click()
        expect(page).to_have_url(re.compile(r"/posts/\d+$"), timeout=STARTED)
        expect(page.get_by_role("status")).to_have_text("The post was created.")

        page.goto(f"{origin}/posts")
        expect(page.locator("tbody tr")).to_contain_text(["Written offline"], timeout=STARTED)
        page.get_by_role("link", name="Written offline").click()
        page.get_by_text("Delete…").click(timeout=STARTED)
        page.get_by_role("button", name="Delete this post").click()
        expect(page.get_by_text("No posts yet")).to_be_visible(timeout=STARTED)
