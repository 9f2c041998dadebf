"""A real Firefox on a profile on the disk, driven over WebDriver BiDi.

Playwright drives only a Firefox of its own, and Selenium wants a program beside the browser; this
speaks the protocol (https://w3c.github.io/webdriver-bidi/) to the Firefox that people have.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Self

from websockets.sync.client import connect

if TYPE_CHECKING:
    from pathlib import Path

#: Seconds that Firefox has to start or to answer, on a machine that has other work.
PATIENCE = 120.0
_ADDRESS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
#: It asks nobody and tells nobody: no updates, no experiments, no reports.
_SETTINGS = """
user_pref("app.normandy.enabled", false);
user_pref("app.update.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("toolkit.telemetry.reportingpolicy.firstRun", false);
"""


def executable() -> str | None:
    """The Firefox that ``make`` found, or one on the PATH."""
    return os.environ.get("FIREFOX") or shutil.which("firefox") or shutil.which("firefox-esr")


class Firefox:
    """Firefox in a process group of its own; a context manager that ends it."""

    def __init__(self, profile: Path) -> None:
        profile.mkdir(exist_ok=True)
        (profile / "user.js").write_text(_SETTINGS)
        self._process = subprocess.Popen(
            [
                executable() or "firefox",
                *("--headless", "--no-remote", "--remote-debugging-port", "0"),
                *("--profile", str(profile)),
            ],
            # Its own home: what it finds in another one's is not ours to change.
            env={**os.environ, "HOME": str(profile)},
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._last_id = 0
        self._open = ExitStack()
        self._open.callback(self._end)
        with self._open:
            address = f"{self._address()}/session"
            opening = connect(address, max_size=None, open_timeout=PATIENCE, close_timeout=1)
            self._socket = self._open.enter_context(opening)
            self._command("session.new", capabilities={})
            self._open = self._open.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def open(self, url: str) -> FirefoxPage:
        """A new tab at *url*, loaded."""
        tab: str = self._command("browsingContext.create", type="tab")["context"]
        page = FirefoxPage(self, tab)
        page.goto(url)
        return page

    def kill(self) -> None:
        """SIGKILL the whole process group: no handler runs, nothing is written back."""
        self._end()
        self._open.close()

    def command(self, method: str, **params: Any) -> dict[str, Any]:
        return self._command(method, **params)

    def _command(self, method: str, **params: Any) -> dict[str, Any]:
        self._last_id += 1
        self._socket.send(json.dumps({"id": self._last_id, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv(PATIENCE))
            if answer.get("id") != self._last_id:
                continue
            if answer["type"] == "error":
                raise AssertionError(f"{method}: {answer['error']}: {answer['message']}")
            return answer["result"]

    def _end(self) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        assert self._process.stderr is not None
        self._process.stderr.close()

    def _address(self) -> str:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            found = _ADDRESS.search(line)
            if found:
                return found[1]
        raise AssertionError("Firefox ended before it listened.")


class FirefoxPage:
    """A tab of Firefox."""

    def __init__(self, firefox: Firefox, context: str) -> None:
        self._firefox = firefox
        self._context = context

    def goto(self, url: str) -> None:
        self._firefox.command(
            "browsingContext.navigate", context=self._context, url=url, wait="complete"
        )

    def close(self) -> None:
        self._firefox.command("browsingContext.close", context=self._context)

    def evaluate(self, function: str, argument: Any = None) -> Any:
        """What the (async) *function* of JavaScript answers to *argument*; both as JSON."""
        asked = json.dumps(argument)
        answer = self._firefox.command(
            "script.evaluate",
            expression=f"(async () => JSON.stringify((await ({function})({asked})) ?? null))()",
            target={"context": self._context},
            awaitPromise=True,
        )
        if answer["type"] == "exception":
            raise AssertionError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])
