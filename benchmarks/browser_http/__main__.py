"""A page in the browser beside the same page over HTTP: ``python -m benchmarks.browser_http``.

In Chromium, in one run: ``fetch`` of a rendered page of twenty rows from ``velocious server`` on
this machine, then, with that server gone, through the service worker from Python in the tab's
worker, on OPFS.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING

from browser_tests._browser import browser
from browser_tests.pages import demo_server

if TYPE_CHECKING:
    from playwright.sync_api import Page

APPLICATION = Path(__file__).parent / "application"
#: Milliseconds that the page may take in the browser.
AIM = 5.0
TIMEOUT = 120_000
FETCHES = """async ([path, count]) => {
    const times = [];
    let text = '';
    for (let at = 0; at < count; at += 1) {
        const began = performance.now();
        text = await (await fetch(path)).text();
        times.push(performance.now() - began);
    }
    return { times, text };
}"""


def fetch_often(page: Page, count: int, place: str) -> list[float]:
    """Milliseconds of each fetch; the page must be the one of *place*, with all its rows."""
    path = "/here/posts" if place == "browser" else "/posts"
    page.evaluate(FETCHES, [path, max(count // 4, 20)])
    answer = page.evaluate(FETCHES, [path, count])
    rows = answer["text"].count("<tr ")
    if rows != 20 or f'<p id="place">{place}</p>' not in answer["text"]:
        raise AssertionError(f"{rows} rows, and not from {place}: {answer['text'][:200]}")
    return answer["times"]


def measure(place: Path, count: int) -> tuple[list[float], list[float]]:
    """Times over HTTP, then times of the browser itself."""
    with (
        demo_server(place, seeded=True, source=APPLICATION) as server,
        browser(place / "profile") as context,
    ):
        page = context.new_page()
        page.set_default_timeout(TIMEOUT)
        page.goto(f"{server.origin}/bare.html")
        over_http = fetch_often(page, count, "node")
        page.goto(f"{server.origin}/posts")
        page.wait_for_function("navigator.serviceWorker.controller !== null")
        server.stop()
        page.reload()
        page.wait_for_function("document.querySelector('#place')?.textContent === 'browser'")
        return over_http, fetch_often(page, count, "browser")


def line(name: str, times: list[float]) -> str:
    return f"{name:<42} {median(times):6.2f} ms   95th {quantiles(times, n=20)[-1]:6.2f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.browser_http", description=__doc__)
    parser.add_argument("--count", type=int, default=400, help="fetches that are measured")
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory() as directory:
        over_http, local = measure(Path(directory), count)
    print(line("over HTTP, from velocious server", over_http))
    print(line("in the browser, by its service worker", local))
    print(
        f"ratio {median(local) / median(over_http):.2f}; aim: at most {AIM:.0f} ms in the browser"
    )


if __name__ == "__main__":
    main()
