"""Starts that go on with the memory that Python had in an earlier one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from browser_tests._browser import browser
from browser_tests._notes import NOTES, call, done, opened
from browser_tests._page import open_page
from browser_tests._server import PREFIX, bare_site, serving
from browser_tests._site import serving as serving_application

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

    from browser_tests._page import BarePage
    from browser_tests._server import Site

CACHE = "velocious-memory:test"
WOKEN = "place the memory of Python"
PATIENCE = 60
"""Seconds in which a memory is made, on a machine that does other things as well."""

FILL = """
import sqlite3
database = sqlite3.connect("/opfs/test/rows.sqlite3", isolation_level=None)
database.execute("CREATE TABLE rows(name TEXT)")
database.executemany("INSERT INTO rows VALUES(?)", [("one",), ("two",)])
database.close()
"""
READ = """
import sqlite3
database = sqlite3.connect("/opfs/test/rows.sqlite3")
result = [name for (name,) in database.execute("SELECT name FROM rows")]
database.close()
"""
DRAW = """
import random, secrets, sqlite3, tempfile, uuid
result = [
    random.random(),
    random.Random().random(),
    secrets.token_hex(8),
    str(uuid.uuid4()),
    uuid.uuid1().hex,
    tempfile.mktemp(),
    sqlite3.connect(":memory:").execute("SELECT hex(randomblob(8)), random()").fetchone()[0],
]
"""
#: Replaces what is kept: `change(content, description)` returns the new content.
REPLACE = """async ({ name, change }) => {
  const cache = await caches.open(name);
  const [request] = await cache.keys();
  const response = await cache.match(request);
  const description = JSON.parse(response.headers.get('velocious-memory'));
  const content = new Uint8Array(await response.arrayBuffer());
  const changed = new Function('content', 'description', change)(content, description);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', changed));
  if (description.digest === 'anew') {
    description.digest = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
  const headers = { 'velocious-memory': JSON.stringify(description) };
  await cache.put(request, new Response(changed, { headers }));
}"""
DAMAGES = {
    "damaged": "content[5000] ^= 1; return content",
    "truncated": "return content.subarray(0, content.length / 2)",
    "of zeros": "description.digest = 'anew'; return content.fill(0)",
    "of another Pyodide": "description.head[20] ^= 1; return content",
    "without a beginning": "description.head = []; return content",
    "with nothing where something was": "description.pieces = []; return content",
    "described by nothing": "for (const key in description) description[key] = 0; return content",
}


@pytest.fixture
def site() -> Site:
    return bare_site(memorySnapshot=True)


@pytest.fixture
def origin(site: Site) -> Iterator[str]:
    with serving(site) as address:
        yield address


@pytest.fixture
def context(tmp_path: Path) -> Iterator[BrowserContext]:
    with browser(tmp_path / "profile") as opened:
        yield opened


@pytest.fixture
def tab(context: BrowserContext, origin: str) -> BarePage:
    """A tab of a browser that has been here once, and has kept a memory."""
    opened = open_page(context, origin)
    opened.boot()
    opened.run(FILL)
    wait_for_memory(opened.page)
    return opened


def kept(page: Page, cache: str = CACHE) -> list[str]:
    """The addresses of what is kept."""
    return page.evaluate(
        "name => caches.has(name).then((is) => (is ? caches.open(name) : null))"
        ".then((cache) => cache?.keys() ?? []).then((keys) => keys.map(({ url }) => url))",
        cache,
    )


def wait_for_memory(page: Page, cache: str = CACHE, other_than: str | None = None) -> str:
    """The address of the one memory that is kept, when it is."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = kept(page, cache)
        if len(found) == 1 and found[0] != other_than:
            return found[0]
        page.wait_for_timeout(100)
    raise TimeoutError(f"no memory was kept within {PATIENCE} seconds: {kept(page, cache)}")


def is_woken(page: Page) -> bool:
    """Whether the start went on with a memory."""
    phases: list[dict[str, Any]] = page.evaluate("app.trace()")
    return any(phase["name"] == WOKEN for phase in phases)


def warnings(tab: BarePage) -> list[str]:
    return [text for level, text in tab.evaluate("seen.logs") if level == "warning"]


def test_the_first_visit_leaves_a_memory_and_the_next_one_goes_on_with_it(tab: BarePage) -> None:
    assert not is_woken(tab.page)
    tab.boot()
    assert is_woken(tab.page)
    assert tab.run(READ) == ["one", "two"]
    assert warnings(tab) == []


def test_an_application_shows_the_same_records_and_runs_the_same_commands(
    context: BrowserContext,
) -> None:
    with serving_application(NOTES, ("app",), memory_snapshot=True) as origin:
        with opened(context, origin, migrate=True) as page:
            call(page, "notes.add", text="first")
            wait_for_memory(page, "velocious-memory:notes_application")
        with opened(context, origin) as page:
            assert is_woken(page)
            call(page, "notes.add", text="second")
            assert call(page, "notes.list") == ["first", "second"]
            assert "up" in done(page, "db:status")


def test_no_two_visits_draw_the_same_random_numbers(tab: BarePage) -> None:
    drawn: list[list[Any]] = []
    for _ in range(2):
        tab.boot()
        assert is_woken(tab.page)
        drawn.append(tab.run(DRAW))
    assert set(drawn[0]).isdisjoint(drawn[1])


def test_a_visit_in_another_time_zone_begins_with_a_memory_of_its_own(tab: BarePage) -> None:
    before = wait_for_memory(tab.page)
    tab.devtools("Emulation.setTimezoneOverride", timezoneId="Asia/Tokyo")
    tab.boot()
    assert not is_woken(tab.page)
    wait_for_memory(tab.page, other_than=before)
    tab.boot()
    assert is_woken(tab.page)
    code = "import time; result = [time.timezone, time.localtime(0).tm_hour, time.time()]"
    timezone, hour, now = tab.run(code)
    assert (timezone, hour) == (-9 * 3600, 9)
    assert abs(now - time.time()) < 60


def test_a_memory_may_be_larger_than_the_one_that_python_begins_with(tab: BarePage) -> None:
    grown = "description.size += 1024 * 65536; description.digest = 'anew'; return content"
    tab.evaluate(REPLACE, {"name": CACHE, "change": grown})
    tab.boot()
    assert is_woken(tab.page)
    assert tab.run("result = len(bytes(100_000_000))") == 100_000_000


@pytest.mark.parametrize("change", DAMAGES.values(), ids=DAMAGES)
def test_a_memory_that_cannot_be_used_ends_in_an_ordinary_start(tab: BarePage, change: str) -> None:
    tab.evaluate(REPLACE, {"name": CACHE, "change": change})
    tab.boot()
    assert not is_woken(tab.page)
    assert tab.run(READ) == ["one", "two"]
    assert "ordinary" in warnings(tab)[0]
    assert "failed" not in [state["name"] for state in tab.evaluate("seen.states")]


def test_after_an_unusable_memory_a_visit_makes_another_one(tab: BarePage) -> None:
    tab.evaluate(REPLACE, {"name": CACHE, "change": DAMAGES["damaged"]})
    tab.boot()
    tab.boot()
    wait_for_memory(tab.page)
    tab.boot()
    assert is_woken(tab.page)


def test_another_version_makes_another_memory_in_the_place_of_the_old_one(
    tab: BarePage, site: Site
) -> None:
    before = wait_for_memory(tab.page)
    site.files[f"{PREFIX}/more.zip"] = site.files[f"{PREFIX}/bare.zip"]
    tab.boot()
    assert not is_woken(tab.page)
    wait_for_memory(tab.page, other_than=before)
    tab.boot()
    assert is_woken(tab.page)


def test_an_application_that_wants_none_any_more_keeps_none(tab: BarePage, site: Site) -> None:
    site.boot["memorySnapshot"] = False
    tab.boot()
    assert not is_woken(tab.page)
    deadline = time.monotonic() + PATIENCE
    while kept(tab.page) and time.monotonic() < deadline:
        tab.page.wait_for_timeout(100)
    assert kept(tab.page) == []


def test_variables_of_the_environment_are_those_of_the_visit(tab: BarePage, site: Site) -> None:
    site.boot["environmentVariables"] = {"FLAVOUR": "vanilla"}
    tab.boot()
    assert tab.run("import os; result = os.environ['FLAVOUR']") == "vanilla"


def test_tabs_that_are_opened_at_once_work_on_one_database(
    tab: BarePage, context: BrowserContext, origin: str
) -> None:
    tab.close()
    tabs = [open_page(context, origin) for _ in range(2)]
    for one in tabs:
        one.load()
        one.evaluate("{ window.started = open(); }")
    for one in tabs:
        one.evaluate("window.started")
        assert is_woken(one.page)
