"""A real WebKit (the GTK port's small browser), driven over WebDriver (https://www.w3.org/TR/webdriver/)."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from glob import glob
from typing import Any, Self

import httpx

#: Seconds that WebKit has to start or to answer, on a machine that has other work.
PATIENCE = 120.0
_PAUSE = 0.05
_BROWSERS = "/usr/lib/*/webkit2gtk-*/MiniBrowser"
#: A sandbox in a container of root's, or a graphics card, is not what we test.
_ENVIRONMENT = {
    "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
    "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
    "LIBGL_ALWAYS_SOFTWARE": "1",
}


def executable() -> str | None:
    """The browser, where it and what drives it and its screen are installed."""
    there = shutil.which("WebKitWebDriver") and shutil.which("xvfb-run")
    return next(iter(sorted(glob(_BROWSERS))), None) if there else None


class WebKit:
    """One tab of WebKit, private as automated ones are; a context manager that ends it."""

    def __init__(self) -> None:
        port = _free_port()
        self._process = subprocess.Popen(
            ["xvfb-run", "--auto-servernum", "WebKitWebDriver", f"--port={port}"],
            env={**os.environ, **_ENVIRONMENT},
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE)
        self._wait_for_driver()
        options = {"binary": executable(), "args": ["--automation"]}
        wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        self._session = f"/session/{self._ask('/session', wanted)['sessionId']}"
        self._ask(f"{self._session}/timeouts", {"script": PATIENCE * 1000})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.delete(self._session)
        self._client.close()
        os.killpg(self._process.pid, signal.SIGTERM)
        self._process.wait()

    def goto(self, url: str) -> None:
        self._ask(f"{self._session}/url", {"url": url})

    def evaluate(self, function: str, argument: Any = None) -> Any:
        """What the (async) *function* of JavaScript answers to *argument*; both as JSON."""
        script = f"""
            const [argument, done] = arguments;
            ({function})(argument).then(
                (value) => done(JSON.stringify({{ value: value ?? null }})),
                (error) => done(JSON.stringify({{ error: String(error) }})),
            );"""
        answer = self._ask(f"{self._session}/execute/async", {"script": script, "args": [argument]})
        said = json.loads(answer)
        if "error" in said:
            raise AssertionError(said["error"])
        return said["value"]

    def _ask(self, path: str, body: dict[str, Any]) -> Any:
        answer = self._client.post(path, json=body)
        value = answer.json()["value"]
        if answer.is_error:
            raise AssertionError(f"{path}: {value['error']}: {value['message']}")
        return value

    def _wait_for_driver(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self._client.get("/status")
                return
            except httpx.TransportError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise
                time.sleep(_PAUSE)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
