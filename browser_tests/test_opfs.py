"""Files below ``/opfs``, as Python in the worker of a real browser sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from browser_tests._browser import browser
from browser_tests._page import RemoteFailure, open_page
from browser_tests._server import bare_site, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext

    from browser_tests._page import BarePage

COUNT_FLUSHES = """
from pyodide.code import run_js
run_js('''
  globalThis.flushes = 0;
  const prototype = FileSystemSyncAccessHandle.prototype;
  const flush = prototype.flush;
  prototype.flush = function () { globalThis.flushes++; return flush.call(this); };
''')
"""

OPEN_DATABASE = """
import sqlite3
database = sqlite3.connect("/opfs/test/kept.sqlite3", isolation_level=None)
database.execute("PRAGMA journal_mode=WAL").fetchall()
database.execute("PRAGMA synchronous=FULL")
database.execute("CREATE TABLE IF NOT EXISTS entries(id INTEGER PRIMARY KEY, text TEXT)")
"""


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with serving(bare_site()) as address:
        yield address


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    with browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(scope="module")
def shared(context: BrowserContext, origin: str) -> Iterator[BarePage]:
    """One tab for the tests that only work with files of their own."""
    page = open_page(context, origin)
    page.boot()
    yield page
    page.close()
    page.page.close()


@pytest.fixture
def tab(tmp_path: Path, origin: str) -> Iterator[BarePage]:
    """A tab of a browser that nobody used before."""
    with browser(tmp_path / "profile") as context:
        yield open_page(context, origin)


def test_writes_reads_and_appends(shared: BarePage) -> None:
    result = shared.run("""
        with open("/opfs/test/letter.txt", "w") as file: file.write("first\\n")
        with open("/opfs/test/letter.txt", "a") as file: file.write("second\\n")
        with open("/opfs/test/letter.txt") as file: result = file.readlines()
    """)
    assert result == ["first\n", "second\n"]


def test_seeks_truncates_and_extends(shared: BarePage) -> None:
    result = shared.run("""
        import os
        with open("/opfs/test/size.bin", "w+b") as file:
            file.write(b"0123456789")
            file.truncate(4)
            file.seek(6)
            file.write(b"x")
            file.seek(-1, os.SEEK_END)
            last = file.read()
        with open("/opfs/test/size.bin", "rb") as file: content = file.read()
        result = [last.decode(), list(content), os.stat("/opfs/test/size.bin").st_size]
    """)
    assert result == ["x", [48, 49, 50, 51, 0, 0, 120], 7]


def test_rename_replaces_the_target(shared: BarePage) -> None:
    result = shared.run("""
        import os
        for name in ("from", "to"):
            with open(f"/opfs/test/{name}.txt", "w") as file: file.write(name)
        os.replace("/opfs/test/from.txt", "/opfs/test/to.txt")
        with open("/opfs/test/to.txt") as file:
            result = [file.read(), os.path.exists("/opfs/test/from.txt")]
    """)
    assert result == ["from", False]


def test_an_open_file_lives_on_after_unlink(shared: BarePage) -> None:
    result = shared.run("""
        import os
        file = open("/opfs/test/gone.txt", "w+")
        file.write("still here"); file.flush()
        os.unlink("/opfs/test/gone.txt")
        with open("/opfs/test/gone.txt", "w") as other: other.write("another file")
        file.seek(0)
        result = [file.read(), os.path.exists("/opfs/test/gone.txt")]
        file.close()
        with open("/opfs/test/gone.txt") as other: result.append(other.read())
    """)
    assert result == ["still here", True, "another file"]


def test_a_duplicated_descriptor_keeps_the_file_open(shared: BarePage) -> None:
    result = shared.run("""
        import os
        first = os.open("/opfs/test/dup.txt", os.O_RDWR | os.O_CREAT)
        os.write(first, b"text")
        second = os.dup(first)
        os.unlink("/opfs/test/dup.txt")
        os.close(first)
        result = os.pread(second, 10, 0).decode()
        os.close(second)
    """)
    assert result == "text"


def test_lists_directories_to_their_end(shared: BarePage) -> None:
    result = shared.run("""
        import os
        os.makedirs("/opfs/test/tree/deep")
        for path in ("tree/b.txt", "tree/a.txt", "tree/deep/c.txt"):
            with open(f"/opfs/test/{path}", "w") as file: file.write(path)
        tree = os.walk("/opfs/test/tree")
        walked = [[top, sorted(names), sorted(files)] for top, names, files in tree]
        result = [sorted(os.listdir("/opfs/test/tree")), walked]
    """)
    assert result == [
        ["a.txt", "b.txt", "deep"],
        [
            ["/opfs/test/tree", ["deep"], ["a.txt", "b.txt"]],
            ["/opfs/test/tree/deep", [], ["c.txt"]],
        ],
    ]


def test_moves_and_removes_whole_directories(shared: BarePage) -> None:
    result = shared.run("""
        import os, shutil
        os.makedirs("/opfs/test/old/inner")
        with open("/opfs/test/old/inner/file.txt", "w") as file: file.write("moved")
        shutil.move("/opfs/test/old", "/opfs/test/new")
        with open("/opfs/test/new/inner/file.txt") as file: content = file.read()
        try: os.rmdir("/opfs/test/new")
        except OSError as error: refused = error.strerror
        shutil.rmtree("/opfs/test/new")
        left = [name for name in ("old", "new") if os.path.exists(f"/opfs/test/{name}")]
        result = [content, refused, left]
    """)
    assert result == ["moved", "Directory not empty", []]


def test_keeps_a_large_file_byte_for_byte(shared: BarePage) -> None:
    result = shared.run("""
        import hashlib, os
        chunk = bytes(range(256)) * 4096
        expected = hashlib.sha256()
        with open("/opfs/test/large.bin", "wb") as file:
            for number in range(48):
                file.write(chunk); expected.update(chunk)
        with open("/opfs/test/large.bin", "rb") as file:
            found = hashlib.file_digest(file, "sha256")
        same = found.hexdigest() == expected.hexdigest()
        result = [same, os.path.getsize("/opfs/test/large.bin")]
        os.unlink("/opfs/test/large.bin")
    """)
    assert result == [True, 48 * 1024 * 1024]


def test_holds_many_files_after_reserving_them(shared: BarePage) -> None:
    result = shared.run("""
        import os
        os.makedirs("/opfs/test/many")
        await host.reserve(300)
        for number in range(300):
            with open(f"/opfs/test/many/{number}.txt", "w") as file: file.write(str(number))
        names = os.listdir("/opfs/test/many")
        total = 0
        for name in names:
            with open(f"/opfs/test/many/{name}") as file: total += int(file.read())
            os.unlink(f"/opfs/test/many/{name}")
        result = [len(names), total]
    """)
    assert result == [300, sum(range(300))]


def test_two_that_reserve_at_once_do_not_wait_for_each_other(shared: BarePage) -> None:
    # Two requests of a page, each before it is answered.
    free = shared.run("""
        import asyncio, json
        free = json.loads(host.storage())["free"]
        await asyncio.wait_for(
            asyncio.gather(host.reserve(free + 8), host.reserve(free + 8)), timeout=15
        )
        result = json.loads(host.storage())["free"] - free
    """)
    assert free == 8


def test_an_exhausted_pool_is_an_error_of_no_space_and_grows_before_the_next_request(
    shared: BarePage,
) -> None:
    refused = shared.run("""
        import json, os
        free = json.loads(host.storage())["free"]
        try:
            for number in range(free + 1):
                open(f"/opfs/test/exhaust-{number}", "w").close()
        except OSError as error:
            result = [number - free, error.errno == __import__("errno").ENOSPC]
    """)
    again = shared.run("""
        open("/opfs/test/after", "w").close()
        result = os.path.exists("/opfs/test/after")
        for name in os.listdir("/opfs/test"):
            if name.startswith("exhaust-"): os.unlink(f"/opfs/test/{name}")
    """)
    assert refused == [0, True]
    assert again is True


def test_requests_at_the_same_time_make_room_one_after_the_other(tab: BarePage) -> None:
    tab.boot()
    tab.run("""
        for number in range(8): open(f"/opfs/test/{number}", "w").close()
    """)
    outcomes = tab.evaluate("Promise.all(['1', '2', '3'].map((code) => run(`result = ${code}`)))")
    assert outcomes == [{"value": 1}, {"value": 2}, {"value": 3}]


def test_refuses_a_name_that_does_not_fit_the_header(shared: BarePage) -> None:
    result = shared.run("""
        import os
        folder = "/opfs/test/" + "/".join(["d" * 200] * 18)
        os.makedirs(folder)
        try: open(f"{folder}/{'n' * 254}{'é' * 127}.txt", "w")
        except OSError as error: result = error.strerror
    """)
    assert result == "Filename too long"


def test_every_commit_in_wal_mode_is_flushed(shared: BarePage) -> None:
    flushes = shared.run(
        COUNT_FLUSHES
        + """
import js, sqlite3
connection = sqlite3.connect("/opfs/test/flushed.sqlite3", isolation_level=None)
connection.execute("PRAGMA journal_mode=WAL").fetchall()
connection.execute("PRAGMA synchronous=FULL")
connection.execute("CREATE TABLE t(x)")
before = js.flushes
for number in range(10): connection.execute("INSERT INTO t VALUES(?)", [number])
result = js.flushes - before
connection.close()
"""
    )
    assert flushes >= 10


def test_two_connections_share_a_write_ahead_log(shared: BarePage) -> None:
    result = shared.run("""
        import sqlite3
        path = "/opfs/test/shared.sqlite3"
        writer = sqlite3.connect(path, isolation_level=None)
        writer.execute("PRAGMA journal_mode=WAL").fetchall()
        writer.execute("CREATE TABLE t(x)")
        reader = sqlite3.connect(path, isolation_level=None, timeout=0)
        count = lambda: reader.execute("SELECT count(*) FROM t").fetchone()[0]
        counts = [count()]
        writer.execute("BEGIN")
        writer.execute("INSERT INTO t VALUES(1)")
        counts.append(count())
        try: reader.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error: refused = str(error)
        writer.execute("COMMIT")
        counts.append(count())
        writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        counts.append(count())
        result = [counts, refused, reader.execute("PRAGMA integrity_check").fetchone()[0]]
        reader.close(); writer.close()
    """)
    assert result == [[0, 0, 1, 1], "database is locked", "ok"]


@pytest.mark.parametrize("mode", ["DELETE", "TRUNCATE", "PERSIST", "WAL"])
def test_a_rolled_back_transaction_leaves_nothing_in_any_journal_mode(
    shared: BarePage, mode: str
) -> None:
    result = shared.run(f"""
        import sqlite3
        connection = sqlite3.connect("/opfs/test/{mode}.sqlite3", isolation_level=None)
        mode = connection.execute("PRAGMA journal_mode={mode}").fetchone()[0]
        connection.execute("CREATE TABLE t(x)")
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO t VALUES(?)", [(b"x" * 5000,)] * 1000)
        connection.execute("ROLLBACK")
        connection.execute("INSERT INTO t VALUES(1)")
        result = [mode, connection.execute("SELECT count(*) FROM t").fetchone()[0],
                  connection.execute("PRAGMA integrity_check").fetchone()[0]]
        connection.close()
    """)
    assert result == [mode.lower(), 1, "ok"]


def test_a_reload_keeps_files_and_rows(tab: BarePage) -> None:
    tab.boot()
    tab.run(OPEN_DATABASE + "database.execute(\"INSERT INTO entries(text) VALUES('kept')\")")
    tab.run("with open('/opfs/test/note.txt', 'w') as file: file.write('kept')")
    tab.boot()
    result = tab.run(
        OPEN_DATABASE
        + "result = [database.execute('SELECT text FROM entries').fetchall(),"
        + " open('/opfs/test/note.txt').read()]"
    )
    assert result == [[["kept"]], "kept"]


def test_the_state_is_best_effort_until_the_browser_promises_to_keep_the_data(
    tab: BarePage, origin: str
) -> None:
    first = tab.boot()
    assert (first["state"], first["flushes"]) == ("best-effort", True)
    assert "storage.persist()" in first["reason"]
    tab.devtools("Browser.grantPermissions", origin=origin, permissions=["durableStorage"])
    second = tab.evaluate("app.storage.persist()")
    assert second["state"] == "durable"
    assert tab.evaluate("seen.persistence.at(-1).state") == "durable"


def damage(tab: BarePage, path: str, copies: list[int]) -> None:
    """Damage copies of the header of the slot that holds ``path``, as a failing disk would."""
    damaged = tab.evaluate("([path, copies]) => damage(path, copies)", [path, copies])
    assert damaged == 1


def test_an_unreadable_header_stops_the_start_and_destroys_nothing(tab: BarePage) -> None:
    tab.boot()
    tab.run(OPEN_DATABASE + "database.execute(\"INSERT INTO entries(text) VALUES('kept')\")")
    tab.run("database.execute('PRAGMA wal_checkpoint(TRUNCATE)').fetchall()")
    tab.close()
    damage(tab, "/test/kept.sqlite3", [0, 1])
    tab.load()
    with pytest.raises(RemoteFailure, match="nothing was changed") as failure:
        tab.start()
    assert failure.value.code == "storage_corrupt"
    assert tab.evaluate("seen.states.at(-1).code") == "storage_corrupt"
    beginnings = tab.evaluate("rescuedBeginnings('test', 15)")
    assert "SQLite format 3" in beginnings


def test_the_storage_can_be_started_anew_after_a_rescue(tab: BarePage) -> None:
    tab.boot()
    tab.run("with open('/opfs/test/note.txt', 'w') as file: file.write('x' * 100)")
    tab.close()
    damage(tab, "/test/note.txt", [0, 1])
    tab.evaluate("rescue.erase('test')")
    tab.boot()
    assert tab.run("import os; result = os.listdir('/opfs/test')") == []


def test_one_damaged_copy_of_a_header_is_survived(tab: BarePage) -> None:
    tab.boot()
    tab.run("""
        import os
        with open("/opfs/test/note.txt", "w") as file: file.write("kept")
        os.rename("/opfs/test/note.txt", "/opfs/test/renamed.txt")
    """)
    tab.close()
    damage(tab, "/test/renamed.txt", [tab.evaluate("olderCopy('/test/renamed.txt')")])
    tab.boot()
    assert tab.run("result = open('/opfs/test/renamed.txt').read()") == "kept"
