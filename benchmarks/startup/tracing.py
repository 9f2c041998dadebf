"""Where the time of a start goes: what ``app.trace()`` and Python's own list of imports say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

IMPORT = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \| (\s*)(\S+)")
SHORTEST = 1.0
"""Milliseconds; what is shorter is not listed."""
SLOWEST_IMPORTS = 15


def trace_of(page: Page) -> list[dict[str, Any]]:
    """The phases of the visit that the page shows."""
    return page.evaluate("window.trace()")


def describe_trace(title: str, phases: list[dict[str, Any]], shown: float) -> str:
    """A line for each phase: where it ran, when it began, how long it took."""
    lines = [f"\n{title}: first rows after {shown:.0f} ms", f"{'from':>7}{'ms':>7}{'kB':>8}"]
    for phase in phases:
        if phase["duration"] < SHORTEST and not phase["bytes"]:
            continue
        size = f"{phase['bytes'] / 1000:.0f}" if phase["bytes"] else ""
        where = f"{phase['place']:<7} {phase['name']}"
        lines.append(f"{phase['start']:>7.0f}{phase['duration']:>7.0f}{size:>8}  {where}")
    return "\n".join(lines)


def describe_imports(log: list[str]) -> str:
    """How many modules were imported until the first rows, and which took longest."""
    found = [match for line in log if (match := IMPORT.match(line))]
    own = [match for match in found if match[4].startswith(("velocious", "app."))]
    slowest = sorted(found, key=lambda match: -int(match[1]))[:SLOWEST_IMPORTS]
    lines = [
        f"\nimports after Python's start: {len(found)} modules, {_total(found):.0f} ms; of them "
        f"{len(own)} of Velocious and the application, {_total(own):.0f} ms. The slowest by "
        "themselves:"
    ]
    lines += [f"{int(match[1]) / 1000:>7.1f} ms  {match[4]}" for match in slowest]
    return "\n".join(lines)


def _total(found: list[re.Match[str]]) -> float:
    return sum(int(match[1]) for match in found) / 1000
