"""The worker of a page: start, requests, errors, a second tab, and what cannot start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from browser_tests._browser import browser
from browser_tests._page import RemoteFailure, open_page
from browser_tests._server import PREFIX, bare_site, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext

    from browser_tests._page import BarePage

INSECURE = "insecure.test"
SMALL_QUOTA = 2_000_000


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with serving(bare_site()) as address:
        yield address


@pytest.fixture
def context(tmp_path: Path) -> Iterator[BrowserContext]:
    with browser(tmp_path / "profile") as opened:
        yield opened


@pytest.fixture
def tab(context: BrowserContext, origin: str) -> BarePage:
    """A tab of a browser that nobody used before."""
    return open_page(context, origin)


def states(tab: BarePage) -> list[str]:
    return [state["name"] for state in tab.evaluate("seen.states")]


def start_fails(tab: BarePage, **options: Any) -> RemoteFailure:
    tab.load()
    with pytest.raises(RemoteFailure) as failure:
        tab.start(**options)
    return failure.value


def test_starts_with_progress_in_bytes_and_steps_and_no_request_to_anybody_else(
    tab: BarePage,
) -> None:
    tab.boot()
    progress: list[dict[str, Any]] = tab.evaluate("seen.progress")
    downloads = [event for event in progress if event["step"] == "runtime"]
    assert downloads[-1]["loaded"] == downloads[-1]["total"] > 13_000_000
    assert [event["loaded"] for event in downloads] == sorted(
        event["loaded"] for event in downloads
    )
    assert {"lock", "storage", "application"} <= {event["step"] for event in progress}
    assert states(tab) == ["starting", "ready"]
    assert tab.external == []


def test_python_knows_the_boot_file_and_works_in_the_application_directory(tab: BarePage) -> None:
    tab.boot()
    result = tab.run("""
        import os, sys
        result = [boot["appId"], boot["storage"]["flushes"], os.getcwd(), sys.path[0], os.path.isdir("/opfs/test")]
    """)  # noqa: E501
    assert result == ["test", True, "/app", "/app", True]


def test_an_exception_of_python_arrives_with_its_code_details_and_traceback(tab: BarePage) -> None:
    tab.boot()
    with pytest.raises(RemoteFailure) as failure:
        tab.run('raise RefusedError({"field": "name", "limit": 3})')
    error = failure.value.error
    assert (error["name"], error["code"]) == ("RefusedError", "refused")
    assert error["message"] == "the test asked for an error"
    assert error["details"] == {"field": "name", "limit": 3}
    assert 'File "<test>", line 1' in error["traceback"]


def test_overlapping_requests_get_their_own_answers_and_errors(tab: BarePage) -> None:
    tab.boot()
    code = "import asyncio; number = {0}; await asyncio.sleep(0.0{1}); raise RefusedError({0})"
    outcomes = tab.evaluate(
        "(codes) => Promise.all(codes.map((code) => run(code)))",
        [code.format(number, 9 - number) for number in range(5)],
    )
    assert [outcome["error"]["details"] for outcome in outcomes] == [0, 1, 2, 3, 4]


def test_commands_run_from_the_devtools_global_before_the_start_has_finished(tab: BarePage) -> None:
    tab.load()
    result = tab.evaluate("() => { window.open(); return velociousCLI.run('db:migrate'); }")
    assert result == {"output": "ran 'db:migrate'\n", "exitCode": 0}
    several = tab.evaluate("velociousCLI.run('runner', 'print(1)')")
    assert several["output"] == "ran ['runner', 'print(1)']\n"


def test_what_python_prints_logs_and_emits_reaches_the_page(tab: BarePage) -> None:
    tab.boot()
    tab.evaluate(
        "() => { window.heard = []; app.subscribe('changed', (payload) => heard.push(payload)); }"
    )
    tab.run("""
        import sys
        print("to the console")
        print("to the errors", file=sys.stderr)
        host.log("error", "something broke")
        host.emit("changed", '{"table": "tasks"}')
        host.progress("seed", "Seeding", 3, 10)
    """)
    assert tab.evaluate("seen.logs") == [
        ["info", "to the console"],
        ["warning", "to the errors"],
        ["error", "something broke"],
    ]
    assert tab.evaluate("heard") == [{"table": "tasks"}]
    assert tab.evaluate("seen.progress.at(-1).label") == "Seeding"


def test_files_travel_between_page_and_python(tab: BarePage) -> None:
    tab.boot()
    tab.evaluate("app.writeFile('/opfs/test/in.txt', new Blob(['from the page']))")
    tab.run("open('/opfs/test/out.txt', 'w').write(open('/opfs/test/in.txt').read().upper())")
    content = tab.evaluate("app.readFile('/opfs/test/out.txt').then((blob) => blob.text())")
    assert content == "FROM THE PAGE"
    with tab.page.expect_download() as download:
        tab.run("host.exportFile('/opfs/test/out.txt', 'backup.txt')")
    assert download.value.suggested_filename == "backup.txt"
    assert download.value.path().read_text() == "FROM THE PAGE"


def test_lazy_archives_arrive_when_a_module_of_theirs_is_imported(tab: BarePage) -> None:
    tab.boot()
    result = tab.run("""
        import sqlite_utils, click
        database = sqlite_utils.Database("/opfs/test/utils.sqlite3")
        database["dogs"].insert_all([{"id": 1, "name": "Cleo"}], pk="id")
        result = [list(database["dogs"].rows), sqlite_utils.__file__.startswith("/lib/velocious/")]
        database.close()
    """)
    assert result == [[{"id": 1, "name": "Cleo"}], True]


def test_a_start_imports_nothing_to_unpack_packages_with(tab: BarePage) -> None:
    tab.boot()
    unwanted = {"shutil", "tempfile", "zipfile", "lzma", "bz2"}
    assert unwanted.isdisjoint(tab.run("import sys; result = list(sys.modules)"))
    assert tab.run(
        "from pyodide._package_loader import parse_wheel_name; result = 'zipfile' in sys.modules"
    )


def test_python_looks_for_garbage_once_it_has_started(tab: BarePage) -> None:
    tab.boot()
    assert tab.run("import gc; result = [gc.isenabled(), gc.get_freeze_count() > 10_000]") == [
        True,
        True,
    ]


def test_micropip_installs_a_locked_wheel_from_this_origin(tab: BarePage) -> None:
    tab.boot()
    result = tab.run("""
        import pyodide_js
        await pyodide_js.loadPackage("micropip")
        import micropip
        await micropip.install("tzdata")
        from zoneinfo import ZoneInfo
        result = str(ZoneInfo("Europe/Copenhagen"))
    """)
    assert result == "Europe/Copenhagen"
    assert tab.external == []


def test_a_second_tab_starts_at_once_and_has_the_files_when_the_first_is_closed(
    context: BrowserContext, tab: BarePage, origin: str
) -> None:
    tab.boot()
    tab.run("open('/opfs/test/owner.txt', 'w').write('first')")
    second = open_page(context, origin)
    second.boot()
    assert second.evaluate("app.role.value") == {"name": "follower", "tabs": 2}
    with pytest.raises(RemoteFailure, match="Read-only file system"):
        second.run("open('/opfs/test/second.txt', 'w')")
    assert second.run("import os; result = os.listdir('/opfs/test')") == []
    tab.close()
    second.page.wait_for_function("app.role.value.name === 'owner'")
    second.page.wait_for_function("seen.logs.some(([, text]) => text.includes('owns'))")
    assert second.run("result = open('/opfs/test/owner.txt').read()") == "first"
    assert states(tab)[-1] == "closed"


def test_a_second_tab_has_the_files_when_the_first_is_closed_without_a_word(
    context: BrowserContext, tab: BarePage, origin: str
) -> None:
    tab.boot()
    tab.run("open('/opfs/test/owner.txt', 'w').write('first')")
    second = open_page(context, origin)
    second.boot()
    tab.page.close()
    second.page.wait_for_function("seen.logs.some(([, text]) => text.includes('owns'))")
    assert second.run("result = open('/opfs/test/owner.txt').read()") == "first"


def test_two_applications_of_one_origin_never_meet(context: BrowserContext, tab: BarePage) -> None:
    tab.boot()
    tab.run("open('/opfs/test/mine.txt', 'w').write('mine')")
    other = open_page(context, tab.evaluate("location.origin"))
    other.load()
    boot = other.evaluate("fetch('boot.json').then((response) => response.json())")
    other.start(boot={**boot, "url": "boot.json", "appId": "other", "databaseDirectory": "/opfs/o"})
    assert other.run("import os; result = os.listdir('/opfs')") == ["o"]


@pytest.mark.parametrize(
    "name", ["pyodide.asm.wasm", "pyodide.asm.mjs", "pyodide.mjs", "stdlib.zip", "libraries.zip"]
)
def test_a_missing_runtime_file_is_an_error_that_names_it(
    context: BrowserContext, name: str
) -> None:
    site = bare_site()
    site.hidden = {f"/{name}"}
    with serving(site) as origin:
        tab = open_page(context, origin)
        failure = start_fails(tab)
        assert failure.code == "runtime_missing"
        assert name in str(failure)
        assert "make runtime" in str(failure)
        site.hidden = set()
        assert tab.boot()["flushes"] is True


def test_a_missing_or_foreign_boot_file_is_an_error_that_says_so(
    tab: BarePage, context: BrowserContext
) -> None:
    assert start_fails(tab, boot="/velocious/nowhere.json").code == "boot_failed"
    boot = tab.evaluate("fetch('boot.json').then((response) => response.json())")
    assert start_fails(tab, boot={**boot, "protocol": 2}).code == "boot_invalid"
    assert start_fails(tab, boot={**boot, "appId": "../other"}).code == "boot_invalid"


def test_an_error_of_the_application_at_start_is_the_error_of_start(tmp_path: Path) -> None:
    site = bare_site()
    broken = "async def start(boot, host):\n    error = ValueError('no such entry')\n"
    broken += "    error.code = 'entry_missing'\n    raise error\n"
    folder = tmp_path / "broken" / "velocious_browser"
    folder.mkdir(parents=True)
    (folder / "worker.py").write_text(broken)
    from browser_tests._server import zip_of

    site.files = {f"{PREFIX}/bare.zip": zip_of(folder.parent)}
    with serving(site) as origin, browser(tmp_path / "profile") as context:
        tab = open_page(context, origin)
        failure = start_fails(tab)
        assert (failure.code, failure.error["message"]) == ("entry_missing", "no such entry")
        assert states(tab)[-1] == "failed"
        site.files = bare_site().files
        assert tab.boot()["flushes"] is True


def test_no_storage_is_an_error_unless_the_application_allows_to_forget(tmp_path: Path) -> None:
    site = bare_site()
    rule = f"--host-resolver-rules=MAP {INSECURE} 127.0.0.1"
    with serving(site) as origin, browser(tmp_path / "profile", rule) as context:
        tab = open_page(context, origin.replace("127.0.0.1", INSECURE))
        failure = start_fails(tab)
        assert failure.code == "storage_unavailable"
        assert "not a secure context" in str(failure)
        site.boot = {"allowVolatile": True}
        state = tab.boot()
        assert state["state"] == "volatile"
        assert "lost with this tab" in state["reason"]
        assert tab.run("open('/opfs/test/x', 'w').write('1'); result = True") is True


def test_a_full_quota_refuses_the_write_and_keeps_what_was_there(tab: BarePage) -> None:
    tab.boot()
    tab.run("""
        import sqlite3
        database = sqlite3.connect("/opfs/test/full.sqlite3", isolation_level=None)
        database.execute("PRAGMA journal_mode=WAL").fetchall()
        database.execute("CREATE TABLE t(x)")
        database.execute("INSERT INTO t VALUES('kept')")
    """)
    origin = tab.evaluate("location.origin")
    tab.devtools("Storage.overrideQuotaForOrigin", origin=origin, quotaSize=SMALL_QUOTA)
    with pytest.raises(RemoteFailure, match="database or disk is full"):
        tab.run("""
            database.execute("BEGIN")
            database.executemany("INSERT INTO t VALUES(?)", [(b"x" * 100_000,)] * 100)
            database.execute("COMMIT")
        """)
    tab.devtools("Storage.overrideQuotaForOrigin", origin=origin)
    result = tab.run("""
        if database.in_transaction: database.execute("ROLLBACK")
        database.execute("INSERT INTO t VALUES('later')")
        result = [database.execute("SELECT x FROM t").fetchall(),
                  database.execute("PRAGMA integrity_check").fetchone()[0]]
    """)
    assert result == [[["kept"], ["later"]], "ok"]
