"""A Chromium that can be killed as a whole, at once, as by a power cut of its machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from browser_tests._browser import driver
from browser_tests._browser_process import BrowserProcess

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page


class MortalBrowser:
    """Chromium on a profile that outlives it."""

    def __init__(self, profile: Path) -> None:
        self._process = BrowserProcess(profile)
        host, _ = self._process.endpoint()
        self._browser = driver().chromium.connect_over_cdp(f"http://{host}")

    def page(self) -> Page:
        return self._browser.contexts[0].new_page()

    def kill(self) -> None:
        """SIGKILL the whole process group: no handler runs, nothing is written back."""
        self._process.kill()
        self._browser.close()
