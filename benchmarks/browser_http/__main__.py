"""A page in the browser beside the same page over HTTP: ``python -m benchmarks.browser_http``.

In Chromium, in one run and in turns: ``fetch`` of a rendered page of twenty rows from ``velocious
server`` on this machine; the same text from a service worker that only has to hand it over; and,
through our service worker, from Python in the tab's worker, on OPFS.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING

from browser_tests._browser import browser
from browser_tests.pages import demo_server

if TYPE_CHECKING:
    from collections.abc import Iterable

    from playwright.sync_api import BrowserContext, Page

APPLICATION = Path(__file__).parent / "application"
#: Milliseconds that the page may take in the browser.
AIM = 5.0
#: Fetches before it is another side's turn.
TURN = 20
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
REGISTERED = """async () => {
    const { serviceWorker } = navigator;
    serviceWorker.register('service_worker.js');
    if (serviceWorker.controller) return;
    await new Promise((resolve) => serviceWorker.addEventListener('controllerchange', resolve));
}"""


@dataclass
class Side:
    """One way to the page.

    Attributes:
        place: what must have rendered it, by its own word.
        times: milliseconds of each fetch.
    """

    name: str
    page: Page
    path: str
    place: str
    times: list[float] = field(default_factory=list[float])

    def fetch(self, count: int) -> list[float]:
        answer = self.page.evaluate(FETCHES, [self.path, count])
        rows = answer["text"].count("<tr ")
        if rows != 20 or f'<p id="place">{self.place}</p>' not in answer["text"]:
            raise AssertionError(f"{rows} rows, not from {self.place}: {answer['text'][:200]}")
        return answer["times"]

    def __str__(self) -> str:
        p95 = quantiles(self.times, n=20)[-1]
        return f"{self.name:<46} {median(self.times):6.2f} ms   95th {p95:6.2f} ms"


def sides(context: BrowserContext, origin: str) -> tuple[Side, Side, Side, Side]:
    """HTTP, two floors, and ours, each in a tab of its own."""
    # Another origin, which has no service worker.
    bare = opened(context, f"{origin.replace('127.0.0.1', 'localhost')}/bare.html")
    here = opened(context, f"{origin}/posts")
    here.wait_for_function("navigator.serviceWorker.controller !== null")
    here.goto(f"{origin}/here/posts")
    here.wait_for_function("document.querySelector('#place')?.textContent === 'browser'")
    floor = opened(context, f"{origin}/floor/index.html")
    floor.evaluate(REGISTERED)
    return (
        Side("over HTTP, from velocious server", bare, "/posts", "node"),
        Side("a service worker's constant, as a buffer", floor, "/floor/buffer", "node"),
        Side("a service worker's constant, as a stream", floor, "/floor/stream", "node"),
        Side("rendered by Python, through our service worker", here, "/here/posts", "browser"),
    )


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.set_default_timeout(TIMEOUT)
    page.goto(address)
    return page


def take_turns(all_sides: Iterable[Side], count: int) -> None:
    for side in all_sides:
        side.fetch(max(count // 4, TURN))
    for _ in range(0, count, TURN):
        for side in all_sides:
            side.times += side.fetch(TURN)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.browser_http", description=__doc__)
    parser.add_argument("--count", type=int, default=400, help="fetches that are measured")
    count = parser.parse_args().count
    with (
        tempfile.TemporaryDirectory() as directory,
        demo_server(Path(directory), seeded=True, source=APPLICATION) as server,
        browser(Path(directory) / "profile") as context,
    ):
        measured = sides(context, server.origin)
        take_turns(measured, count)
    over_http, _, floor, ours = measured
    print(*measured, sep="\n")
    ratio = median(ours.times) / median(over_http.times)
    above = median(ours.times) - median(floor.times)
    print(f"ours is {ratio:.2f} times HTTP and {above:.2f} ms above the lower floor; aim: {AIM} ms")


if __name__ == "__main__":
    main()
