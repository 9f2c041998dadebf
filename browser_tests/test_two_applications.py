"""Two applications of one origin, each below a path: nothing of one is ever the other's."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from browser_tests._browser import browser
from browser_tests._pages import APPLICATION, SECONDS, fetch_json, wait_until
from browser_tests._scaffold import run
from browser_tests._static import statically_served, stop
from browser_tests.pages import LEFT_OUT

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page


def build(place: Path, name: str) -> None:
    """The application of pages, under another name, for the path of that name."""
    application = place / f"{name}-application"
    shutil.copytree(APPLICATION, application, ignore=LEFT_OUT)
    configuration = application / "app/config/configuration.py"
    configuration.write_text(configuration.read_text().replace('name="pages"', f'name="{name}"'))
    run(application, "web:build", "--prefix", f"/{name}/", "--output", str(place / "site" / name))


def opened(context: BrowserContext, origin: str, name: str) -> Page:
    page = context.new_page()
    page.set_default_timeout(SECONDS)
    page.goto(f"{origin}/{name}/posts")
    page.wait_for_selector("#place")
    wait_until(page, "() => globalThis[Symbol.for('velocious')].app.offline.value.name === 'ready'")
    return page


def write(page: Page, name: str, title: str) -> None:
    sent = {
        "method": "POST",
        "body": f"title={title}",
        "redirect": "manual",
        "headers": {"Content-Type": "application/x-www-form-urlencoded"},
    }
    page.evaluate("([path, sent]) => fetch(path, sent)", [f"/{name}/posts", sent])


def test_two_applications_of_one_origin_never_meet(tmp_path: Path) -> None:
    build(tmp_path, "one")
    build(tmp_path, "two")
    with (
        statically_served(tmp_path / "site") as server,
        browser(tmp_path / "profile") as context,
    ):
        pages = {name: opened(context, server.origin, name) for name in ("one", "two")}
        assert [fetch_json(pages["one"], "/one/echo/visits") for _ in range(2)] == [1, 2]
        assert fetch_json(pages["two"], "/two/echo/visits") == 1
        for name, page in pages.items():
            write(page, name, f"only+of+{name}")
        stop(server)
        for name, page in pages.items():
            other = {"one": "two", "two": "one"}[name]
            page.goto(f"{server.origin}/{name}/posts")
            page.get_by_text(f"only of {name}").wait_for()
            assert page.get_by_text(f"only of {other}").count() == 0
        kept = pages["one"].evaluate("caches.keys()")
        assert sorted(name.rpartition(":")[0] for name in kept) == [
            "velocious:one",
            "velocious:two",
        ]
        scopes = pages["one"].evaluate(
            "navigator.serviceWorker.getRegistrations().then((all) => all.map((one) => one.scope))"
        )
        assert sorted(scopes) == [f"{server.origin}/one/", f"{server.origin}/two/"]
