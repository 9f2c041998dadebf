"""A real Chromium with a profile on the disk: private windows have no durable storage."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
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


def executable() -> str | None:
    """The Chromium of this machine, or None for Playwright's own."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def launch(playwright: Playwright, profile: Path) -> BrowserContext:
    """Start Chromium on a profile; the caller closes it."""
    return playwright.chromium.launch_persistent_context(
        str(profile), executable_path=executable(), headless=True, args=ARGUMENTS
    )


@contextmanager
def browser(profile: Path) -> Generator[BrowserContext]:
    """A Chromium for the length of a block."""
    with sync_playwright() as playwright:
        context = launch(playwright, profile)
        try:
            yield context
        finally:
            context.close()
