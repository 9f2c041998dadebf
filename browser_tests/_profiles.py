"""Profiles of a browser that has been on a site: made once, and copied for each test.

Law: a test of a first visit begins with an empty profile. The others need not fetch and compile
Python anew, nor wait for the copy that works without the server.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from browser_tests._browser import browser

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import BrowserContext

#: What says that a browser runs on the profile; it is another one.
_RUNNING = shutil.ignore_patterns("Singleton*")
_KEPT = "async () => (await navigator.serviceWorker.ready).active?.state === 'activated'"


def visited_profile(place: Path, visit: Callable[[BrowserContext], None]) -> Path:
    """The profile at *place* after *visit*, with its browser closed."""
    with browser(place) as context:
        visit(context)
        page = context.pages[-1]
        page.wait_for_function(_KEPT, timeout=60_000)
    return place


def copied_profile(profile: Path, place: Path) -> Path:
    """A copy of *profile* at *place*, which a browser may be started on."""
    shutil.copytree(profile, place, ignore=_RUNNING, symlinks=True)
    return place
