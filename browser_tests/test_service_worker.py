"""After one visit the application goes on without its server: pages, forms, tabs, reloads."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import pytest

from browser_tests._browser import browser
from browser_tests._pages import (
    fetch_json,
    pages_server,
    place_of,
    stop_service_workers,
    visit_once,
    wait_until,
)
from browser_tests._profiles import copied_profile, visited_profile

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

    from browser_tests.pages import DemoServer


#: What a tab is; one without Python is cold.
ROLE = "window[Symbol.for('velocious')]?.app?.role.value.name ?? 'cold'"


@dataclass(frozen=True)
class Visited:
    """Where a server was, and the profile of a browser that has been there."""

    origin: str
    profile: Path


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Visited:
    place = tmp_path_factory.mktemp("visited")
    with pages_server(place) as server:
        profile = visited_profile(place / "profile", lambda context: _visit(context, server))
    return Visited(server.origin, profile)


def _visit(context: BrowserContext, server: DemoServer) -> None:
    visit_once(context, server)


@pytest.fixture
def server(visited: Visited, tmp_path: Path) -> Generator[DemoServer]:
    with pages_server(tmp_path, visited.origin) as running:
        yield running


@pytest.fixture
def context(visited: Visited, tmp_path: Path) -> Generator[BrowserContext]:
    with browser(copied_profile(visited.profile, tmp_path / "profile")) as running:
        yield running


@pytest.fixture
def offline(context: BrowserContext, server: DemoServer) -> Page:
    """A tab that was on the site once, and whose server is gone."""
    page = visit_once(context, server)
    assert place_of(page) == "node"
    server.stop()
    return page


def open_heading(page: Page, link: str, heading: str) -> None:
    page.get_by_role("link", name=link, exact=True).click()
    heading_is(page, heading)


def heading_is(page: Page, heading: str) -> None:
    page.get_by_role("heading", name=heading, exact=True).wait_for()


def save(page: Page, title: str) -> None:
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Save").click()


def test_links_and_forms_work_with_the_server_gone(offline: Page) -> None:
    open_heading(offline, "New post", "New post")
    assert place_of(offline) == "browser"
    save(offline, "")
    offline.get_by_text("Title can't be blank").wait_for()
    save(offline, "Written offline")
    heading_is(offline, "Written offline")
    assert offline.url.endswith("/posts/4")
    open_heading(offline, "Posts", "Posts")
    titles = offline.locator("li > a").all_inner_texts()
    assert titles == [*(f"Post {number} of the browser" for number in (1, 2, 3)), "Written offline"]
    offline.locator("#post2").get_by_role("button", name="Delete").click()
    offline.locator("#post2").wait_for(state="detached")
    assert offline.locator("li").count() == 3


def test_a_form_of_the_servers_page_is_answered_by_the_browser_once(offline: Page) -> None:
    offline.locator("#post1").get_by_role("button", name="Delete").click()
    offline.locator("#post1").wait_for(state="detached")
    assert place_of(offline) == "browser"
    assert offline.locator("li").count() == 2


def test_reload_address_entry_and_history_work_with_the_server_gone(offline: Page) -> None:
    origin = offline.url.removesuffix("/posts")
    open_heading(offline, "New post", "New post")
    save(offline, "First")
    heading_is(offline, "First")
    offline.reload()
    heading_is(offline, "First")
    offline.goto(f"{origin}/posts/3")
    heading_is(offline, "Post 3 of the browser")
    offline.get_by_role("link", name="Edit").click()
    heading_is(offline, "Edit")
    open_heading(offline, "Posts", "Posts")
    offline.go_back()
    heading_is(offline, "Edit")
    offline.go_back()
    heading_is(offline, "Post 3 of the browser")
    offline.go_back()
    heading_is(offline, "First")
    offline.go_forward()
    heading_is(offline, "Post 3 of the browser")
    assert offline.title() == "Post 3 of the browser"


def test_a_new_tab_opens_without_server_and_without_another_tab(offline: Page) -> None:
    address = offline.url.replace("/posts", "/posts/2")
    context = offline.context
    context.new_page()
    offline.close()
    page = context.new_page()
    page.goto(address)
    heading_is(page, "Post 2 of the browser")
    assert page.url == address
    open_heading(page, "Posts", "Posts")
    assert place_of(page) == "browser"


def test_links_keep_python_running_and_move_focus_and_scroll(offline: Page) -> None:
    offline.goto(offline.url.replace("/posts", "/posts/2"))
    heading_is(offline, "Post 2 of the browser")
    offline.evaluate("window.sameDocument = true")
    offline.wait_for_function("navigator.serviceWorker.controller")
    page_is_quick(offline)
    open_heading(offline, "Posts", "Posts")
    offline.evaluate("scrollTo(0, 900)")
    offline.locator("#post1 a").evaluate("(link) => link.click()")
    heading_is(offline, "Post 1 of the browser")
    assert offline.evaluate("[scrollY, document.activeElement.localName]") == [0, "h1"]
    offline.go_back()
    heading_is(offline, "Posts")
    offline.wait_for_function("scrollY === 900")
    open_heading(offline, "New post", "New post")
    assert offline.evaluate("document.activeElement.name") == "title"
    assert offline.evaluate("window.sameDocument") is True


def page_is_quick(page: Page) -> None:
    """Wait until Python runs in this tab, so that links do not load documents."""
    page.wait_for_function("globalThis.velociousCLI !== undefined")
    page.evaluate("velociousCLI.run('db:status')")


def test_a_stopped_service_worker_comes_back_and_finds_the_tab(offline: Page) -> None:
    open_heading(offline, "New post", "New post")
    stop_service_workers(offline)
    save(offline, "After the stop")
    heading_is(offline, "After the stop")
    stop_service_workers(offline)
    offline.reload()
    heading_is(offline, "After the stop")


def test_webassembly_comes_with_its_machine_code_and_from_the_copy_when_that_is_gone(
    context: BrowserContext, offline: Page
) -> None:
    """Chromium keeps what it compiled beside its own cache's response, not beside our copy."""
    sources: list[str] = []

    def note(event: dict[str, Any]) -> None:
        response = event["response"]
        if response["url"].endswith(".wasm"):
            sources.append(response.get("serviceWorkerResponseSource", "no service worker"))

    session = context.new_cdp_session(offline)
    session.on("Network.responseReceived", note)
    session.send("Network.enable")  # pyright: ignore[reportUnknownMemberType]
    assert fetch_webassembly(offline, sources) == "http-cache"
    session.send("Network.clearBrowserCache")  # pyright: ignore[reportUnknownMemberType]
    assert fetch_webassembly(offline, sources) == "cache-storage"


def fetch_webassembly(page: Page, sources: list[str]) -> str:
    """Where the service worker had it from; it came whole."""
    known = len(sources)
    kept, expected = page.evaluate(
        """async () => {
          const { runtime } = await (await fetch('/velocious/boot.json')).json();
          const response = await fetch(runtime.base + runtime.files.wasm.path);
          return [(await response.arrayBuffer()).byteLength, runtime.files.wasm.size];
        }"""
    )
    assert kept == expected
    deadline = monotonic() + 60
    while len(sources) == known and monotonic() < deadline:
        page.wait_for_timeout(20)
    assert len(sources) == known + 1
    return sources[-1]


def test_a_second_tab_is_answered_by_the_tab_that_owns_the_database(offline: Page) -> None:
    open_heading(offline, "New post", "New post")
    save(offline, "From the first tab")
    heading_is(offline, "From the first tab")
    page_is_quick(offline)
    second = offline.context.new_page()
    second.goto(offline.url.replace("/posts/4", "/posts"))
    heading_is(second, "Posts")
    open_heading(second, "From the first tab", "From the first tab")
    second.get_by_role("link", name="New post").click()
    save(second, "From the second tab")
    heading_is(second, "From the second tab")
    open_heading(offline, "Posts", "Posts")
    assert offline.locator("li").count() == 5


def test_of_the_other_tabs_exactly_one_has_python_ready_to_take_over(
    offline: Page, server: DemoServer
) -> None:
    open_heading(offline, "New post", "New post")
    save(offline, "From the first tab")
    heading_is(offline, "From the first tab")
    tabs = [offline.context.new_page() for _ in range(2)]
    for tab in tabs:
        tab.goto(f"{server.origin}/posts")
        heading_is(tab, "Posts")
    standby = wait_for_roles(tabs, ["cold", "standby"])["standby"]
    offline.close()
    assert wait_for_roles(tabs, ["owner", "standby"])["owner"] is standby
    for tab in tabs:
        open_heading(tab, "From the first tab", "From the first tab")


def wait_for_roles(tabs: list[Page], expected: list[str]) -> dict[str, Page]:
    """Wait until the tabs have the *expected* roles; which tab has which."""
    deadline = monotonic() + 60
    while True:
        roles = {tab.evaluate(ROLE): tab for tab in tabs}
        if sorted(roles) == expected:
            return roles
        assert monotonic() < deadline, f"the roles are {sorted(roles)}, not {expected}"
        tabs[0].wait_for_timeout(50)


def test_when_the_server_is_back_questions_go_to_it_and_local_orders_do_not(
    offline: Page, server: DemoServer
) -> None:
    open_heading(offline, "New post", "New post")
    page_is_quick(offline)
    server.start()
    save(offline, "For the browser")
    offline.wait_for_url("**/posts/4")
    server.stop()
    offline.goto(f"{server.origin}/posts")
    offline.get_by_text("For the browser").wait_for()
    server.start()
    arrive_at_the_server(offline, f"{server.origin}/posts")
    assert offline.get_by_text("For the browser").count() == 0


def arrive_at_the_server(page: Page, address: str) -> None:
    """Open the address until the server answers: one that was gone is not asked for a moment."""
    end = monotonic() + 60
    page.goto(address)
    while place_of(page) != "node":
        assert monotonic() < end, "the server is back, and is not asked again"
        page.goto(address)


def test_a_network_that_hangs_is_waited_for_once_and_used_when_it_goes_on(
    context: BrowserContext, server: DemoServer
) -> None:
    page = visit_once(context, server)
    page.evaluate("import('/velocious/page.mjs').then(({ start }) => start()).then(() => null)")
    server.freeze()
    slow, *quick = [seconds_to_see(page, f"{server.origin}/posts/{number}") for number in (1, 2, 3)]
    # The patience that a question has with the network is four seconds.
    assert slow >= 4
    assert max(quick) < 4
    server.thaw()
    arrive_at_the_server(page, f"{server.origin}/posts")


def seconds_to_see(page: Page, address: str) -> float:
    """How long the answer of the browser takes."""
    told = page.evaluate(
        """async (address) => {
            const began = performance.now();
            const answer = await fetch(address);
            return [answer.headers.get('velocious-answered-by'), performance.now() - began];
        }""",
        address,
    )
    assert told[0] == "browser"
    return told[1] / 1000


def test_an_order_goes_to_the_server_while_it_can_be_reached(
    context: BrowserContext, server: DemoServer
) -> None:
    page = visit_once(context, server)
    page.get_by_role("link", name="New post").click()
    save(page, "For the server")
    heading_is(page, "For the server")
    assert place_of(page) == "node"


def test_what_only_the_server_has_says_so_and_a_missing_page_is_the_servers(
    context: BrowserContext, server: DemoServer
) -> None:
    page = visit_once(context, server)
    answer = page.goto(f"{server.origin}/nowhere")
    assert answer is not None
    assert answer.status == 404
    assert page.goto(f"{server.origin}/admin") is not None
    assert page.inner_text("body") == "admin"
    server.stop()
    answer = page.goto(f"{server.origin}/admin")
    assert answer is not None
    assert (answer.status, answer.header_value("velocious-answered-by")) == (503, "browser")
    assert "needs the server" in page.inner_text("body")


def test_the_servers_part_is_neither_sent_nor_named(server: DemoServer) -> None:
    with urlopen(f"{server.origin}/velocious/boot.json") as answer:
        boot = json.load(answer)
    with urlopen(server.origin + boot["app"]["url"]) as answer:
        archive = zipfile.ZipFile(io.BytesIO(answer.read()))
    names = archive.namelist()
    assert "app/controllers/posts_controller.py" in names
    assert "app/controllers/admin_controller.py" not in names
    sent = b"".join(archive.read(name) for name in names)
    assert b"only-the-server-knows-this" not in sent
    with urlopen(server.origin + boot["serviceWorker"]["url"]) as answer:
        script = answer.read().decode()
        assert answer.headers["Service-Worker-Allowed"] == "/"
        assert answer.headers["Cache-Control"] == "no-cache"
    assert "admin" not in script
    assert re.search(r'"pattern": "\^/posts/', script)


def test_the_session_of_the_browser_is_its_own_and_survives(offline: Page) -> None:
    assert [fetch_json(offline, "/echo/visits") for _ in range(2)] == [1, 2]
    assert offline.evaluate("document.cookie") == ""
    offline.reload()
    heading_is(offline, "Posts")
    assert fetch_json(offline, "/echo/visits") == 3
    assert fetch_json(offline, "/echo/where")["cookies"] == ["visits"]


def test_the_browser_does_not_see_the_servers_cookies(
    context: BrowserContext, server: DemoServer
) -> None:
    page = visit_once(context, server)
    assert fetch_json(page, "/echo/visits") == 1
    page.evaluate("document.cookie = 'readable=1; path=/'")
    assert fetch_json(page, "/echo/where") | {"headers": {}} == {
        "place": "node",
        "cookies": ["readable", "visits"],
        "headers": {},
        "made": 0,
    }
    server.stop()
    assert fetch_json(page, "/echo/where")["cookies"] == []
    assert fetch_json(page, "/echo/visits") == 1


def test_a_new_version_replaces_the_copy_whole(context: BrowserContext, server: DemoServer) -> None:
    page = visit_once(context, server)
    before = page.evaluate("caches.keys()")
    controller = server.directory / "app/controllers/posts_controller.py"
    text = controller.read_text()
    controller.write_text(text.replace('"<ul>', '"<p>The second version</p><ul>'))
    server.stop()
    server.start()
    page.reload()
    wait_until(
        page,
        """async ([old]) => {
            const names = await caches.keys();
            const own = names.find((name) => name !== old);
            const count = async (name) => (await (await caches.open(name)).keys()).length;
            const registration = await navigator.serviceWorker.getRegistration();
            const settled = !registration.installing && !registration.waiting;
            return own && settled && (await count(own)) === (await count(old));
        }""",
        before,
    )
    server.stop()
    page.reload()
    page.get_by_text("The second version").wait_for()
    assert place_of(page) == "browser"
