"""Many tabs of one application: all of them work, and no end of any of them loses or doubles a row."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from browser_tests._browser import browser
from browser_tests._crowd import (
    APPLICATION,
    Crowd,
    close_tab,
    crash_tab,
    end_worker,
    reload_tab,
    role,
    set_lifecycle,
    wait_for_role,
)
from browser_tests._notes import call
from browser_tests._pages import wait_until
from browser_tests._site import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, Page

ROUNDS = int(os.environ.get("VELOCIOUS_OWNER_ENDS", "50"))
WAYS = {"close": close_tab, "reload": reload_tab, "crash": crash_tab, "worker": end_worker}


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with serving(APPLICATION, ("app",)) as address:
        yield address


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    with browser(tmp_path_factory.mktemp("profile") / "shared") as opened:
        yield opened


@pytest.fixture
def crowd(context: BrowserContext, origin: str) -> Iterator[Crowd]:
    crowd = Crowd(context, origin)
    call(crowd.open(), "tabs.prepare")
    yield crowd
    crowd.close()


def end_owner(crowd: Crowd, way: str) -> list[float]:
    """End the owner while all tabs write; the longest silences of the others, in ms."""
    owner = crowd.owner()
    for page in crowd.tabs:
        call(page, "tabs.forget_gaps")
    if way == "freeze":
        crowd.note(owner)
        crowd.tabs.remove(owner)
        set_lifecycle(owner, "frozen")
        said = crowd.wait_for_progress()
        set_lifecycle(owner, "active")
        wait_for_role(owner, "follower")
        crowd.tabs.append(owner)
        crowd.wait_for_progress()
    else:
        crowd.end(owner, WAYS[way])
        said = crowd.wait_for_progress()
        if not owner.is_closed():
            owner.close()
        crowd.write(crowd.open())
    return [one["gap"] for one in said]


def test_every_tab_works_and_a_transaction_of_a_tab_that_dies_is_undone(crowd: Crowd) -> None:
    first = crowd.tabs[0]
    second, third = crowd.open(), crowd.open()
    assert [role(page) for page in crowd.tabs] == ["owner", "follower", "follower"]
    for page in crowd.tabs:
        page.wait_for_function("app.role.value.tabs === 3")
        call(page, "tabs.add", writer="all")
    assert [call(page, "tabs.rows")["all"][0] for page in crowd.tabs] == [3, 3, 3]
    assert second.evaluate("app.storage.value.flushes") is True
    call(third, "tabs.hold")
    second.evaluate("() => { window.adding = app.call('tabs.add', {writer: 'after'}); }")
    crash_tab(third)
    crowd.tabs.remove(third)
    second.evaluate("adding")
    assert set(call(first, "tabs.rows")) == {"all", "after"}
    first.wait_for_function("app.role.value.tabs === 2")


def test_no_row_is_lost_or_doubled_however_the_owner_ends(crowd: Crowd) -> None:
    crowd.open(), crowd.open()
    for page in crowd.tabs:
        crowd.write(page)
    crowd.wait_for_progress()
    for way in ("close", "crash", "worker", "freeze", "reload"):
        gaps = end_owner(crowd, way)
        sys.stdout.write(f"{way}: silent for {', '.join(f'{gap:.0f}' for gap in gaps)} ms\n")
    crowd.stop()
    crowd.check()
