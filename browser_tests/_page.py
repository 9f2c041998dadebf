"""What the tests say to the page ``bare.html``: start the worker, run Python in it."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page


class RemoteFailure(Exception):
    """A call into the worker was rejected; ``error`` is what the page saw."""

    def __init__(self, error: dict[str, Any]) -> None:
        self.error = error
        self.code = error["code"]
        super().__init__(f"{error['name']} ({error['code']}): {error['message']}")


class BarePage:
    """A tab with ``bare.html``."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self._origin = origin
        self.external: list[str] = []
        page.on("request", lambda request: self._note(request.url))

    def load(self) -> None:
        """Navigate, or reload, and wait until the page's script is there."""
        self.page.goto(f"{self._origin}/velocious/bare.html")
        self.page.wait_for_function("window.loaded")

    def start(self, **options: Any) -> dict[str, Any]:
        """Start the worker; returns the persistence state."""
        return self._outcome(f"open({json.dumps(options)})")

    def boot(self) -> dict[str, Any]:
        self.load()
        return self.start()

    def run(self, code: str) -> Any:
        """Run Python in the worker and return what it left in ``result``."""
        return self._outcome(f"run({json.dumps(textwrap.dedent(code))})")

    def evaluate(self, expression: str, argument: Any = None) -> Any:
        return self.page.evaluate(expression, argument)

    def devtools(self, command: str, **parameters: Any) -> None:
        """Send a command of Chromium's own protocol; what it sets lasts as long as the tab."""
        session = self.page.context.new_cdp_session(self.page)
        session.send(command, parameters)  # pyright: ignore[reportUnknownMemberType]

    def close(self) -> None:
        """Close the application in this tab."""
        self.page.evaluate("app.close()")

    def _outcome(self, expression: str) -> Any:
        outcome = self.page.evaluate(expression)
        if "error" in outcome:
            raise RemoteFailure(outcome["error"])
        return outcome["value"]

    def _note(self, url: str) -> None:
        if not url.startswith((self._origin, "data:", "blob:")):
            self.external.append(url)


def open_page(context: BrowserContext, origin: str) -> BarePage:
    """A new tab, not yet loaded."""
    return BarePage(context.new_page(), origin)
