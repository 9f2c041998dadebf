"""A PyScript page that uses the application's records, on the same database as its other pages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from browser_tests._browser import browser
from browser_tests._site import serving

if TYPE_CHECKING:
    from playwright.sync_api import Page

NOTES = Path(__file__).parent / "notes_application"


def notes_of_pyscript(page: Page, origin: str) -> list[str]:
    page.goto(f"{origin}/pyscript.html")
    page.wait_for_function("document.querySelector('#notes').textContent", timeout=60_000)
    return json.loads(page.text_content("#notes") or "")


def test_a_pyscript_worker_uses_the_records_and_the_database_of_the_application(
    tmp_path: Path,
) -> None:
    with serving(NOTES, ("app",)) as origin, browser(tmp_path / "profile") as context:
        page = context.new_page()
        foreign: list[str] = []
        page.on("request", lambda request: foreign.append(request.url))
        assert notes_of_pyscript(page, origin) == ["from PyScript"]
        assert notes_of_pyscript(page, origin) == ["from PyScript"] * 2
        page.goto(origin)
        page.wait_for_function("window.loaded")
        page.evaluate("startApplication([])")
        assert page.evaluate("app.call('notes.list')") == ["from PyScript"] * 2
        page.evaluate("app.close()")
        own = (origin, "data:", "blob:")
        assert [url for url in foreign if not url.startswith(own)] == []
