"""pytest inside the worker: collects and runs the suites, and reports each test as it ends."""

from __future__ import annotations

import asyncio
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from pyodide.ffi import run_sync

from velocious.testing import plugin
from velocious.testing.environment import TestEnvironment, offer
from velocious_browser import BrowserEnvironmentHandler
from velocious_browser.actions import action
from velocious_browser.worker import application

if TYPE_CHECKING:
    from collections.abc import Callable

#: Files that tests may have open at once on the durable storage.
FILES = 96
ARGUMENTS = (
    "--rootdir=/app",
    "-c/app/pytest.ini",
    "--capture=sys",
    # Plugins that other libraries install are for servers (anyio's does not import here).
    "--disable-plugin-autoload",
    "-pvelocious.testing.plugin",
    "-pno:cacheprovider",
    "-pno:faulthandler",
    # The application and its tests share one interpreter, so pytest finds modules already imported.
    "-Wignore::pytest.PytestAssertRewriteWarning",
)


class Reporter:
    """Tells the page about everything that was collected and every test that ended."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.problems: list[str] = []
        self.output = StringIO()

    def watch(self, work: Callable[[], int]) -> int:
        """Do *work* and keep what it prints."""
        with redirect_stdout(self.output), redirect_stderr(self.output):
            return int(work())

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.problems.append(f"{report.nodeid}: {report.longreprtext}")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        self.ids = [item.nodeid for item in items]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        application().host.emit("report", describe(report))


def describe(report: pytest.TestReport) -> dict[str, Any]:
    """A report as plain data."""
    return {
        "id": report.nodeid,
        "when": report.when,
        "outcome": report.outcome,
        "text": _text(report),
        "duration": report.duration,
        "sections": [list(section) for section in report.sections],
    }


@action("tests.collect")
async def collect() -> dict[str, Any]:
    """The ids of all suites and contracts, and what could not be imported."""
    reporter, code = await _pytest("--collect-only", "/app/tests/suites", "/app/tests/contracts")
    return {"ids": reporter.ids, **_outcome(reporter, code)}


@action("tests.run")
async def run(ids: list[str]) -> dict[str, Any]:
    """Run the tests called *ids*; each is reported by an event while the run goes on."""
    reporter, code = await _pytest(*ids)
    return _outcome(reporter, code)


@action("tests.imports")
async def imports() -> list[str]:
    """The modules that starting the application imported, before any test."""
    return IMPORTED_AT_START


async def _pytest(*arguments: str) -> tuple[Reporter, int]:
    await application().host.reserve(FILES)
    reporter = Reporter()
    return reporter, await _outside_of_tasks(
        lambda: reporter.watch(lambda: pytest.main([*ARGUMENTS, *arguments], plugins=[reporter]))
    )


def _outcome(reporter: Reporter, code: int) -> dict[str, Any]:
    return {
        "problems": reporter.problems,
        "exitCode": code,
        "output": reporter.output.getvalue(),
    }


async def _outside_of_tasks(work: Callable[[], int]) -> int:
    # run_sync waits for tasks of the tests; the stack that waits must not be a task itself, or
    # asyncio would see one task enter another.
    done: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def perform() -> None:
        try:
            done.set_result(work())
        except BaseException as error:
            done.set_exception(error)

    asyncio.get_running_loop().call_soon(perform)
    return await done


def _browser() -> TestEnvironment:
    boot = application().boot
    return TestEnvironment(
        "browser",
        lambda: BrowserEnvironmentHandler(boot.database_directory, application().host),
        abilities=("sqlite_files",),
        scratch=boot.database_directory,
    )


def _text(report: pytest.TestReport) -> str:
    if report.skipped and isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return report.longreprtext


IMPORTED_AT_START = sorted(sys.modules)
plugin.wait_with(run_sync)
offer("browser", _browser)
