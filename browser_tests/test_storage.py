"""How honest the storage of a page is: room, loss, damage, and what a person can do about each."""

from __future__ import annotations

import json
import shutil
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Error

from browser_tests._browser import browser, driver, executable
from browser_tests._mortal import MortalBrowser
from browser_tests._notes import (
    NOTES,
    call,
    close,
    done,
    give_file,
    load,
    opened,
    refused,
    start,
)
from browser_tests._quota import MEGABYTE, REAL_QUOTA, allow, used
from browser_tests._site import serving

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

DATABASE = "/notes/db/test.sqlite3"
PIECE = "x" * 20_000
OF_SPACE = "storage of this site"

REMOVE_FILES = """async () => {
    const root = await navigator.storage.getDirectory();
    await root.removeEntry('velocious', { recursive: true });
}"""

#: Overwrites a part of the database, in the slot that holds it.
DAMAGE = """async ([path, position, length]) => {
    const { rescue } = await import('/velocious/rescue.mjs');
    const { name } = (await rescue('notes')).find((file) => file.path === path);
    let directory = await navigator.storage.getDirectory();
    for (const name of ['velocious', 'notes']) directory = await directory.getDirectoryHandle(name);
    const handle = await directory.getFileHandle(name);
    const stream = await handle.createWritable({ keepExistingData: true });
    await stream.write({ type: 'write', position: 8192 + position, data: 'x'.repeat(length) });
    await stream.close();
}"""

RESCUED = """async (path) => {
    const { rescue } = await import('/velocious/rescue.mjs');
    const { content } = (await rescue('notes')).find((file) => file.path === path);
    return [...new Uint8Array(await content.arrayBuffer())];
}"""
ERASE = "import('/velocious/rescue.mjs').then(({ erase }) => erase('notes'))"

NAMES_OF_FILES = """async () => {
    const names = [];
    const walk = async (directory) => {
        for await (const entry of directory.values()) {
            if (entry.kind === 'directory') await walk(entry);
            else names.push(entry.name);
        }
    };
    await walk(await navigator.storage.getDirectory());
    return names;
}"""


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    root = tmp_path_factory.mktemp("site") / "notes"
    shutil.copytree(NOTES, root, ignore=shutil.ignore_patterns("__pycache__"))
    with serving(root, ("app",)) as address:
        yield address


@pytest.fixture
def context(tmp_path: Path) -> Generator[BrowserContext]:
    with browser(tmp_path / "profile", REAL_QUOTA) as context:
        yield context


@pytest.fixture
def page(context: BrowserContext, origin: str) -> Generator[Page]:
    """A tab with an empty table of notes, in a browser that nobody used before."""
    with opened(context, origin) as page:
        done(page, "db:migrate")
        yield page


def space_becomes(page: Page, space: str) -> None:
    page.wait_for_function("space => app.storage.value.space === space", arg=space, timeout=5000)


def warnings(page: Page) -> list[str]:
    """What the console of *page* will have said about the storage."""
    said: list[str] = []
    page.on(
        "console",
        lambda message: (
            said.append(message.text) if "storage of this site" in message.text else None
        ),
    )
    return said


def fill(page: Page) -> int:
    """Write notes until one is refused; how many were confirmed."""
    for number in range(500):
        try:
            call(page, "notes.add", text=f"{number} {PIECE}")
        except Error as error:
            assert "quota, is full" in str(error)
            return number
    raise AssertionError("500 notes fit into a quota that should be full")


def test_the_status_names_the_state_the_room_and_every_file(page: Page) -> None:
    output = done(page, "storage:status")
    assert "best-effort" in output
    assert DATABASE in output
    assert "storage.persist()" in output
    status = json.loads(done(page, "storage:status", "--json"))
    # What the service worker copies meanwhile takes room, too.
    moving = {"usage", "percent", "quota"}
    again = page.evaluate("app.storage.status()")
    assert status.keys() == again.keys()
    assert all(status[name] == again[name] for name in status.keys() - moving)
    assert status["space"] == "enough"
    assert [one["path"] for one in status["contents"]][0] == DATABASE
    assert status["free"] > 0
    python = "from velocious_browser import storage; (await storage.status())['contents']"
    assert DATABASE in done(page, "runner", python)


def test_vacuum_gives_the_room_of_deleted_rows_back(page: Page) -> None:
    for number in range(20):
        call(page, "notes.add", text=f"{number} {PIECE}")
    done(page, "runner", "await Note.where(Note.id > 1).delete_all()")
    output = done(page, "db:vacuum")
    before, after = (int(word.replace(",", "")) for word in output.split() if word[0].isdigit())
    assert before > 400_000
    assert after < before / 4
    sizes = {one["path"]: one["size"] for one in page.evaluate("app.storage.status()")["contents"]}
    assert sizes[DATABASE] == after
    assert sizes.get(f"{DATABASE}-wal", 0) == 0
    assert len(call(page, "notes.list")) == 1


def test_vacuum_without_room_says_so_and_changes_nothing(page: Page) -> None:
    for number in range(20):
        call(page, "notes.add", text=f"{number} {PIECE}")
    allow(page, used(page) + 100_000)
    assert "bytes of room" in refused(page, "db:vacuum")
    assert len(call(page, "notes.list")) == 20


def test_a_warning_comes_once_before_the_storage_is_full(
    context: BrowserContext, origin: str
) -> None:
    # Without a copy of the application, which would take room meanwhile.
    with opened(context, origin, storageWarning=0.5, offline=False) as page:
        said = warnings(page)
        done(page, "db:migrate")
        assert page.evaluate("app.storage.value.space") == "enough"
        allow(page, int(used(page) / 0.6))
        call(page, "notes.add", text="one")
        space_becomes(page, "low")
        assert 55 <= page.evaluate("app.storage.value.percent") <= 65
        assert "(nearly full)" in done(page, "storage:status")
        call(page, "notes.add", text="two")
        used(page)
        allow(page, None)
        with page.expect_console_message(lambda message: "has room again" in message.text):
            call(page, "notes.add", text="three")
        space_becomes(page, "enough")
        assert ["nearly full" in said[0], "has room again" in said[1], len(said)] == [True, True, 2]


def test_python_hears_that_room_runs_short(page: Page) -> None:
    done(
        page,
        "runner",
        "from velocious_browser import storage, worker; heard = worker.heard = []; "
        "storage.watch(lambda state: heard.append(state.space))",
    )
    allow(page, int(used(page) / 0.9))
    call(page, "notes.add", text="one")
    space_becomes(page, "low")
    heard = done(page, "runner", "from velocious_browser import worker; worker.heard")
    assert heard == "['enough', 'low']\n"


def test_a_full_quota_loses_nothing_and_writing_goes_on_when_there_is_room(page: Page) -> None:
    said = warnings(page)
    allow(page, used(page) + MEGABYTE)
    confirmed = fill(page)
    assert confirmed > 0
    space_becomes(page, "full")
    assert len(call(page, "notes.list")) == confirmed
    assert "(full" in done(page, "storage:status")
    assert "db:vacuum" in done(page, "storage:status")
    allow(page, None)
    call(page, "notes.add", text="there is room again")
    space_becomes(page, "enough")
    assert len([text for text in said if "a write was refused" in text]) == 1
    page.evaluate("app.close()")
    page.reload()
    page.wait_for_function("window.loaded")
    start(page)
    kept = call(page, "notes.list")
    assert [text.split()[0] for text in kept[:-1]] == [str(one) for one in range(confirmed)]
    assert kept[-1] == "there is room again"
    assert "ok" in done(page, "db:sql", "PRAGMA integrity_check")


def test_a_transaction_that_finds_no_room_is_undone_as_a_whole(page: Page) -> None:
    call(page, "notes.add", text="before")
    allow(page, used(page) + MEGABYTE)
    code = """
from velocious.errors import StorageFullError
from velocious.configuration import Configuration
try:
    async with Note.transaction():
        for number in range(500):
            await Note.create(text="x" * 20_000)
except StorageFullError as error:
    print(error.code)
print(await Note.count())
"""
    assert done(page, "runner", code).splitlines()[:2] == ["storage_full", "1"]
    allow(page, None)
    call(page, "notes.add", text="after")
    assert call(page, "notes.list") == ["before", "after"]


def start_fails(page: Page) -> dict[str, Any]:
    return page.evaluate(
        """() => startApplication([]).then(() => null, ({ code, message, details }) => (
            { code, message, details }))"""
    )


def test_evicted_data_is_named_as_a_loss_and_not_replaced_by_an_empty_database(
    context: BrowserContext, origin: str, tmp_path: Path
) -> None:
    with opened(context, origin) as page:
        done(page, "db:migrate")
        call(page, "notes.add", text="precious")
        with page.expect_download() as download:
            done(page, "db:export")
        download.value.save_as(tmp_path / "copy.sqlite3")
    page = load(context, origin)
    page.evaluate(REMOVE_FILES)
    failure = start_fails(page)
    assert failure["code"] == "storage_missing"
    assert "db:import" in failure["message"]
    assert failure["details"]["since"].startswith("20")
    assert page.evaluate(NAMES_OF_FILES) == []
    assert start_fails(page)["code"] == "storage_missing"
    page.evaluate(ERASE)
    start(page)
    give_file(page, "/tmp/copy.sqlite3", (tmp_path / "copy.sqlite3").read_bytes())
    done(page, "db:import", "/tmp/copy.sqlite3")
    assert call(page, "notes.list") == ["precious"]
    close(page)


def test_a_dropped_database_is_no_loss(context: BrowserContext, origin: str) -> None:
    with opened(context, origin) as page:
        done(page, "db:migrate")
    with opened(context, origin) as page:
        done(page, "db:drop")
    with opened(context, origin) as page:
        done(page, "db:migrate")
        assert call(page, "notes.list") == []


@pytest.fixture
def copy(context: BrowserContext, origin: str, tmp_path: Path) -> bytes:
    """A copy of the database of a browser that has one note."""
    with opened(context, origin) as page:
        done(page, "db:migrate")
        call(page, "notes.add", text="kept")
        with page.expect_download() as download:
            done(page, "db:export")
        download.value.save_as(tmp_path / "copy.sqlite3")
    return (tmp_path / "copy.sqlite3").read_bytes()


def test_a_database_that_is_none_any_more_stops_the_start_and_is_left_as_it_is(
    context: BrowserContext, origin: str, copy: bytes
) -> None:
    page = load(context, origin)
    before = bytes(page.evaluate(RESCUED, DATABASE))
    page.evaluate(DAMAGE, [DATABASE, 0, 16])
    failure = start_fails(page)
    assert failure["code"] == "database_corrupt"
    assert "left as it is" in failure["message"]
    assert bytes(page.evaluate(RESCUED, DATABASE)) == b"x" * 16 + before[16:]
    page.evaluate(ERASE)
    start(page)
    give_file(page, "/tmp/copy.sqlite3", copy)
    done(page, "db:import", "/tmp/copy.sqlite3")
    assert call(page, "notes.list") == ["kept"]
    close(page)


def test_a_damaged_database_can_be_saved_as_it_is_and_replaced(
    context: BrowserContext, origin: str, copy: bytes, tmp_path: Path
) -> None:
    page = load(context, origin)
    page.evaluate(DAMAGE, [DATABASE, 4096, 8192])
    before = bytes(page.evaluate(RESCUED, DATABASE))
    start(page)
    with pytest.raises(Error, match="left as it is"):
        call(page, "notes.list")
    assert "damaged" in refused(page, "db:export")
    assert DATABASE in done(page, "storage:status")
    with page.expect_download() as download:
        done(page, "db:export", "--as-is")
    download.value.save_as(tmp_path / "damaged.sqlite3")
    assert (tmp_path / "damaged.sqlite3").read_bytes() == before
    give_file(page, "/tmp/copy.sqlite3", copy)
    done(page, "db:import", "/tmp/copy.sqlite3", "--force")
    assert call(page, "notes.list") == ["kept"]
    close(page)


@pytest.mark.parametrize("stopped_at", ["_open", "remove"])
def test_a_browser_that_dies_in_an_import_has_the_database_of_before(
    origin: str, tmp_path: Path, stopped_at: str
) -> None:
    dying = MortalBrowser(tmp_path / "profile")
    try:
        page = dying.page()
        page.goto(origin)
        page.wait_for_function("window.loaded")
        start(page)
        done(page, "db:migrate")
        call(page, "notes.add", text="before")
        give_file(page, "/tmp/other.sqlite3", _other(tmp_path))
        hang = f"""
from velocious_browser import worker
from velocious_browser.database import replacing
def hang(path):
    worker.application().host.log("info", "in the middle")
    while True: pass
replacing.{stopped_at} = hang
"""
        done(page, "runner", hang)
        with page.expect_console_message(lambda message: message.text == "in the middle"):
            page.evaluate("void velociousCLI.run('db:import /tmp/other.sqlite3 --force')")
    finally:
        dying.kill()
    with browser(tmp_path / "profile") as context, opened(context, origin) as page:
        assert call(page, "notes.list") == ["before"]
        assert call(page, "files") == [f"test.sqlite3{suffix}" for suffix in ("", "-shm", "-wal")]


def _other(folder: Path) -> bytes:
    """Another sound database."""
    path = folder / "other.sqlite3"
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)")
    database.execute("INSERT INTO notes (text) VALUES ('imported')")
    database.commit()
    database.close()
    return path.read_bytes()


def test_a_private_window_is_never_called_durable(origin: str) -> None:
    chromium = driver().chromium.launch(executable_path=executable(), args=["--no-sandbox"])
    try:
        with opened(chromium.new_context(), origin) as page:
            done(page, "db:migrate")
            assert page.evaluate("app.storage.persist()")["state"] == "best-effort"
    finally:
        chromium.close()


def test_a_browser_without_file_handles_refuses_to_start(
    context: BrowserContext, origin: str
) -> None:
    page = load(context, origin)
    page.route(
        "**/worker.mjs*",
        lambda route: route.fulfill(
            response=(answer := route.fetch()),
            body="delete FileSystemFileHandle.prototype.createSyncAccessHandle;" + answer.text(),
        ),
    )
    failure = start_fails(page)
    assert failure["code"] == "storage_unavailable"
    assert "no synchronous file handles" in failure["message"]
