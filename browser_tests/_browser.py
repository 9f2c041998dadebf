"""A real Chromium with a profile on the disk: private windows have no durable storage."""

from __future__ import annotations

import atexit
import os
import shutil
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@cache
def driver() -> Playwright:
    """Playwright, started once for all tests of a run: it allows no second one in a process."""
    playwright = sync_playwright().start()
    atexit.register(playwright.stop)
    return playwright


def executable() -> str | None:
    """Chromium's headless shell where ``make`` found one, else the whole Chromium: the same engine
    and storage, and it starts in a sixth of the time.
    """
    return os.environ.get("HEADLESS_SHELL") or whole()


def whole() -> str | None:
    """The Chromium that ``make`` found, or one on the PATH, or None for Playwright's own."""
    named = os.environ.get("CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("chromium-browser")


def launch(profile: Path, *arguments: str) -> BrowserContext:
    """Start Chromium on a profile; the caller closes it."""
    return driver().chromium.launch_persistent_context(
        str(profile),
        executable_path=executable(),
        headless=True,
        args=[*ARGUMENTS, *arguments],
    )


@contextmanager
def browser(profile: Path, *arguments: str) -> Generator[BrowserContext]:
    """A Chromium for the length of a block."""
    context = launch(profile, *arguments)
    try:
        yield context
    finally:
        context.close()
