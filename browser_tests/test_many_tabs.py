"""Many tabs of one application: all of them work, and no end of any of them loses a row."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import pytest

from browser_tests._browser import browser
from browser_tests._crowd import (
    APPLICATION,
    Crowd,
    close_tab,
    crash_tab,
    end_worker,
    load_tab,
    put_to_sleep,
    reload_tab,
    role,
    wait_for_role,
    wake_up,
)
from browser_tests._notes import call, give_file, load, run, run_first
from browser_tests._pages import SECONDS, wait_until
from browser_tests._site import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

ROUNDS = int(os.environ.get("VELOCIOUS_OWNER_ENDS", "50"))
WAYS = {"close": close_tab, "reload": reload_tab, "crash": crash_tab, "worker": end_worker}
#: Whether there is an owner, or is not, as is asked for.
OWNED = """async (expected) => expected === (await navigator.locks.query()).held.some(
    ({ name }) => name.startsWith('velocious:') && name.split(':').length === 2)"""


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with serving(APPLICATION, ("app",)) as address:
        yield address


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    with browser(tmp_path_factory.mktemp("profile") / "shared") as opened:
        yield opened


@pytest.fixture
def crowd(context: BrowserContext, origin: str) -> Iterator[Crowd[Page]]:
    crowd = Crowd(lambda: load_tab(context, origin))
    call(crowd.open(), "tabs.prepare")
    yield crowd
    crowd.close()


def end_owner(crowd: Crowd[Page], way: str, **options: Any) -> list[float]:
    """End the owner while all tabs write; the longest silences of the others, in ms."""
    owner = crowd.owner()
    for page in crowd.tabs:
        call(page, "tabs.forget_gaps")
    if way == "freeze":
        crowd.note(owner)
        crowd.tabs.remove(owner)
        put_to_sleep(owner)
        wait_for_role(owner, "resting")
        said = crowd.wait_for_progress()
        wake_up(owner)
        wait_for_role(owner, "follower")
        crowd.tabs.append(owner)
        crowd.write(owner)
        crowd.wait_for_progress()
    else:
        crowd.end(owner, WAYS[way])
        said = crowd.wait_for_progress()
        if not owner.is_closed():
            owner.close()
        crowd.write(crowd.open(**options))
    return [one["gap"] for one in said]


def test_every_tab_works_and_a_transaction_of_a_tab_that_dies_is_undone(crowd: Crowd[Page]) -> None:
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


def test_an_owner_that_never_pauses_keeps_neither_its_page_nor_other_tabs_waiting(
    crowd: Crowd[Page],
) -> None:
    owner, second = crowd.tabs[0], crowd.open()
    owner.evaluate("() => { app.call('tabs.hurry'); }")
    wait_until(owner, "async () => (await app.call('tabs.rows')).hurry[0] > 100")
    call(second, "tabs.add", writer="second")
    assert call(owner, "tabs.rows")["second"] == [1, 1, 1]


def test_a_page_that_is_put_to_sleep_while_python_loads_gives_the_database_up(
    crowd: Crowd[Page],
) -> None:
    (first,) = crowd.tabs
    sleeper = load(first.context, first.url)
    crowd.tabs.append(sleeper)
    crowd.tabs.remove(first)
    first.close()
    wait_until(sleeper, OWNED, False)
    sleeper.evaluate("() => { window.starting = startApplication([]); }")
    wait_until(sleeper, OWNED, True)
    put_to_sleep(sleeper)
    second = crowd.open()
    assert role(second) == "owner"
    call(second, "tabs.add", writer="second")
    wake_up(sleeper)
    sleeper.evaluate("async () => { await starting; }")
    wait_for_role(sleeper, "follower")
    assert set(call(sleeper, "tabs.rows")) == {"second"}


def test_no_row_is_lost_or_doubled_however_the_owner_ends(crowd: Crowd[Page]) -> None:
    crowd.open()
    crowd.open()
    for page in crowd.tabs:
        crowd.write(page)
    crowd.wait_for_progress()
    for way in ("close", "crash", "worker", "freeze", "reload"):
        gaps = end_owner(crowd, way)
        sys.stdout.write(f"{way}: silent for {', '.join(f'{gap:.0f}' for gap in gaps)} ms\n")
    crowd.stop()
    crowd.check()


@pytest.mark.drill
def test_no_row_is_lost_or_doubled_by_many_ends_of_owners(crowd: Crowd[Page]) -> None:
    crowd.open()
    crowd.open()
    for page in crowd.tabs:
        crowd.write(page)
    crowd.wait_for_progress()
    ways = ("close", "crash", "worker", "freeze", "reload")
    gaps: list[float] = []
    for number in range(ROUNDS):
        gaps += end_owner(crowd, ways[number % len(ways)])
    crowd.stop()
    crowd.check()
    gaps.sort()
    sys.stdout.write(
        f"{ROUNDS} ends of owners: silent for {gaps[len(gaps) // 2]:.0f} ms (median), "
        f"{gaps[-1]:.0f} ms (longest)\n"
    )


@pytest.mark.drill
def test_ten_tabs_write_side_by_side(crowd: Crowd[Page]) -> None:
    for _ in range(9):
        crowd.open()
    for page in crowd.tabs:
        crowd.write(page)
    crowd.wait_for_progress()
    for way in ("close", "crash"):
        crowd.end(crowd.owner(), WAYS[way])
        crowd.wait_for_progress()
    crowd.stop()
    crowd.check()


def test_commands_that_need_the_files_run_in_the_owner_and_answer_where_they_were_typed(
    crowd: Crowd[Page],
) -> None:
    second = crowd.open()
    call(crowd.tabs[0], "tabs.add", writer="kept")
    assert "/db/test.sqlite3" in run(second, "storage:status")["output"]
    with second.expect_download() as download:
        assert run(second, "db:export")["exitCode"] == 0
    content = download.value.path().read_bytes()
    assert content.startswith(b"SQLite format 3")
    call(second, "tabs.add", writer="later")
    give_file(second, "/tmp/copy.sqlite3", content)
    answer = run(second, "db:import", "/tmp/copy.sqlite3", "--force")
    assert answer["exitCode"] == 0, answer["output"]
    for page in crowd.tabs:
        assert set(call(page, "tabs.rows")) == {"kept"}
    call(second, "tabs.add", writer="after the import")
    assert set(call(crowd.tabs[0], "tabs.rows")) == {"kept", "after the import"}


def test_a_newer_version_takes_the_database_over_and_the_old_tabs_ask_for_a_reload(
    crowd: Crowd[Page],
) -> None:
    second = crowd.open()
    call(second, "tabs.add", writer="old")
    newer = load(crowd.tabs[0].context, crowd.tabs[0].url)
    start_version(newer, "20990101000000")
    crowd.tabs.append(newer)
    for page in crowd.tabs[:2]:
        wait_for_role(page, "outdated")
        state = page.evaluate("app.state.value")
        assert (state["name"], state["code"]) == ("outdated", "reload_needed")
        assert "reload" in state["message"]
        error = page.evaluate("app.call('tabs.rows').catch((error) => error.code)")
        assert error == "reload_needed"
    wait_for_role(newer, "owner")
    assert set(call(newer, "tabs.rows")) == {"old"}
    older = load(crowd.tabs[0].context, crowd.tabs[0].url)
    older.evaluate("startApplication([]).catch((error) => { window.refused = error.code; })")
    older.wait_for_function("window.refused === 'reload_needed'", timeout=SECONDS)
    older.close()
    call(newer, "tabs.add", writer="new")


@pytest.mark.parametrize("times", [1, pytest.param(10, marks=pytest.mark.drill)])
def test_no_row_is_lost_or_doubled_by_new_versions_while_old_tabs_write(
    crowd: Crowd[Page], times: int
) -> None:
    crowd.open()
    for page in crowd.tabs:
        crowd.write(page)
    for number in range(times):
        crowd.wait_for_progress()
        old = list(crowd.tabs)
        for _ in range(2):
            newer = load_tab(old[0].context, old[0].url)
            start_version(newer, f"2099010100000{number}")
            crowd.tabs.append(newer)
        wait_for_role(crowd.tabs[-2], "owner")
        for page in old:
            wait_for_role(page, "outdated")
            crowd.retire(page)
        for page in crowd.tabs:
            crowd.write(page)
    crowd.wait_for_progress()
    crowd.stop()
    crowd.check()


#: Says what time it is in a worker, for all tabs at once.
CLOCK = """
let shift = 0;
const now = Date.now.bind(Date);
Date.now = () => now() + shift;
new BroadcastChannel('clock').onmessage = ({ data }) => { shift = data; };
"""
DAY = 86_400_000


#: Whether the time in a worker is that many milliseconds off.
IS_OFF = """async (wanted) => {
    const off = await app.call('tabs.clock') * 1000 - Date.now();
    return Math.abs(off - wanted) < 60_000;
}"""


@pytest.fixture
def crowd_with_clocks(tmp_path: Path, origin: str) -> Iterator[Crowd[Page]]:
    """A tab whose worker's time is ours, in a browser that has no service worker."""
    with browser(tmp_path / "profile") as context:

        def load_with_clock() -> Page:
            page = load_tab(context, origin)
            run_first(page, CLOCK)
            return page

        crowd = Crowd(load_with_clock)
        call(crowd.open(offline=False), "tabs.prepare")
        yield crowd


def test_clocks_that_jump_lose_no_row_and_keep_nobody_waiting(
    crowd_with_clocks: Crowd[Page],
) -> None:
    crowd = crowd_with_clocks
    (first,) = crowd.tabs
    second = crowd.open(offline=False)
    crowd.open(offline=False)
    second.evaluate("""() => {
        app.subscribe('tabs.writers', null, (writers) => { window.seen = writers; });
    }""")
    for page in crowd.tabs:
        crowd.write(page)
    for days in (1, -1, -3650, 3650, 0):
        first.evaluate("(shift) => new BroadcastChannel('clock').postMessage(shift)", days * DAY)
        for page in crowd.tabs:
            wait_until(page, IS_OFF, days * DAY)
            call(page, "tabs.forget_gaps")
        gaps = [said["gap"] for said in crowd.wait_for_progress()]
        assert max(gaps) < 5_000
        call(first, "tabs.add", writer=f"live {days}")
        second.wait_for_function("(name) => seen.includes(name)", arg=f"live {days}")
    end_owner(crowd, "worker", offline=False)
    crowd.stop()
    crowd.check()


def start_version(page: Page, schema: str) -> None:
    """Start the application as a server would send it that has a newer migration."""
    page.evaluate(
        """async (schema) => {
            const { start } = await import('/velocious/client.mjs');
            const url = new URL('/velocious/boot.json', location).href;
            const boot = await (await fetch(url)).json();
            window.app = await start({ boot: { ...boot, url, schema, version: schema } });
        }""",
        schema,
    )
