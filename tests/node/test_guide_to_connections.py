"""The Python blocks of the guide to connections are run, one after another."""

from __future__ import annotations

import ast
import inspect
from typing import TYPE_CHECKING, Any

from tests.project._snippets import snippets

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

GUIDE = "docs/connections.md"


async def test_the_guide_to_connections_says_what_is_true(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "guide"}
    try:
        for block in snippets(GUIDE):
            if block.language == "python":
                await run(block.text, f"{GUIDE}:{block.line}", names)
    finally:
        await names["configuration"].close()
    assert sorted(path.name for path in tmp_path.glob("tenants/*.sqlite3")) == [
        "acme.sqlite3",
        "blue.sqlite3",
    ]


async def run(text: str, place: str, names: dict[str, Any]) -> None:
    """Run a block that may await."""
    code = compile(text, place, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    answer = eval(code, names)
    if inspect.iscoroutine(answer):
        await answer
