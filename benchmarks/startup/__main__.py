"""Measures the way from a navigation to the first rows on screen: ``python -m benchmarks.startup``.

Both contestants work in a worker, in the same Chromium, in turns. Bare Pyodide is used as npm ships
it and reads from memory; Velocious opens an application whose records lie on durable files. Cold is
the first visit of a fresh profile (nothing cached), warm are the visits after it; those of the
third contestant go on with the memory that Python had in the first (``memory_snapshot=True``). Then
one visit of each kind is shown phase by phase, and what a first visit weighs.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

from benchmarks.startup.site import configuration, serving
from benchmarks.startup.tracing import describe_imports, describe_trace, trace_of
from benchmarks.startup.weight import describe_weight
from browser_tests._browser import browser

if TYPE_CHECKING:
    from playwright.sync_api import Page

CONTESTANTS = {
    "bare Pyodide": "bare.html",
    "Velocious": "records.html",
    "Velocious, memory kept": "memory.html",
}
TIMEOUT = 60_000
SETTLE = 3_000
"""Milliseconds that a page stays: a person reads what it shows, the copy for a time without a
network is made, and Chromium keeps what it compiled of WebAssembly, once nothing was compiled for
two seconds."""
IS_KEPT = """async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith('velocious-memory:'));
  const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return kept.flat().length > 0;
}"""


def visit(page: Page, url: str) -> float:
    """Milliseconds from the navigation until the rows are in the document."""
    page.goto(url)
    page.wait_for_function("window.shown", timeout=TIMEOUT)
    shown = page.evaluate("window.shown")
    # the background work of a visit must not slow the next one down
    page.wait_for_timeout(SETTLE)
    while "memory" in url and not page.evaluate(IS_KEPT):
        page.wait_for_timeout(SETTLE)
    page.goto("about:blank")
    return float(shown)


def measure(profile: Path, url: str, visits: int) -> tuple[float, list[float]]:
    """One cold visit and several warm ones, with the browser started anew between the two kinds."""
    with browser(profile) as context:
        page = context.pages[0]
        # The first visit also makes the table: what it measures is more than a cold start.
        cold = visit(page, f"{url}?fill")
        return cold, [visit(page, url) for _ in range(visits)]


def traced_visits(profile: Path, origin: str) -> str:
    """What a cold visit, a warm one and one with a memory did, with the imports of the warm one."""
    with browser(profile) as context:
        page = context.pages[0]
        records, memory = (f"{origin}/pages/{name}" for name in ("records.html", "memory.html"))
        lines = [_traced(page, "cold", f"{records}?fill"), _traced(page, "warm", records)]
        page.goto(f"{records}?imports")
        page.wait_for_function("window.shown", timeout=TIMEOUT)
        lines.append(describe_imports(page.evaluate("window.log")))
        visit(page, f"{memory}?fill")
        lines.append(_traced(page, "warm, memory kept", memory))
        return "\n".join(lines)


def _traced(page: Page, title: str, address: str) -> str:
    page.goto(address)
    page.wait_for_function("window.shown", timeout=TIMEOUT)
    text = describe_trace(title, trace_of(page), page.evaluate("window.shown"))
    page.wait_for_timeout(SETTLE)
    return text


def own_modules(origin: str) -> str:
    """Whether the server sends the compiled archive, or sources because those are newer."""
    with urlopen(f"{origin}/velocious/boot.json") as answer:
        archives = json.load(answer)["archives"]
    url: str = next(archive["url"] for archive in archives if archive["name"] == "velocious")
    return "sources, slower: run 'make runtime' first" if "/source/" in url else "precompiled"


def report(cold: dict[str, list[float]], warm: dict[str, list[float]]) -> str:
    lines = [f"{'ms to the first rows, median':<36}{'cold':>8}{'warm':>8}{'warm, slowest':>16}"]
    for name in CONTESTANTS:
        middle = statistics.median(warm[name])
        slowest = max(warm[name])
        lines.append(
            f"{name:<36}{statistics.median(cold[name]):>8.0f}{middle:>8.0f}{slowest:>16.0f}"
        )
    bare, *ours = CONTESTANTS
    for name in ours:
        lines.append(f"\n{f'{name}, by bare Pyodide':<36}{'cold':>8}{'warm':>8}")
        # On a machine that does other things as well, the fastest visits say more than the middle.
        for title, of in (("median", statistics.median), ("fastest", min)):
            ratios = [of(kind[name]) / of(kind[bare]) for kind in (cold, warm)]
            lines.append(f"{f'  {title}':<36}{ratios[0]:>8.2f}{ratios[1]:>8.2f}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.startup", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="fresh profiles per contestant")
    parser.add_argument("--visits", type=int, default=4, help="warm visits per profile")
    arguments = parser.parse_args()
    cold: dict[str, list[float]] = {name: [] for name in CONTESTANTS}
    warm: dict[str, list[float]] = {name: [] for name in CONTESTANTS}
    with serving() as origin, tempfile.TemporaryDirectory() as profiles:
        print(f"Velocious' own modules: {own_modules(origin)}")
        for number in range(arguments.rounds):
            for name, page in CONTESTANTS.items():
                profile = Path(profiles) / f"{page}-{number}"
                first, later = measure(profile, f"{origin}/pages/{page}", arguments.visits)
                cold[name].append(first)
                warm[name].extend(later)
        traces = traced_visits(Path(profiles) / "traced", origin)
    print(report(cold, warm))
    print(traces)
    print(describe_weight(configuration()))


if __name__ == "__main__":
    main()
