"""The storage of a page under what goes wrong: again and again, and in every way we know.

The long versions run with ``-m drill`` (``make drill``).
"""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import time
from typing import TYPE_CHECKING, Any

import pytest

from browser_tests._browser import browser
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
    run_first,
    start,
)
from browser_tests._quota import MEGABYTE, REAL_QUOTA, allow, used
from browser_tests._site import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

KILLS = int(os.environ.get("VELOCIOUS_KILLS", "1"))
DRILL = pytest.mark.drill
SHORTEST, LONGEST = 0.1, 0.9
TABLE = "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)"

START_OTHERWISE = """async (options) => {
    const { start } = await import('/velocious/client.mjs');
    const url = new URL('/velocious/boot.json', location).href;
    const boot = await (await fetch(url)).json();
    window.app = await start({ offline: false, boot: { ...boot, url, ...options } });
}"""

#: Writes notes in transactions of five, each named by a number, until one is refused.
WRITE_GROUPS = """
from velocious.errors import StorageFullError
number = {first}
try:
    while number < {last}:
        async with Note.transaction():
            for part in range(5):
                await Note.create(text=f"{{number}} " + "x" * 20_000)
        number += 1
except StorageFullError:
    pass
print("confirmed", number)
"""
#: Made in the worker: handing megabytes over from here takes long.
MAKE_LARGE = """
import sqlite3
database = sqlite3.connect("/tmp/large.sqlite3")
database.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)")
database.executemany("INSERT INTO notes (text) VALUES (?)", [("x" * 20_000,)] * 200)
database.commit()
database.close()
"""
CHECK_GROUPS = """
from collections import Counter
sizes = Counter(int(text.split()[0]) for text in await Note.pluck("text"))
print(sorted(sizes) == list(range({first}, {last})), set(sizes.values()) <= {{5}})
"""


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    root = tmp_path_factory.mktemp("site") / "notes"
    shutil.copytree(NOTES, root, ignore=shutil.ignore_patterns("__pycache__"))
    with serving(root, ("app",)) as address:
        yield address


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Generator[BrowserContext]:
    with browser(tmp_path_factory.mktemp("profile"), REAL_QUOTA) as context:
        yield context


@pytest.fixture(scope="module")
def other_context(tmp_path_factory: pytest.TempPathFactory) -> Generator[BrowserContext]:
    """A browser in which no tab has the application's database."""
    with browser(tmp_path_factory.mktemp("other-profile")) as context:
        yield context


@pytest.fixture(scope="module")
def tab(context: BrowserContext, origin: str) -> Generator[Page]:
    # Without a copy of the application, which would take room meanwhile.
    with opened(context, origin, offline=False) as page:
        yield page


@pytest.fixture
def page(tab: Page) -> Page:
    """A tab whose table of notes has one: "kept"."""
    allow(tab, None)
    done(tab, "db:migrate")
    done(tab, "runner", "await Note.delete_all(); await Note.create(text='kept')")
    return tab


# Room


@pytest.mark.parametrize("times", [2, pytest.param(25, marks=DRILL)], ids=["twice", "25 times"])
def test_a_quota_that_ends_in_mid_transaction_again_and_again_loses_nothing(
    page: Page, times: int
) -> None:
    done(page, "runner", "await Note.delete_all()")
    first = number = refusals = 0
    for _ in range(times):
        # The browser hands out room in steps that grow with a file, and takes it back when the file
        # is closed: now and then all fits that is written here.
        allow(page, used(page) + MEGABYTE)
        full = written(page, number, limit=60)
        refusals += full < number + 60
        allow(page, None)
        number = written(page, full, limit=1)
        assert number == full + 1, "it goes on as soon as there is room"
        assert_whole(page, first, number)
        # The oldest go, so that the drill itself does not fill the disk.
        first = max(first, number - 20)
        done(page, "runner", f"await Note.where('CAST(text AS INTEGER) < ?', {first}).delete_all()")
        done(page, "db:vacuum")
        reopen(page)
        assert_whole(page, first, number)
        assert "ok" in done(page, "db:sql", "PRAGMA integrity_check")
    assert refusals > times // 2


def reopen(page: Page) -> None:
    page.evaluate("app.close()")
    page.reload()
    page.wait_for_function("window.loaded")
    start(page, offline=False)


def written(page: Page, number: int, *, limit: int) -> int:
    """Write groups from *number* on; the number behind the last one that was confirmed."""
    code = WRITE_GROUPS.format(first=number, last=number + limit)
    return int(done(page, "runner", code).split()[-1])


def assert_whole(page: Page, first: int, last: int) -> None:
    """All groups from *first* to before *last* are there, each as a whole, and no other row."""
    code = CHECK_GROUPS.format(first=first, last=last)
    assert done(page, "runner", code).split() == ["True", "True"]


# Files that are none


def sound(folder: Path, *, rows: int = 1, wal: bool = False) -> bytes:
    """A database of another program with a table of notes."""
    path = folder / "sound.sqlite3"
    database = sqlite3.connect(path)
    database.execute(f"PRAGMA journal_mode={'wal' if wal else 'delete'}")
    database.execute(TABLE)
    text = "imported" * 200 if rows > 1 else "imported"
    database.executemany("INSERT INTO notes (text) VALUES (?)", [(text,)] * rows)
    database.commit()
    database.close()
    return path.read_bytes()


def damaged(folder: Path) -> bytes:
    content = bytearray(sound(folder, rows=200))
    content[4096:12288] = random.Random(3).randbytes(8192)
    return bytes(content)


def newer(folder: Path) -> bytes:
    path = folder / "newer.sqlite3"
    database = sqlite3.connect(path)
    database.execute(TABLE)
    database.execute("CREATE TABLE schema_migrations (version VARCHAR(255) PRIMARY KEY)")
    database.execute("INSERT INTO schema_migrations VALUES ('20990101000000')")
    database.commit()
    database.close()
    return path.read_bytes()


BROKEN: dict[str, Callable[[Path], bytes]] = {
    "an empty file": lambda _: b"",
    "a text": lambda _: b"SQLite format 4\0" + b"this is no database " * 500,
    "a file that ends early": lambda folder: sound(folder, rows=200)[:-3000],
    "half of a header": lambda folder: sound(folder)[:60],
    "a damaged file": damaged,
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_a_file_that_is_no_sound_database_changes_nothing(
    page: Page, tmp_path: Path, content: Callable[[Path], bytes]
) -> None:
    give_file(page, "/tmp/broken.sqlite3", content(tmp_path))
    before = call(page, "files")
    refused(page, "db:import", "/tmp/broken.sqlite3", "--force")
    assert call(page, "notes.list") == ["kept"]
    assert call(page, "files") == before


def test_a_file_of_a_newer_application_needs_force(page: Page, tmp_path: Path) -> None:
    done(page, "db:drop")
    give_file(page, "/tmp/newer.sqlite3", newer(tmp_path))
    assert "--force" in refused(page, "db:import", "/tmp/newer.sqlite3")
    done(page, "db:migrate")
    assert call(page, "notes.list") == []


def test_a_file_with_a_write_ahead_log_is_imported(page: Page, tmp_path: Path) -> None:
    content = sound(tmp_path, wal=True)
    assert content[18:20] == b"\2\2"
    give_file(page, "/tmp/wal.sqlite3", content)
    done(page, "db:import", "/tmp/wal.sqlite3", "--force")
    assert call(page, "notes.list") == ["imported"]
    done(page, "db:drop")


def test_a_file_that_finds_no_room_changes_nothing(page: Page) -> None:
    done(page, "runner", MAKE_LARGE)
    allow(page, used(page) + MEGABYTE)
    before = call(page, "files")
    assert "Nothing was replaced" in refused(page, "db:import", "/tmp/large.sqlite3", "--force")
    assert call(page, "notes.list") == ["kept"]
    assert call(page, "files") == before
    allow(page, None)
    done(page, "db:import", "/tmp/large.sqlite3", "--force")
    assert len(call(page, "notes.list")) == 200
    done(page, "db:drop")


# Browsers that cannot keep files

MISSING = {
    "no private file system": "delete StorageManager.prototype.getDirectory;",
    "no synchronous file handles": "delete globalThis.FileSystemFileHandle;",
    "refuses its private file system": """
        const refusal = new DOMException('no', 'SecurityError');
        StorageManager.prototype.getDirectory = () => Promise.reject(refusal);
    """,
}


@pytest.mark.parametrize(("why", "code"), MISSING.items(), ids=MISSING.keys())
def test_a_browser_without_a_storage_says_why_it_refuses(
    other_context: BrowserContext, origin: str, why: str, code: str
) -> None:
    page = load(other_context, origin)
    run_first(page, code)
    told = "({ code, message }) => ({ code, message })"
    failure: dict[str, Any] = page.evaluate(f"({START_OTHERWISE})({{}}).then(() => null, {told})")
    assert failure["code"] == "storage_unavailable"
    assert why in failure["message"]
    assert "https" in failure["message"]
    page.close()


def test_an_application_that_allows_it_runs_in_memory_and_says_so(
    other_context: BrowserContext, origin: str
) -> None:
    page = load(other_context, origin)
    run_first(page, MISSING["no private file system"])
    page.evaluate(START_OTHERWISE, {"allowVolatile": True, "dataSince": None})
    done(page, "db:migrate")
    call(page, "notes.add", text="lost with the tab")
    status = page.evaluate("app.storage.status()")
    assert (status["state"], status["beside"]) == ("volatile", {"files": 0, "bytes": 0})
    assert "no private file system" in status["reason"]
    assert "volatile" in done(page, "storage:status")
    close(page)


# Kills


def other_file(name: str) -> str:
    """What runs in the page: import, vacuum and export until the browser dies."""
    return f"""void (async () => {{
        for (let round = 0; ; round++) {{
            const path = round % 2 ? '/tmp/kept.sqlite3' : '/tmp/{name}';
            await velociousCLI.run('db:import', path, '--force');
            await velociousCLI.run('db:vacuum');
            await velociousCLI.run('db:export');
        }}
    }})()"""


def test_a_browser_killed_in_an_import_vacuum_or_export_has_one_database_or_the_other(
    origin: str, tmp_path: Path
) -> None:
    moments = random.Random(11)
    seen: set[str] = set()
    for kill in range(KILLS + 1):
        dying = MortalBrowser(tmp_path / "profile")
        try:
            page = dying.page()
            page.goto(origin)
            page.wait_for_function("window.loaded")
            start(page, offline=False)
            if kill == 0:
                done(page, "db:migrate")
                call(page, "notes.add", text="kept")
            notes = call(page, "notes.list")
            assert notes in (["kept"], ["imported"]), f"after kill {kill}"
            seen.add(notes[0])
            assert "ok" in done(page, "db:sql", "PRAGMA integrity_check"), f"after kill {kill}"
            left = set(call(page, "files"))
            assert left <= {f"test.sqlite3{suffix}" for suffix in ("", "-shm", "-wal")}
            if kill < KILLS:
                give_file(page, "/tmp/kept.sqlite3", _with_note(tmp_path, "kept"))
                give_file(page, "/tmp/imported.sqlite3", _with_note(tmp_path, "imported"))
                page.evaluate(other_file("imported.sqlite3"))
                time.sleep(moments.uniform(SHORTEST, LONGEST))
        finally:
            dying.kill()
    assert seen == {"kept", "imported"} or KILLS < 10


def _with_note(folder: Path, text: str) -> bytes:
    path = folder / f"{text}.sqlite3"
    path.unlink(missing_ok=True)
    database = sqlite3.connect(path)
    database.execute(TABLE)
    database.execute("INSERT INTO notes (text) VALUES (?)", (text,))
    database.commit()
    database.close()
    return path.read_bytes()
