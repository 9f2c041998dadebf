"""A Chromium as people have it, driven over its own protocol.

Playwright keeps every page in the foreground, where none is ever frozen, and switches the
back/forward cache off. This speaks https://chromedevtools.github.io/devtools-protocol/ to it.
"""

from __future__ import annotations

import json
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Self

from websockets.sync.client import connect

from browser_tests._browser_process import BrowserProcess

if TYPE_CHECKING:
    from pathlib import Path

#: Seconds for whatever a page is to do, on a machine that has other work.
PATIENCE = 60.0
_EVALUATION = """(async () => {
    const given = (%s);
    return typeof given === 'function' ? given(%s) : given;
})()"""


class UntouchedBrowser:
    """Chromium; a context manager that ends it."""

    def __init__(self, profile: Path) -> None:
        self._last = 0
        with ExitStack() as opened:
            # Headless, Chromium has it switched off.
            process = BrowserProcess(profile, "--enable-features=BackForwardCache")
            opened.callback(process.kill)
            host, path = process.endpoint()
            connecting = connect(f"ws://{host}{path}", max_size=None, open_timeout=PATIENCE)
            self._socket = opened.enter_context(connecting)
            self._open = opened.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def open(self, url: str) -> UntouchedPage:
        """A new tab at *url*, in front of the others."""
        target: str = self.send("Target.createTarget", url=url)["targetId"]
        attached = self.send("Target.attachToTarget", targetId=target, flatten=True)
        return UntouchedPage(self, target, attached["sessionId"])

    def send(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        """What the browser, or the page of *session*, answers."""
        self._last += 1
        message = {"id": self._last, "method": method, "params": params, "sessionId": session}
        self._socket.send(json.dumps({name: value for name, value in message.items() if value}))
        while True:
            answer = json.loads(self._socket.recv(PATIENCE))
            if answer.get("id") != self._last:
                continue
            if "error" in answer:
                raise AssertionError(f"{method}: {answer['error']['message']}")
            return answer["result"]


class UntouchedPage:
    """A tab of it."""

    def __init__(self, browser: UntouchedBrowser, target: str, session: str) -> None:
        self._browser = browser
        self._target = target
        self._session = session

    def evaluate(self, expression: str, arg: Any = None) -> Any:
        """What *expression* is or, where it is a function, what it answers to *arg*."""
        answer = self._send(
            "Runtime.evaluate",
            expression=_EVALUATION % (expression, json.dumps(arg)),
            awaitPromise=True,
            returnByValue=True,
        )
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"]["exception"].get("description"))
        return answer["result"].get("value")

    def wait_until(self, question: str) -> None:
        """Wait until *question* is something true, in whatever document is there by then."""
        deadline = time.monotonic() + PATIENCE
        while not self._asked(question):
            if time.monotonic() > deadline:
                raise TimeoutError(f"never true: {question}")
            time.sleep(0.02)

    def freeze(self) -> None:
        """Have the browser freeze it: as a tab that was long in the background."""
        self._send("Page.setWebLifecycleState", state="frozen")

    def thaw(self) -> None:
        self._send("Page.setWebLifecycleState", state="active")

    def leave(self) -> None:
        """Go to another document."""
        self._send("Page.navigate", url="about:blank")
        self.wait_until("location.href === 'about:blank'")

    def go_back(self) -> None:
        """As with the button for it."""
        history = self._send("Page.getNavigationHistory")
        entry = history["entries"][history["currentIndex"] - 1]
        self._send("Page.navigateToHistoryEntry", entryId=entry["id"])
        self.wait_until("location.href !== 'about:blank'")

    def close(self) -> None:
        self._browser.send("Target.closeTarget", targetId=self._target)

    def _asked(self, question: str) -> bool:
        try:
            return bool(self.evaluate(f"Boolean({question})"))
        except AssertionError:
            # Its document went away meanwhile.
            return False

    def _send(self, method: str, **params: Any) -> dict[str, Any]:
        return self._browser.send(method, self._session, **params)
