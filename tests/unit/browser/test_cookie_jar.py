"""The cookies of the application in the browser: as RFC 6265 has them, for one origin."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from velocious_browser.files import BrowserFiles
from velocious_browser.http.cookie_file import PATH, read_jar, write_jar
from velocious_browser.http.cookie_jar import MOST, CookieJar

if TYPE_CHECKING:
    from pathlib import Path

HOST = "notes.example"


class Time:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 21, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def pass_by(self, **span: float) -> None:
        self.moment += timedelta(**span)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def jar(time: Time) -> CookieJar:
    return CookieJar(time)


def keep(jar: CookieJar, *headers: str, path: str = "/") -> bool:
    return jar.store(headers, host=HOST, path=path)


def test_a_cookie_comes_back_until_it_expires(jar: CookieJar, time: Time) -> None:
    assert keep(jar, "a=1; Max-Age=60", "b=2; Expires=Sat, 21 Nov 2026 12:02:00 GMT", "c=3")
    assert jar.header("/") == "a=1; b=2; c=3"
    time.pass_by(seconds=61)
    assert jar.header("/") == "b=2; c=3"
    time.pass_by(seconds=60)
    assert jar.header("/") == "c=3"


@pytest.mark.parametrize(
    "deletion",
    ["a=; Max-Age=0", "a=; Max-Age=-1", "a=gone; Expires=Thu, 01 Jan 1970 00:00:00 GMT"],
)
def test_an_expiry_in_the_past_deletes(jar: CookieJar, deletion: str) -> None:
    keep(jar, "a=1", "b=2")
    assert keep(jar, deletion)
    assert jar.header("/") == "b=2"


def test_max_age_wins_over_expires_and_an_unknown_date_is_none(jar: CookieJar, time: Time) -> None:
    keep(jar, "a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=9", "b=2; Expires=tomorrow")
    assert jar.header("/") == "a=1; b=2"
    time.pass_by(days=9999)
    assert jar.header("/") == "b=2"


@pytest.mark.parametrize(
    ("cookie_path", "path", "sent"),
    [
        ("/", "/deep/er", True),
        ("/notes", "/notes", True),
        ("/notes", "/notes/1", True),
        ("/notes", "/notesbook", False),
        ("/notes/", "/notes", False),
        ("/notes/", "/notes/1", True),
        ("notes", "/elsewhere", False),
    ],
)
def test_a_path_limits_where_a_cookie_is_sent(
    jar: CookieJar, cookie_path: str, path: str, sent: bool
) -> None:
    keep(jar, f"a=1; Path={cookie_path}", path="/deep/page")
    assert jar.header(path) == ("a=1" if sent else "")


def test_without_a_path_the_folder_of_the_request_is_meant(jar: CookieJar) -> None:
    keep(jar, "a=1", path="/notes/1/edit")
    assert jar.header("/notes/1/new") == "a=1"
    assert jar.header("/notes/2") == ""


def test_the_longer_path_goes_first_then_the_older_cookie(jar: CookieJar, time: Time) -> None:
    keep(jar, "a=root; Path=/", "old=1; Path=/")
    time.pass_by(seconds=1)
    keep(jar, "a=deep; Path=/notes", "new=2; Path=/", "old=again; Path=/")
    assert jar.header("/notes") == "a=deep; a=root; old=again; new=2"


@pytest.mark.parametrize(
    "refused",
    [
        "without-equals",
        "=nameless",
        "a=line\nbreak",
        "a=" + "x" * 5000,
        "a=1; Domain=other.example",
        "a=1; Domain=es.example",
        "__Secure-a=1",
        "__Host-a=1; Secure",
        "__Host-a=1; Secure; Path=/; Domain=notes.example",
        "__host-a=1; Path=/",
    ],
)
def test_what_a_browser_refuses_is_not_kept(jar: CookieJar, refused: str) -> None:
    assert not keep(jar, refused)
    assert jar.header("/") == ""


@pytest.mark.parametrize(
    "kept",
    ["a=1; Domain=notes.example", "a=1; Domain=.example", "__Host-a=1; Secure; Path=/", 'a="1"'],
)
def test_what_a_browser_keeps_is_kept_as_it_came(jar: CookieJar, kept: str) -> None:
    assert keep(jar, f"{kept}; HttpOnly")
    assert jar.header("/") == kept.partition(";")[0]


@pytest.mark.parametrize(
    ("same_site", "method", "sent"),
    [
        ("Strict", "GET", False),
        ("Lax", "GET", True),
        ("Lax", "POST", False),
        ("None", "POST", True),
        ("unheard-of", "POST", False),
    ],
)
def test_another_site_gets_only_what_the_cookie_allows(
    jar: CookieJar, same_site: str, method: str, sent: bool
) -> None:
    keep(jar, f"a=1; SameSite={same_site}")
    assert jar.header("/", method=method, cross_site=True) == ("a=1" if sent else "")
    assert jar.header("/", method=method) == "a=1"


def test_the_jar_does_not_grow_without_end(jar: CookieJar) -> None:
    keep(jar, *(f"c{number}=1" for number in range(MOST + 20)))
    names = [pair.partition("=")[0] for pair in jar.header("/").split("; ")]
    assert len(names) == MOST
    assert names[0] == "c20"


def test_setting_the_same_again_changes_nothing(jar: CookieJar) -> None:
    assert keep(jar, "a=1")
    assert not keep(jar, "a=1")


def test_a_jar_on_the_disk_is_read_again(jar: CookieJar, time: Time, tmp_path: Path) -> None:
    files = BrowserFiles(str(tmp_path))
    assert read_jar(files, time).header("/") == ""
    keep(jar, "session=sécret; Path=/; HttpOnly; SameSite=Strict", "short=1; Max-Age=5")
    time.pass_by(seconds=5)
    write_jar(files, jar)
    again = read_jar(files, time)
    assert again.to_data() == jar.to_data()
    assert again.header("/x") == "session=sécret"
    assert "short" not in files.read_text(PATH)


@pytest.mark.parametrize("content", ["not json", "[]x", '[{"name": 1}]', "7"])
def test_a_broken_file_starts_a_new_jar_and_says_so(
    content: str, time: Time, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    files = BrowserFiles(str(tmp_path))
    files.write_text(PATH, content)
    jar = read_jar(files, time)
    assert jar.to_data() == []
    assert "start anew" in caplog.text
    keep(jar, "a=1")
    write_jar(files, jar)
    assert json.loads(files.read_text(PATH))[0]["name"] == "a"


def test_a_cleared_jar_sends_nothing(jar: CookieJar) -> None:
    keep(jar, "a=1")
    jar.clear()
    assert jar.header("/") == ""


def test_a_clock_that_jumps_and_is_put_right_costs_no_session(jar: CookieJar, time: Time) -> None:
    jar.store(["session=1", "hour=1; Max-Age=3600"], host=HOST, path="/")
    time.pass_by(days=-1)
    assert jar.header("/") == "session=1; hour=1"
    time.pass_by(days=2)
    assert jar.header("/") == "session=1"
    time.pass_by(days=-1)
    assert jar.header("/") == "session=1; hour=1"
