"""Live results in a page: its own commits, those of other tabs, and what it slept through."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from browser_tests._browser import browser
from browser_tests._notes import NOTES, call, load, opened, run
from browser_tests._site import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, Page

CHANNEL = "velocious:notes:changes"


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    # Its folder's name is the application's.
    root = tmp_path_factory.mktemp("site") / "notes"
    shutil.copytree(NOTES, root, ignore=shutil.ignore_patterns("__pycache__"))
    with serving(root, ("app",)) as address:
        yield address


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    with browser(tmp_path_factory.mktemp("live") / "profile") as opened_browser:
        yield opened_browser


@pytest.fixture(scope="module")
def page(context: BrowserContext, origin: str) -> Iterator[Page]:
    """A tab that follows its notes; what it was told is in ``told``."""
    with opened(context, origin) as tab:
        assert run(tab, "db:migrate")["exitCode"] == 0
        tab.evaluate("globalThis.told = []; app.on('notes', (notes) => told.push(notes)); null")
        call(tab, "notes.follow")
        tab.wait_for_function("told.length > 0")
        yield tab


@pytest.fixture(scope="module")
def other(context: BrowserContext, origin: str) -> Page:
    """Another tab of the same origin; what it hears on the channel of changes is in ``heard``."""
    tab = load(context, origin)
    tab.evaluate(
        """(name) => {
            globalThis.heard = [];
            globalThis.channel = new BroadcastChannel(name);
            channel.onmessage = ({ data }) => heard.push(data);
        }""",
        CHANNEL,
    )
    return tab


def told(page: Page) -> list[list[str]]:
    return page.evaluate("told")


def test_a_page_is_told_of_its_own_commits(page: Page) -> None:
    call(page, "notes.add", text="one")
    page.wait_for_function("told.at(-1).includes('one')")


def test_other_tabs_hear_which_tables_changed(page: Page, other: Page) -> None:
    call(page, "notes.add", text="two")
    other.wait_for_function("heard.length > 0")
    [[database, place, tables]] = json.loads(other.evaluate("heard.at(-1)"))
    assert (database, tables) == ("default", ["notes"])
    assert place.startswith("sqlite:///")
    page.wait_for_function("told.at(-1).includes('two')")


@pytest.mark.parametrize(
    "notice",
    [
        pytest.param(None, id="of_its_table"),
        pytest.param([[None, None, None]], id="of_everything"),
        pytest.param({"from": "another version"}, id="that_nobody_understands"),
    ],
)
def test_a_page_reads_again_after_a_notice_of_another_tab(
    page: Page, other: Page, notice: Any
) -> None:
    call(page, "notes.add", text="three")
    page.wait_for_function("told.at(-1).includes('three')")
    place = json.loads(other.evaluate("heard.at(-1)"))[0][1]
    before = len(told(page))
    told_by_other = json.dumps(notice or [["default", place, ["notes"]]])
    # Nothing tells the other tab when a page has listened: the notice is repeated until it has.
    other.evaluate(
        "(text) => { globalThis.calls = setInterval(() => channel.postMessage(text), 50); }",
        told_by_other,
    )
    page.wait_for_function("(before) => told.length > before", arg=before)
    other.evaluate("clearInterval(calls)")


def test_a_notice_of_other_tables_reads_nothing_again(page: Page, other: Page) -> None:
    call(page, "notes.add", text="four")
    page.wait_for_function("told.at(-1).includes('four')")
    place = json.loads(other.evaluate("heard.at(-1)"))[0][1]
    before = len(told(page))
    other.evaluate("(text) => channel.postMessage(text)", json.dumps([["default", place, ["x"]]]))
    call(page, "notes.add", text="five")
    page.wait_for_function("told.at(-1).includes('five')")
    assert len(told(page)) == before + 1


def test_a_page_that_comes_back_reads_again(page: Page) -> None:
    before = len(told(page))
    # No tab of a browser without a window is ever hidden, so the browser cannot say this itself.
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    page.wait_for_function("(before) => told.length > before", arg=before)
