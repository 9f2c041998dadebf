"""Several tabs of one application that write, and the ways in which one of them ends."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Error

from browser_tests._notes import Tab, call, load, start
from browser_tests._pages import SECONDS, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, Page

APPLICATION = Path(__file__).parent / "tabs_application"
#: Lets a test end the worker of a page as a crash of it would.
REMEMBER_WORKER = """() => {
    const Original = Worker;
    window.Worker = class extends Original {
        constructor(...given) { super(...given); window.lastWorker = this; }
    };
}"""
_names = count(1)


class Crowd[PageT: Tab]:
    """Tabs, and what each of them was told is stored.

    Arguments:
        load: opens a tab that has not started the application yet.

    Attributes:
        tabs: those that are there, in the order they came.
        told: for each writer, the last number that it knows to be stored.
    """

    def __init__(self, load: Callable[[], PageT]) -> None:
        self._load = load
        self.tabs: list[PageT] = []
        self.told: dict[str, int] = {}
        self._names: dict[PageT, str] = {}

    def open(self, **options: Any) -> PageT:
        """Another tab in which the application runs."""
        page = self._load()
        # Many tabs of a person have a service worker as well.
        start(page, **{"offline": True, **options})
        self.tabs.append(page)
        return page

    def write(self, page: PageT) -> str:
        """Have a tab write until it is stopped; the name it writes under."""
        name = self._names[page] = f"writer {next(_names)}"
        self.told[name] = 0
        call(page, "tabs.write", name=name)
        return name

    def owner(self) -> PageT:
        """The tab that owns the database now."""
        return next(page for page in self.tabs if role(page) == "owner")

    def note(self, page: PageT) -> dict[str, Any]:
        """What a writer says; kept for :meth:`check`."""
        said = call(page, "tabs.told")
        assert said["failure"] == ""
        self.told[self._names[page]] = said["number"]
        return said

    def wait_for_progress(self) -> list[dict[str, Any]]:
        """Wait until every writer has been told of ten more rows; what they say then."""
        for page in self.tabs:
            goal = self.note(page)["number"] + 10
            wait_until(page, "async (goal) => (await app.call('tabs.told')).number >= goal", goal)
        return [self.note(page) for page in self.tabs]

    def end(self, page: PageT, way: Callable[[PageT], None]) -> None:
        """End a tab in some way, after what it was told was noted."""
        self.note(page)
        self.tabs.remove(page)
        way(page)

    def retire(self, page: PageT) -> None:
        """A tab may write no more, because a newer version is there; what it was told counts."""
        wait_until(page, "async () => (await app.call('tabs.told')).failure !== ''")
        said = call(page, "tabs.told")
        assert "ReloadNeededError" in said["failure"]
        self.told[self._names[page]] = said["number"]
        self.tabs.remove(page)
        page.close()

    def stop(self) -> None:
        """Stop all writers."""
        for page in self.tabs:
            said = call(page, "tabs.stop")
            assert said["failure"] == ""
            self.told[self._names[page]] = said["number"]

    def check(self) -> None:
        """No row that somebody was told of is missing, and none is there twice."""
        rows = call(self.tabs[0], "tabs.rows")
        for name, number in self.told.items():
            found, different, highest = rows.get(name, [0, 0, 0])
            assert found == different == highest, f"{name}: {found} rows, {different}, to {highest}"
            assert highest >= number, f"{name} was told of {number} rows, and {highest} are there"

    def close(self) -> None:
        for page in self.tabs:
            page.close()
        self.tabs.clear()


def role(page: Tab) -> str:
    return page.evaluate("app.role.value.name")


def wait_for_role(page: Page, name: str) -> None:
    # A page that was asleep draws no frames, which Playwright would wait for.
    page.wait_for_function(
        "(name) => app.role.value.name === name", arg=name, timeout=SECONDS, polling=50
    )


def load_tab(context: BrowserContext, origin: str) -> Page:
    """A tab whose worker a test can end."""
    page = load(context, origin)
    page.set_default_timeout(SECONDS)
    page.evaluate(REMEMBER_WORKER)
    return page


def close_tab(page: Page) -> None:
    page.close()


def reload_tab(page: Page) -> None:
    page.reload()


def crash_tab(page: Page) -> None:
    """Kill the process of the page, as the system does when memory is short."""
    with page.expect_event("crash"), pytest.raises(Error):
        page.goto("chrome://crash")
    page.close()


def end_worker(page: Page) -> None:
    page.evaluate("lastWorker.terminate()")


def put_to_sleep(page: Page) -> None:
    """Tell a tab what a browser says before it freezes it; see test_sleeping_tabs for real ones."""
    page.evaluate("document.dispatchEvent(new Event('freeze'))")


def wake_up(page: Page) -> None:
    page.evaluate("document.dispatchEvent(new Event('resume'))")
