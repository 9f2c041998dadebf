"""Rows a second in Chromium, on OPFS: ``python -m benchmarks.browser_storage [workload …]``.

Raw ``sqlite3`` in Pyodide, Velocious' records and statements there, and the official sqlite-wasm on
its opfs-sahpool in JavaScript take turns, each on a database of its own. Everywhere a commit waits
until the disk has it (write-ahead log, ``synchronous=full``).
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import FileResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from benchmarks.browser_orm.site import serving
from browser_tests._browser import browser

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from starlette.requests import Request

HERE = Path(__file__).parent
SENT = ("__init__.py", "browser_storage/__init__.py", "browser_storage/work.py")
SQLITE_WASM = HERE.parents[1] / "runtime/node_modules/@sqlite.org/sqlite-wasm/dist"
TIMEOUT = 120_000
SIDES = ("raw", "record", "statements", "sqlite-wasm")
#: What records may take, as a multiple of what raw sqlite3 takes.
AIM = 1.5


@dataclass(frozen=True, slots=True)
class Workload:
    """What is measured: *count* rows, on a table that has *rows* of them."""

    name: str
    title: str
    count: int
    rows: int = 0
    aim: float | None = None


WORKLOADS = (
    Workload("commits", "a commit for each row", 500, aim=AIM),
    Workload("transactions", "transactions of 5 rows", 1_000, aim=AIM),
    Workload("creates", "5,000 rows, one by one in a transaction", 5_000),
    Workload("bulk", "10,000 rows in bulk", 10_000, aim=AIM),
    Workload("bulk", "100,000 rows in bulk", 100_000, aim=AIM),
    Workload("select", "select 100,000 rows", 100_000, 100_000),
    Workload("points", "select a row by its key", 5_000, 10_000),
)


async def _side(request: Request) -> FileResponse:
    return FileResponse(HERE / "side.mjs", media_type="text/javascript")


def measure(page: Page, workload: Workload, rounds: int) -> dict[str, float]:
    """Rows a second of each side, the best of *rounds*."""
    best: dict[str, float] = {}
    for number in range(rounds + 1):
        outcomes: set[float] = set()
        for side in SIDES:
            milliseconds, outcome = page.evaluate(
                "([side, name, count, rows]) => window.measure(side, name, count, rows)",
                [side, workload.name, workload.count, workload.rows],
            )
            outcomes.add(outcome)
            # The first round fills caches.
            if number:
                best[side] = max(best.get(side, 0), workload.count / milliseconds * 1000)
        if len(outcomes) != 1:
            raise RuntimeError(f"The sides did different work in {workload.name}: {outcomes}.")
    return best


def line(workload: Workload, rates: dict[str, float]) -> str:
    """A line of the table."""
    aim = "" if workload.aim is None else f" (aim ≤ {workload.aim})"
    columns = "".join(f"{rates[side]:>13,.0f}" for side in SIDES)
    to_raw = rates["raw"] / rates["record"]
    return (
        f"{workload.title:42}{columns}{to_raw:>10.2f}{rates['record'] / rates['sqlite-wasm']:>14.2f}"
        f"{aim}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.browser_storage", description=__doc__
    )
    parser.add_argument("workloads", nargs="*", help=f"some of {[one.name for one in WORKLOADS]}")
    parser.add_argument("--rounds", type=int, default=5, help="rounds that are measured")
    given = parser.parse_args()
    chosen = [one for one in WORKLOADS if not given.workloads or one.name in given.workloads]
    routes = [Route("/side.mjs", _side), Mount("/sqlite-wasm", StaticFiles(directory=SQLITE_WASM))]
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        site = serving(folder / "site", HERE, SENT, routes)
        with site as url, browser(folder / "profile") as context:
            page = context.pages[0]
            page.on("pageerror", lambda error: print(f"the page failed: {error}"))
            page.goto(url)
            page.wait_for_function("window.opened", timeout=TIMEOUT)
            print(f"sqlite-wasm: {page.evaluate('window.wasm')}\n")
            titles = "".join(f"{side:>13}" for side in SIDES)
            print(f"{'rows a second':42}{titles}{'raw/record':>10}{'record/wasm':>14}")
            for workload in chosen:
                print(line(workload, measure(page, workload, given.rounds)), flush=True)
    print(
        "\nraw/record: how many times as long records take as raw sqlite3 in the same worker;\n"
        "record/wasm: how many times as many rows a second records make as sqlite-wasm does."
    )


if __name__ == "__main__":
    main()
