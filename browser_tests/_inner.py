"""A session of pytest inside a worker, as the pytest outside sees it.

Playwright's synchronous interface owns the thread it runs in, so the browser gets one of its own.
"""

from __future__ import annotations

import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from browser_tests._browser import ARGUMENTS, executable
from browser_tests._site import make_inner_application, serving, testing_archive

if TYPE_CHECKING:
    from collections.abc import Generator

    from playwright.sync_api import BrowserContext, ConsoleMessage, Page

BROWSER_FILES = ("app", "tests", "pytest.ini")
SECONDS_TO_START = 180
SECONDS_FOR_A_TEST = 180


@contextmanager
def own_browser(profile: Path) -> Generator[BrowserContext]:
    """A Chromium that belongs to the thread which enters the block."""
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(profile), executable_path=executable(), headless=True, args=ARGUMENTS
        )
        try:
            yield context
        finally:
            context.close()


class InnerFailure(Exception):
    """The worker did not answer as it should."""


class InnerSession:
    """Collects once, runs once; reports arrive while the worker goes on."""

    def __init__(self) -> None:
        self._collected: Queue[dict[str, Any] | BaseException] = Queue()
        self._reports: Queue[dict[str, Any] | BaseException | None] = Queue()
        self._wanted: Queue[list[str] | None] = Queue()
        self._known: dict[str, list[dict[str, Any]]] = {}
        self._console: list[str] = []
        self._running = False
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._thread.start()

    def collect(self) -> dict[str, Any]:
        """What pytest found inside: ids, problems, exitCode."""
        try:
            answer = self._collected.get(timeout=SECONDS_TO_START)
        except Empty:
            raise InnerFailure(f"nothing was collected in time\n{self.console()}") from None
        if isinstance(answer, BaseException):
            raise InnerFailure(f"{answer}\n{self.console()}") from answer
        return answer

    def run(self, ids: list[str]) -> None:
        """Start running *ids*; a second call changes nothing."""
        if not self._running:
            self._running = True
            self._wanted.put(ids)

    def reports_of(self, name: str) -> list[dict[str, Any]]:
        """The reports of one test: setup, call and teardown. Waits until it has ended."""
        while not _ended(self._known.get(name, [])):
            self._receive(name)
        return self._known[name]

    def close(self) -> None:
        self._wanted.put(None)
        self._thread.join()

    def console(self) -> str:
        """The last lines of the page's console."""
        return "\n".join(self._console[-40:])

    def _receive(self, waiting_for: str) -> None:
        try:
            report = self._reports.get(timeout=SECONDS_FOR_A_TEST)
        except Empty:
            raise InnerFailure(f"{waiting_for} did not end\n{self.console()}") from None
        if report is None or isinstance(report, BaseException):
            self._reports.put(report)
            raise InnerFailure(f"the run ended before {waiting_for}: {report}\n{self.console()}")
        self._known.setdefault(report["id"], []).append(report)

    def _live(self) -> None:
        try:
            self._live_in_browser()
        except BaseException as error:
            # The other thread raises it for whoever waits.
            self._collected.put(error)
            self._reports.put(error)

    def _live_in_browser(self) -> None:
        with tempfile.TemporaryDirectory(prefix="velocious-inner-") as place:
            root = make_inner_application(Path(place))
            with (
                serving(root, BROWSER_FILES) as origin,
                own_browser(Path(place) / "profile") as context,
            ):
                page = context.new_page()
                page.on("console", self._note)
                self._start(page, origin)
                self._collected.put(page.evaluate("app.call('tests.collect')"))
                wanted = self._wanted.get()
                if wanted is not None:
                    page.evaluate("ids => app.call('tests.run', {ids})", wanted)
                    self._reports.put(None)
                    self._wanted.get()

    def _start(self, page: Page, origin: str) -> None:
        page.expose_function("report", self._reports.put)  # pyright: ignore[reportUnknownMemberType]
        page.goto(origin)
        page.wait_for_function("window.loaded")
        page.evaluate("archives => startApplication(archives)", [testing_archive()])
        page.evaluate("app.subscribe('report', (report) => window.report(report)) && null")

    def _note(self, message: ConsoleMessage) -> None:
        self._console.append(f"{message.type}: {message.text}")


def _ended(reports: list[dict[str, Any]]) -> bool:
    return any(report["when"] == "teardown" for report in reports)
