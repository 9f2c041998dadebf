"""The demo's pages: its real server, and tabs that note what must not happen."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from browser_tests._browser import browser

if TYPE_CHECKING:
    from collections.abc import Generator

    from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

DEMO = Path(__file__).parents[1] / "web" / "demo"
LEFT_OUT = shutil.ignore_patterns("__pycache__", "db.sqlite3*", "*.sqlite3*", "log", "tasks.csv")
PROGRAM = (sys.executable, "-m", "velocious_node")
SECONDS_TO_START = 60_000


@cache
def _preparations() -> Path:
    """Where applications lie that are made once for all tests of a process."""
    place = Path(tempfile.mkdtemp(prefix="velocious-prepared-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return place


@cache
def _prepared(source: Path, *, seeded: bool) -> Path:
    """The folder of a copy of *source* as its program has made its database."""
    place = Path(tempfile.mkdtemp(dir=_preparations()))
    shutil.copytree(source, place / "demo", ignore=LEFT_OUT)
    commands = ["db:create", "db:migrate", *(["db:seed"] if seeded else [])]
    subprocess.run([*PROGRAM, *commands], cwd=place / "demo", check=True, capture_output=True)
    return place


class DemoServer:
    """The demo application, or the one at *source*, served by the program itself.

    Attributes:
        origin: where it is; the same after a restart, and that of an earlier server if it is given.
    """

    def __init__(
        self, place: Path, *, seeded: bool = False, source: Path = DEMO, origin: str = ""
    ) -> None:
        self.directory = place / "demo"
        shutil.copytree(_prepared(source, seeded=seeded) / "demo", self.directory)
        self.origin = origin
        self._process: subprocess.Popen[str] | None = None
        self.start()

    def start(self) -> None:
        port = self.origin.rpartition(":")[2] or "0"
        self._process = subprocess.Popen(
            [*PROGRAM, "server", "--port", port],
            cwd=self.directory,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "NO_COLOR": "1"},
        )
        assert self._process.stdout is not None
        for line in self._process.stdout:
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            if found:
                self.origin = found[0]
                return
        raise AssertionError("the server of the demo ended before it said where it is")

    def freeze(self) -> None:
        """Let it take connections and say nothing, as a network does that hangs."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        if self._process is not None:
            self.thaw()
            self._process.terminate()
            self._process.wait(timeout=20)
            assert self._process.stdout is not None
            self._process.stdout.close()
            self._process = None


@contextmanager
def demo_server(
    place: Path, *, seeded: bool = False, source: Path = DEMO, origin: str = ""
) -> Generator[DemoServer]:
    """A server for the length of a block."""
    server = DemoServer(place, seeded=seeded, source=source, origin=origin)
    try:
        yield server
    finally:
        server.stop()


class Tab:
    """A tab on a page of the demo.

    Attributes:
        complaints: errors and warnings of the console.
        foreign: requests to other origins.
    """

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.origin = origin
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        page.on("console", self._note_message)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._note_request)

    def open(self, path: str = "/", *, width: int = 1280, height: int = 800) -> Page:
        """Navigate, without waiting for Python."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.goto(f"{self.origin}{path}")
        return self.page

    def board(self, path: str = "/", *, width: int = 1280) -> Page:
        """Open the board and wait until it shows what its database holds."""
        self.open(path, width=width)
        return self.shown()

    def shown(self) -> Page:
        self.page.wait_for_selector("#board[data-shown]", timeout=SECONDS_TO_START)
        return self.page

    def ready(self, path: str, *, width: int = 1280) -> Page:
        """Open one of the other pages and wait until Python answers."""
        self.open(path, width=width)
        is_ready = 'html[data-python="ready"], #main[data-phase="ready"]'
        self.page.wait_for_selector(is_ready, timeout=SECONDS_TO_START)
        return self.page

    def is_clean(self) -> None:
        """Fails if the page complained or asked anybody else for anything."""
        assert self.complaints == []
        assert self.foreign == []

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.foreign.append(request.url)


def open_tab(context: BrowserContext, server: DemoServer) -> Tab:
    """A new tab."""
    return Tab(context.new_page(), server.origin)


@contextmanager
def tab_of(profile: Path, server: DemoServer, *arguments: str) -> Generator[Tab]:
    """A browser with one tab, for the length of a block."""
    with browser(profile, *arguments) as context:
        yield open_tab(context, server)


def names(page: Page) -> list[str]:
    """The names of the tasks in sight, from the top."""
    return page.evaluate(
        """() => [...document.querySelectorAll('.row:not(.waiting)')]
            .sort((one, other) => one.ariaRowIndex - other.ariaRowIndex)
            .map((row) => row.querySelector('.name')?.textContent)"""
    )


def add_project(page: Page, name: str) -> None:
    page.get_by_label("Name of the new project").fill(name)
    page.get_by_label("Name of the new project").press("Enter")
    page.get_by_role("heading", name=name, exact=True).wait_for()


def add_tasks(page: Page, *added: str) -> None:
    for name in added:
        page.get_by_label("Name of the new task").fill(name)
        page.get_by_label("Name of the new task").press("Enter")
        page.get_by_role("row").filter(has_text=name).wait_for()


def wait_for_names(page: Page, *expected: str) -> None:
    page.wait_for_function(
        """(expected) => {
            const rows = [...document.querySelectorAll('.row:not(.waiting)')];
            rows.sort((one, other) => one.ariaRowIndex - other.ariaRowIndex);
            const names = rows.map((row) => row.querySelector('.name')?.textContent);
            return JSON.stringify(names) === JSON.stringify(expected);
        }""",
        arg=list(expected),
        timeout=10_000,
    )
