"""A Chromium in a process group of its own, which nobody drives yet."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING

from browser_tests._browser import ARGUMENTS, driver, whole

if TYPE_CHECKING:
    from pathlib import Path

START_TIMEOUT = 30.0
PAUSE = 0.05


class BrowserProcess:
    """Chromium on a profile that outlives it."""

    def __init__(self, profile: Path, *arguments: str) -> None:
        self._port_file = profile / "DevToolsActivePort"
        self._port_file.unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [
                # The headless shell keeps no page for the back button.
                whole() or driver().chromium.executable_path,
                *ARGUMENTS,
                *arguments,
                "--headless",
                "--remote-debugging-port=0",
                f"--user-data-dir={profile}",
                "about:blank",
            ],
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        """SIGKILL the whole process group: no handler runs, nothing is written back."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def endpoint(self) -> tuple[str, str]:
        """The host with its port, and the path of the websocket, that it is driven through."""
        deadline = time.monotonic() + START_TIMEOUT
        while not self._port_file.is_file() or not self._port_file.read_text().strip():
            if time.monotonic() > deadline or self._process.poll() is not None:
                self._process.kill()
                raise TimeoutError(f"Chromium did not open its port within {START_TIMEOUT} s")
            time.sleep(PAUSE)
        port, path = self._port_file.read_text().splitlines()[:2]
        return f"127.0.0.1:{port}", path
