"""docs/javascript.md, block by block, in one page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from browser_tests._browser import browser
from browser_tests._scaffold import served
from tests.project._snippets import snippets

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from playwright.sync_api import Page

GUIDE = "docs/javascript.md"
BLOCKS = [one for one in snippets(GUIDE) if one.language == "js" and one.reason is None]
FILES = {
    "app/config/configuration.py": """
from velocious.configuration import Configuration

def configuration(environment_handler):
    return Configuration(
        environment_handler=environment_handler, name="guide", directory=".", browser=["app"]
    )
""",
    "app/models/task.py": """
from velocious.record import Record, validates

class Task(Record):
    validations = [validates("name", presence=True)]
""",
    "app/db/migrations/20260101000000_create_tasks.py": """
from velocious.migration import Migration

class CreateTasks(Migration):
    async def change(self):
        async with self.create_table("tasks") as t:
            t.string("name", null=False)
            t.boolean("done", null=False, default=False)
            t.datetime("due_at")
""",
    "web/index.html": '<!doctype html><title>Guide</title><link rel="icon" href="data:,">',
}


def write(directory: Path, name: str, text: str) -> None:
    (directory / name).parent.mkdir(parents=True, exist_ok=True)
    (directory / name).write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Generator[Page]:
    """A page of the application that the guide speaks of, with its blocks as modules."""
    directory = tmp_path_factory.mktemp("guide")
    for name, text in FILES.items():
        write(directory, name, text)
    (actions,) = [one.text for one in snippets(GUIDE) if one.language == "python"]
    write(directory, "app/actions/tasks.py", actions)
    for number, block in enumerate(BLOCKS):
        # Each block goes on where the one before it ended.
        rest = "globalThis.app = app; await velociousCLI.run('db:migrate');" if number == 0 else ""
        write(directory, f"web/block_{number}.mjs", block.text + rest)
    with (
        served(directory) as (origin, _),
        browser(tmp_path_factory.mktemp("profile") / "guide") as context,
    ):
        page = context.new_page()
        page.goto(origin)
        yield page


def test_the_blocks_of_the_guide_do_what_they_say(page: Page) -> None:
    said: list[str] = []
    expected: list[str] = []
    for number, block in enumerate(BLOCKS):
        if number == 1:
            # Before it the migration has told what it did.
            page.on("console", lambda message: said.append(message.text))
        page.evaluate(f"import('/block_{number}.mjs').then(() => {{}})")
        expected += re.findall(r"console\.log\(.+\); // (.+)", block.text)
    page.evaluate("console.log('the end')")
    page.wait_for_function("true")
    assert said == [*expected, "the end"]
    assert len(expected) == 8
