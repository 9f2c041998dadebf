"""Records in Chromium beside CPython: ``python -m benchmarks.browser_orm [workload …]``.

Both do the work of ``benchmarks.orm``: in Chromium Pyodide on a durable database in OPFS, on the
server CPython on a file. They take turns on the same machine, and in each of them Velocious and raw
sqlite3 do.
"""

from __future__ import annotations

import argparse
import asyncio
import platform
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

from benchmarks.browser_orm.contest import Contest
from benchmarks.browser_orm.site import serving
from benchmarks.orm import velocious_models
from benchmarks.orm.workloads import ALL
from browser_tests._browser import browser
from velocious.configuration import Configuration
from velocious_node import NodeEnvironmentHandler

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from benchmarks.orm.workloads import Workload

TIMEOUT = 120_000
#: What the same work may take in the browser, as a multiple of what it takes on the server.
AIM = 2.5


class Server:
    """The contest on CPython: in a thread, since Playwright keeps an event loop running in its own.

    Every method is to be called in the same thread.
    """

    def __init__(self, directory: Path) -> None:
        self._runner = asyncio.Runner()
        path = str(directory / "velocious.sqlite3")
        # Of the processor: what else runs on the machine must not make the server look slow.
        self._contest = Contest(str(directory / "raw.sqlite3"), path, clock=process_time)
        self._configuration = Configuration(
            environment_handler=NodeEnvironmentHandler(),
            databases={"default": f"sqlite:///{path}"},
            models=[velocious_models.Project, velocious_models.Task],
            log_level="warning",
        )
        self._runner.run(self._configuration.initialize())

    def measure(self, workload: Workload, rounds: int) -> tuple[float, float]:
        return self._runner.run(self._contest.measure(workload.name, rounds))

    def close(self) -> None:
        self._contest.close()
        self._runner.run(self._configuration.close())
        self._runner.close()


def measure_in(page: Page, workload: Workload, rounds: int) -> tuple[float, float]:
    """Milliseconds of raw sqlite3 and of Velocious in the page's worker."""
    raw, ours = page.evaluate(
        "(payload) => window.app.call('benchmark.measure', payload)",
        {"workload": workload.name, "rounds": rounds},
    )
    return raw, ours


def report(measured: dict[str, tuple[tuple[float, float], tuple[float, float]]]) -> list[str]:
    """Lines of times, factors and ratios."""
    lines = [
        "Milliseconds, best of the rounds: in Pyodide by the clock on the wall, in CPython "
        f"({platform.python_version()}) by the processor's.",
        "",
        f"{'':54}{'Pyodide':>9}{'CPython':>9}{'factor':>8}{'raw factor':>12}{'to raw':>8}",
    ]
    for title, ((browser_raw, browser_ours), (server_raw, server_ours)) in measured.items():
        lines.append(
            f"{title:54}{browser_ours:>9.1f}{server_ours:>9.1f}{browser_ours / server_ours:>8.2f}"
            f"{browser_raw / server_raw:>12.2f}{browser_ours / browser_raw:>8.2f}"
        )
    lines += [
        "",
        f"factor: Velocious in Pyodide by Velocious in CPython (aim ≤ {AIM}); raw factor: the same "
        "of raw sqlite3;",
        "to raw: Velocious by raw sqlite3, both in Pyodide.",
    ]
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.browser_orm", description=__doc__)
    parser.add_argument("workloads", nargs="*", help="all of benchmarks.orm without any")
    parser.add_argument("--rounds", type=int, default=5, help="rounds that are measured")
    given = parser.parse_args()
    chosen = [one for one in ALL if not given.workloads or one.name in given.workloads]
    measured: dict[str, tuple[tuple[float, float], tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        with (
            ThreadPoolExecutor(1) as thread,
            serving(folder / "site") as url,
            browser(folder / "profile") as context,
        ):
            server = thread.submit(Server, folder).result()
            page = context.pages[0]
            page.goto(url)
            page.wait_for_function("window.opened", timeout=TIMEOUT)
            for workload in chosen:
                in_browser = measure_in(page, workload, given.rounds)
                on_server = thread.submit(server.measure, workload, given.rounds).result()
                measured[workload.title] = (in_browser, on_server)
            thread.submit(server.close).result()
    print("\n".join(report(measured)))


if __name__ == "__main__":
    main()
