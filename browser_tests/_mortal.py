"""A Chromium that can be killed as a whole, at once, as by a power cut of its machine."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING

from browser_tests._browser import ARGUMENTS, driver, executable

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

START_TIMEOUT = 30.0
PAUSE = 0.05


class MortalBrowser:
    """Chromium in a process group of its own, on a profile that outlives it."""

    def __init__(self, profile: Path) -> None:
        self._profile = profile
        self._port_file = profile / "DevToolsActivePort"
        self._port_file.unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [
                executable() or driver().chromium.executable_path,
                *ARGUMENTS,
                "--headless",
                "--remote-debugging-port=0",
                f"--user-data-dir={profile}",
                "about:blank",
            ],
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._browser = self._connect()

    def page(self) -> Page:
        return self._browser.contexts[0].new_page()

    def kill(self) -> None:
        """SIGKILL the whole process group: no handler runs, nothing is written back."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._browser.close()

    def _connect(self) -> Browser:
        return driver().chromium.connect_over_cdp(f"http://127.0.0.1:{self._port()}")

    def _port(self) -> str:
        deadline = time.monotonic() + START_TIMEOUT
        while not self._port_file.is_file() or not self._port_file.read_text().strip():
            if time.monotonic() > deadline or self._process.poll() is not None:
                self._process.kill()
                raise TimeoutError(f"Chromium did not open its port within {START_TIMEOUT} s")
            time.sleep(PAUSE)
        return self._port_file.read_text().splitlines()[0]
