"""A new application's own page in the browser: the program, the server, Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from browser_tests._browser import browser
from browser_tests._scaffold import run, served
from tests.project._snippets import snippets

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from playwright.sync_api import Page

GUIDE = "docs/browser.md"
STARTED = 60_000


@pytest.fixture(scope="module")
def blog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated application with a model, whose server's database has a row."""
    directory = tmp_path_factory.mktemp("generated")
    run(directory, "init", "blog")
    run(directory / "blog", "g:model", "Post", "title:string!", "body:text")
    run(directory / "blog", "db:migrate")
    run(directory / "blog", "runner", 'await Post.create(title="On the server")')
    actions = next(block for block in snippets(GUIDE) if '@action("posts.list")' in block.text)
    (directory / "blog/app/actions/posts.py").write_text(actions.text)
    page = next(block for block in snippets(GUIDE) if 'app.call("posts.list"' in block.text)
    (directory / "blog/web/guide.html").write_text(page.text)
    return directory / "blog"


@pytest.fixture(scope="module")
def origin(blog: Path) -> Generator[str]:
    """Where `velocious server` serves it."""
    with served(blog) as (address, _):
        yield address


@pytest.fixture(scope="module")
def started(origin: str, tmp_path_factory: pytest.TempPathFactory) -> Generator[Page]:
    """The page with Python running; one for all tests."""
    with browser(tmp_path_factory.mktemp("profile") / "shared") as context:
        page = context.new_page()
        page.goto(f"{origin}/browser.html")
        expect(page.locator("#state")).to_contain_text("Python is running", timeout=STARTED)
        yield page


@pytest.fixture
def page(started: Page) -> Page:
    """That page, whose database has no row."""
    run_python(started, "await Post.delete_all()")
    expect(started.locator("#models tbody")).to_have_text("Post0")
    return started


def run_python(page: Page, code: str) -> str:
    """Run *code* as a person would; what the page shows."""
    page.locator("#output").evaluate("output => { output.textContent = '' }")
    page.fill("#code", code)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#output")).not_to_be_empty()
    return page.locator("#output").inner_text()


def test_the_model_runs_in_the_page_on_a_database_of_its_own(page: Page) -> None:
    expect(page.locator("#models tbody")).to_have_text("Post0")
    answer = run_python(
        page, 'await Post.create(title="In the browser")\nawait Post.pluck("title")'
    )
    assert answer.strip() == "['In the browser']"
    expect(page.locator("#models tbody")).to_have_text("Post1")


def test_rows_survive_a_reload(page: Page) -> None:
    run_python(page, 'print(await Post.create(title="Kept"))')
    page.reload()
    expect(page.locator("#models tbody")).to_have_text("Post1", timeout=STARTED)


def test_validations_speak_in_the_page(page: Page) -> None:
    answer = run_python(page, "await Post.create()")
    assert "Title" in answer
    expect(page.locator("#output")).to_have_class("wrong")


def test_commands_run_from_the_developer_tools(page: Page) -> None:
    status = page.evaluate("velociousCLI.run('db:status')")
    assert status["exitCode"] == 0
    assert "create_posts" in status["output"]
    elsewhere = page.evaluate("velociousCLI.run('g:model Comment')")
    assert elsewhere["exitCode"] == 1
    assert "Run `velocious g:model` in a shell" in elsewhere["output"]


def test_the_page_fits_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_nothing_but_what_the_configuration_lists_is_served(origin: str, page: Page) -> None:
    for path in ("app/config/configuration.py", "db/development.sqlite3", "log/development.log"):
        assert page.request.get(f"{origin}/{path}").status == 404, path


def test_the_page_and_the_actions_of_the_guide_work_in_a_new_browser(
    origin: str, tmp_path: Path
) -> None:
    with browser(tmp_path / "new") as context:
        page = context.new_page()
        with page.expect_console_message(lambda message: message.text == "[]", timeout=STARTED):
            page.goto(f"{origin}/guide.html")
