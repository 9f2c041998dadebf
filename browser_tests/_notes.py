"""The small application of notes: a tab in which it runs, and what tests say to it."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Generator

    from playwright.sync_api import BrowserContext, Page


class Tab(Protocol):
    """A page, whoever drives it."""

    def evaluate(self, expression: str, arg: Any = None) -> Any: ...
    def close(self) -> None: ...


NOTES = Path(__file__).parent / "notes_application"


def load(context: BrowserContext, origin: str) -> Page:
    """A tab that has not started the application yet."""
    page = context.new_page()
    page.goto(origin)
    page.wait_for_function("window.loaded")
    return page


def run_first(page: Page, code: str) -> None:
    """Let *code* run in the worker before everything else; without a service worker only."""
    page.route(
        "**/worker.mjs*",
        lambda route: route.fulfill(
            response=(answer := route.fetch()),
            body=answer.text().replace("answer(port, handle);", f"{code}\nanswer(port, handle);"),
        ),
    )


def start(page: Tab, **options: Any) -> None:
    page.evaluate("options => startApplication([], options)", options)


def close(page: Page) -> None:
    page.evaluate("app.close()")
    page.close()


@contextmanager
def opened(context: BrowserContext, origin: str, **options: Any) -> Generator[Page]:
    """A tab in which the application runs."""
    page = load(context, origin)
    start(page, **options)
    yield page
    close(page)


def run(page: Page, *words: str) -> dict[str, Any]:
    return page.evaluate("words => velociousCLI.run(...words)", list(words))


def done(page: Page, *words: str) -> str:
    """What a command said that worked."""
    answer = run(page, *words)
    assert answer["exitCode"] == 0, answer["output"]
    return answer["output"]


def refused(page: Page, *words: str) -> str:
    """What a command said that did not work: words for people, not a traceback."""
    answer = run(page, *words)
    assert answer["exitCode"] == 1, answer["output"]
    assert "Traceback" not in answer["output"]
    return answer["output"]


def call(page: Tab, action: str, **payload: Any) -> Any:
    return page.evaluate("([name, payload]) => app.call(name, payload)", [action, payload])


def give_file(page: Page, path: str, content: bytes) -> None:
    page.evaluate(
        "([path, bytes]) => app.writeFile(path, new Blob([new Uint8Array(bytes)]))",
        [path, list(content)],
    )
