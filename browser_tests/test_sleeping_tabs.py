"""Tabs that the browser itself freezes, or keeps for the back button: they give the database up."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from browser_tests._crowd import APPLICATION, Crowd, role
from browser_tests._notes import NOTES, call, start
from browser_tests._site import serving
from browser_tests._untouched import UntouchedBrowser, UntouchedPage
from browser_tests.pages import demo_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

type UntouchedCrowd = Crowd[UntouchedPage]

#: What a page heard from the browser; it forgets it with its document.
LISTEN = """() => {
    window.heard = [];
    addEventListener('pageshow', ({ persisted }) => { if (persisted) heard.push('restored'); });
    document.addEventListener('freeze', () => heard.push('frozen'));
}"""

#: The demo's board shows what its database holds: nothing yet.
IS_SHOWN = "document.querySelector('#board[data-shown=browser][data-phase=empty]')"


class Sleep(NamedTuple):
    """A way to sleep: how it begins and ends, and what says that it really was one."""

    begin: Callable[[UntouchedPage], None]
    end: Callable[[UntouchedPage], None]
    sign: str


SLEEPS = {
    "frozen": Sleep(UntouchedPage.freeze, UntouchedPage.thaw, "frozen"),
    "kept for the back button": Sleep(UntouchedPage.leave, UntouchedPage.go_back, "restored"),
}
both_sleeps = pytest.mark.parametrize("sleep", SLEEPS.values(), ids=SLEEPS.keys())


def wake(page: UntouchedPage, sleep: Sleep) -> None:
    """End a sleep of the page, whose document must be the one from before."""
    sleep.end(page)
    page.wait_until(f"window.heard?.includes('{sleep.sign}')")


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with serving(APPLICATION, ("app",)) as address:
        yield address


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[UntouchedBrowser]:
    with UntouchedBrowser(tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.fixture
def crowd(browser: UntouchedBrowser, origin: str) -> Iterator[UntouchedCrowd]:
    """Three tabs, of which the first owns the database."""

    def load() -> UntouchedPage:
        page = browser.open(origin)
        page.wait_until("window.loaded")
        page.evaluate(LISTEN)
        return page

    crowd = Crowd(load)
    call(crowd.open(), "tabs.prepare")
    crowd.open()
    crowd.open()
    assert [role(page) for page in crowd.tabs] == ["owner", "follower", "follower"]
    yield crowd
    crowd.close()


@both_sleeps
def test_an_owner_that_sleeps_gives_the_database_up_and_works_again_when_it_is_awake(
    crowd: UntouchedCrowd, sleep: Sleep
) -> None:
    sleeper = crowd.tabs[0]
    for page in crowd.tabs:
        crowd.write(page)
    crowd.wait_for_progress()
    for page in crowd.tabs:
        call(page, "tabs.forget_gaps")
    crowd.end(sleeper, sleep.begin)
    gaps = [said["gap"] for said in crowd.wait_for_progress()]
    sys.stdout.write(f"silent for {', '.join(f'{gap:.0f}' for gap in gaps)} ms\n")
    assert {role(page) for page in crowd.tabs} == {"owner", "follower"}
    wake(sleeper, sleep)
    sleeper.wait_until("app.role.value.name === 'follower'")
    crowd.tabs.append(sleeper)
    crowd.write(sleeper)
    crowd.wait_for_progress()
    crowd.stop()
    crowd.check()


@both_sleeps
def test_a_tab_is_not_given_the_database_in_its_sleep(crowd: UntouchedCrowd, sleep: Sleep) -> None:
    owner, sleeper, last = crowd.tabs
    # The first in the queue.
    sleep.begin(sleeper)
    crowd.tabs.remove(owner)
    owner.close()
    last.wait_until("app.role.value.name === 'owner'")
    call(last, "tabs.add", writer="last")
    wake(sleeper, sleep)
    assert set(call(sleeper, "tabs.rows")) == {"last"}


@both_sleeps
def test_what_a_page_follows_goes_on_after_its_sleep_and_what_it_asked_before_says_that_it_slept(
    crowd: UntouchedCrowd, sleep: Sleep
) -> None:
    sleeper, second, _ = crowd.tabs
    sleeper.evaluate("""() => {
        window.seen = [];
        app.subscribe('tabs.writers', null, (writers) => { window.seen = writers; });
        app.call('tabs.linger').catch(({ code }) => { window.refused = code; });
    }""")
    call(second, "tabs.add", writer="before")
    sleeper.wait_until("seen.includes('before')")
    sleep.begin(sleeper)
    call(second, "tabs.add", writer="meanwhile")
    wake(sleeper, sleep)
    sleeper.wait_until("seen.includes('meanwhile')")
    assert sleeper.evaluate("refused") == "page_asleep"
    call(second, "tabs.add", writer="later")
    sleeper.wait_until("seen.includes('later')")
    assert sleeper.evaluate("app.state.value.name") == "ready"


@pytest.fixture
def board(browser: UntouchedBrowser, tmp_path: Path) -> Iterator[UntouchedPage]:
    """The demo's board, which shows the database of the browser."""
    with demo_server(tmp_path) as server:
        page = browser.open(server.origin)
        page.wait_until(IS_SHOWN)
        page.evaluate(LISTEN)
        yield page
        page.close()


@both_sleeps
def test_the_demo_shows_its_rows_again_after_a_sleep_without_a_reload(
    board: UntouchedPage, sleep: Sleep
) -> None:
    sleep.begin(board)
    wake(board, sleep)
    # Python starts anew, and answers.
    assert board.evaluate("velociousCLI.run('db:version')")["exitCode"] == 0
    board.wait_until(IS_SHOWN)
    assert sleep.sign in board.evaluate("window.heard")


@both_sleeps
def test_a_pyscript_page_that_sleeps_gives_the_database_up_and_is_loaded_again(
    browser: UntouchedBrowser, sleep: Sleep
) -> None:
    with serving(NOTES, ("app",)) as origin:
        sleeper = browser.open(f"{origin}/pyscript_parts.html")
        sleeper.wait_until("document.querySelector('html[data-python=ready]')")
        sleeper.evaluate(LISTEN)
        sleep.begin(sleeper)
        page = browser.open(origin)
        page.wait_until("window.loaded")
        start(page)
        call(page, "notes.add", text="meanwhile")
        sleep.end(sleeper)
        # Its document is gone as soon as it is awake, and what it heard with it.
        sleeper.wait_until("window.heard === undefined")
        sleeper.wait_until("document.querySelector('#notes')?.textContent.includes('meanwhile')")
        page.close()
        sleeper.close()
