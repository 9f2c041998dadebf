"""A statement in the tab that owns the database, and in one that asks it: ``python -m
benchmarks.browser_tabs``.

Both tabs take turns in one Chromium, on OPFS, each with the same application.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from browser_tests._browser import browser
from browser_tests._crowd import APPLICATION, Crowd, load_tab, role
from browser_tests._notes import call
from browser_tests._site import serving

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: What is measured, with the aim: milliseconds of a follower, or a multiple of the owner's.
WORK = (
    ("select", "a select", "≤ 0.5 ms"),
    ("insert", "an insert, committed", "≤ 2 × owner"),
    ("create", "a record, committed", "≤ 2 × owner"),
)


def measure(tabs: list[Page], rounds: int, count: int) -> list[dict[str, float]]:
    """For each tab the best of its rounds."""
    best: list[dict[str, float]] = [{} for _ in tabs]
    for number in range(rounds + 1):
        for place, page in enumerate(tabs):
            for name, milliseconds in call(page, "tabs.measure", count=count).items():
                # The first round fills caches.
                if number:
                    before = best[place].get(name, milliseconds)
                    best[place][name] = min(before, milliseconds)
    return best


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.browser_tabs", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="rounds that are measured")
    parser.add_argument("--count", type=int, default=200, help="statements of a round")
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as directory,
        serving(APPLICATION, ("app",)) as origin,
        browser(Path(directory) / "profile") as context,
    ):
        crowd = Crowd(lambda: load_tab(context, origin))
        call(crowd.open(), "tabs.prepare")
        crowd.open()
        tabs = sorted(crowd.tabs, key=role, reverse=True)
        owner, follower = measure(tabs, given.rounds, given.count)
    print(f"{'milliseconds':24}{'owner':>8}{'follower':>10}{'times':>8}")
    for name, title, aim in WORK:
        mine, theirs = owner[name], follower[name]
        print(f"{title:24}{mine:>8.3f}{theirs:>10.3f}{theirs / mine:>8.1f}   {aim}")


if __name__ == "__main__":
    main()
