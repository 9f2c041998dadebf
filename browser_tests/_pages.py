"""The application of pages: its server, which can be killed, and a tab that has been there once."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from browser_tests.pages import demo_server

if TYPE_CHECKING:
    from collections.abc import Generator

    from playwright.sync_api import BrowserContext, Page

    from browser_tests._notes import Tab
    from browser_tests.pages import DemoServer

#: Milliseconds that a page may take, on a machine that has other work.
SECONDS = 60_000
APPLICATION = Path(__file__).parent / "pages_application"


@contextmanager
def pages_server(place: Path, origin: str = "") -> Generator[DemoServer]:
    """The application behind the real server, with its seeds; at *origin*, where that is free."""
    with demo_server(place, seeded=True, source=APPLICATION, origin=origin) as server:
        yield server


def visit_once(context: BrowserContext, server: DemoServer, path: str = "/posts") -> Page:
    """A tab on a page of the server, after the browser has its copy."""
    page = context.new_page()
    page.set_default_timeout(SECONDS)
    page.goto(f"{server.origin}{path}")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    return page


def place_of(page: Page) -> str:
    """Who answered the page that is shown: "node" or "browser"."""
    return page.inner_text("#place")


def fetch_json(page: Page, path: str, **options: Any) -> Any:
    return page.evaluate(
        "async ([path, options]) => (await fetch(path, options)).json()", [path, options]
    )


def stop_service_workers(page: Page) -> None:
    """Stop the service worker as the browser does when it has been idle."""
    session = page.context.new_cdp_session(page)
    session.send("ServiceWorker.enable")  # pyright: ignore[reportUnknownMemberType]
    session.send("ServiceWorker.stopAllWorkers")  # pyright: ignore[reportUnknownMemberType]
    session.detach()


def wait_until(page: Tab, question: str, argument: Any = None) -> None:
    """Wait until an async function of the page answers with something true."""
    # wait_for_function takes the promise itself for the answer.
    asked = """async ([question, argument]) => {
        const ask = eval(question);
        const end = performance.now() + 60_000;
        while (!(await ask(argument))) {
            if (performance.now() > end) throw new Error(`never true: ${question}`);
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
    }"""
    page.evaluate(asked, [question, argument])
