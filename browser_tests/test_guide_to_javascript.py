"""docs/javascript.md, step by step: from an empty folder to one page with all of its blocks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from browser_tests._browser import browser
from browser_tests._scaffold import run, served
from tests.project._snippets import shell_script, snippets

if TYPE_CHECKING:
    from pathlib import Path

GUIDE = "docs/javascript.md"
STARTED = 60_000
END = "the end"


def blocks(language: str) -> list[str]:
    return [one.text for one in snippets(GUIDE) if one.language == language and one.reason is None]


@pytest.fixture(scope="module")
def todo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The application of the guide, made by its commands, with its files under their names."""
    directory = tmp_path_factory.mktemp("guide")
    for line in shell_script(GUIDE).splitlines():
        if line.startswith("cd "):
            directory = directory / line.removeprefix("cd ")
        else:
            run(directory, *line.split()[1:])
    (actions,), (page,) = blocks("python"), blocks("html")
    (directory / "app/actions/tasks.py").write_text(actions)
    (directory / "web/tasks.html").write_text(page)
    script = "\n".join([*blocks("js"), f"console.log('{END}');"])
    (directory / "web/tasks.mjs").write_text(script)
    return directory


def test_the_blocks_of_the_guide_do_what_they_say(todo: Path, tmp_path: Path) -> None:
    said: list[str] = []
    with served(todo) as (origin, _), browser(tmp_path / "profile") as context:
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        with page.expect_console_message(lambda message: message.text == END, timeout=STARTED):
            page.goto(f"{origin}/tasks.html")
    expected = re.findall(r"console\.log\(.+\); // (.+)", "\n".join(blocks("js")))
    assert said == [*expected, END]
    assert len(expected) == 8
