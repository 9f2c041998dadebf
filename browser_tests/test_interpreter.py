"""PyScript on our runtime: our interpreter, our files, nobody else's servers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from browser_tests._browser import browser
from browser_tests._page import open_page
from browser_tests._server import bare_site, serving

if TYPE_CHECKING:
    from pathlib import Path

    from browser_tests._page import BarePage


def rows(tab: BarePage, origin: str) -> dict[str, Any]:
    tab.page.goto(f"{origin}/velocious/pyscript.html")
    tab.page.wait_for_function("document.querySelector('#rows').textContent", timeout=20_000)
    return json.loads(tab.page.text_content("#rows") or "")


def test_a_pyscript_worker_uses_the_durable_files_without_an_external_request(
    tmp_path: Path,
) -> None:
    with serving(bare_site()) as origin, browser(tmp_path / "profile") as context:
        tab = open_page(context, origin)
        errors: list[str] = []
        tab.page.on("pageerror", lambda error: errors.append(str(error)))
        first = rows(tab, origin)
        assert first == {"visits": 1, "app": "test", "flushes": True, "plural": "tasks"}
        assert rows(tab, origin)["visits"] == 2
        assert (tab.external, errors) == ([], [])
