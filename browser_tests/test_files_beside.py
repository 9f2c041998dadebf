"""Attachments and uploads in the browser: files of their own beside the pool of the databases."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Error

from browser_tests._browser import browser
from browser_tests._mortal import MortalBrowser
from browser_tests._notes import call, close, load, opened, run, start
from browser_tests._quota import MEGABYTE, REAL_QUOTA, allow, used
from browser_tests._site import serving

if TYPE_CHECKING:
    from collections.abc import Generator

    from playwright.sync_api import BrowserContext, Page

PAPERS = Path(__file__).parent / "files_application"
PIECE = 256 * 1024

SCRATCH = """async () => {
    let directory = await navigator.storage.getDirectory();
    for (const name of ['velocious-scratch', 'opfs', 'papers']) {
        directory = await directory.getDirectoryHandle(name);
    }
    const names = [];
    for await (const name of directory.keys()) names.push(name);
    return names.length;
}"""
CLEAR_SCRATCH = "import('/velocious/opfs/beside.mjs').then((it) => it.clearScratch('papers', 0))"
RESCUED = """async () => {
    const { rescue } = await import('/velocious/rescue.mjs');
    return (await rescue('papers')).map(({ path, size, content }) => [path, size, content.size]);
}"""
ERASE = "import('/velocious/rescue.mjs').then(({ erase }) => erase('papers'))"
TOP = """async () => {
    const found = [];
    for (const top of ['velocious', 'velocious-files/opfs']) {
        let directory = await navigator.storage.getDirectory();
        for (const name of top.split('/')) directory = await directory.getDirectoryHandle(name);
        for await (const name of directory.keys()) found.push(`${top}/${name}`);
    }
    return found;
}"""


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    root = tmp_path_factory.mktemp("site") / "papers"
    shutil.copytree(PAPERS, root, ignore=shutil.ignore_patterns("__pycache__"))
    with serving(root, ("app",)) as address:
        yield address


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Generator[BrowserContext]:
    with browser(tmp_path_factory.mktemp("profile"), REAL_QUOTA) as context:
        yield context


@pytest.fixture(scope="module")
def page(context: BrowserContext, origin: str) -> Generator[Page]:
    """A tab in which the application runs; its tests have papers of their own."""
    with opened(context, origin) as page:
        assert run(page, "db:migrate")["exitCode"] == 0
        yield page


def beside(page: Page) -> dict[str, Any]:
    return page.evaluate("app.storage.status()")["beside"]


def test_the_status_counts_them_beside_the_databases(page: Page) -> None:
    before = beside(page)
    call(page, "papers.scan", title="counted", pieces=4)
    after = beside(page)
    assert after["files"] == before["files"] + 1
    assert after["bytes"] == before["bytes"] + 4 * PIECE
    paths = [one["path"] for one in page.evaluate("app.storage.status()")["contents"]]
    assert all(path.startswith("/papers/db/") for path in paths)
    assert "files of attachments" in run(page, "storage:status")["output"]


@pytest.mark.parametrize(
    "megabytes", [48, pytest.param(200, marks=pytest.mark.drill)], ids=["48 MB", "200 MB"]
)
def test_a_large_attachment_is_never_in_memory_as_a_whole(page: Page, megabytes: int) -> None:
    title = f"large-{megabytes}"
    pieces = megabytes * MEGABYTE // PIECE
    assert call(page, "papers.scan", title=title, pieces=pieces) < 8 * MEGABYTE
    size, growth = call(page, "papers.read", title=title)
    assert size == megabytes * MEGABYTE
    assert growth < 8 * MEGABYTE


def test_a_file_that_finds_no_room_leaves_nothing_and_has_room_later(page: Page) -> None:
    before = beside(page)
    allow(page, used(page) + MEGABYTE)
    with pytest.raises(Error, match="no room|could not|wrote"):
        call(page, "papers.scan", title="refused", pieces=40)
    assert beside(page) == before
    assert ["refused", False] in call(page, "papers.list")
    allow(page, None)
    call(page, "papers.scan", title="there is room", pieces=40)
    assert call(page, "papers.read", title="there is room")[0] == 40 * PIECE


def test_an_upload_lies_on_the_device_while_its_request_lasts(page: Page) -> None:
    call(page, "uploads.begin")
    assert page.evaluate(SCRATCH) == 1
    assert call(page, "uploads.read", start=1000, size=5000)
    page.evaluate(CLEAR_SCRATCH)
    assert page.evaluate(SCRATCH) == 1, "it is open: the worker that has it is alive"
    assert call(page, "uploads.read", start=0, size=PIECE)
    assert call(page, "uploads.end") is None
    assert page.evaluate(SCRATCH) == 0


def test_a_browser_that_dies_leaves_no_half_file(origin: str, tmp_path: Path) -> None:
    for _ in range(int(os.environ.get("VELOCIOUS_KILLS", "1"))):
        dying = MortalBrowser(tmp_path / "profile")
        try:
            page = dying.page()
            page.goto(origin)
            page.wait_for_function("window.loaded")
            start(page)
            assert run(page, "db:migrate")["exitCode"] == 0
            call(page, "uploads.begin")
            with page.expect_console_message(lambda message: message.text == "in the middle"):
                page.evaluate("void app.call('papers.scan_forever', {})")
        finally:
            dying.kill()
    with browser(tmp_path / "profile") as context, opened(context, origin) as page:
        kills = len(call(page, "papers.list"))
        assert call(page, "papers.list") == [["endless", False]] * kills
        assert beside(page)["files"] == kills
        assert call(page, "papers.sweep") == kills
        assert beside(page)["files"] == 0
        page.evaluate(CLEAR_SCRATCH)
        assert page.evaluate(SCRATCH) == 0
        call(page, "papers.scan", title="after it", pieces=2)
        assert call(page, "papers.read", title="after it")[0] == 2 * PIECE


def test_rescue_finds_them_and_erase_removes_them(origin: str, tmp_path: Path) -> None:
    with browser(tmp_path / "profile") as context:
        with opened(context, origin) as page:
            assert run(page, "db:migrate")["exitCode"] == 0
            call(page, "papers.scan", title="rescued", pieces=3)
        page = load(context, origin)
        found = [one for one in page.evaluate(RESCUED) if "/storage/" in (one[0] or "")]
        assert [(size, content) for _, size, content in found] == [(3 * PIECE, 3 * PIECE)]
        page.evaluate(ERASE)
        assert [path for path in page.evaluate(TOP) if "papers" in path] == []
        start(page)
        assert beside(page) == {"files": 0, "bytes": 0}
        close(page)
