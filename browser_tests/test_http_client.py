"""The browser's HTTP client: requests of Python in a worker to where its page is from."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from browser_tests._browser import browser
from browser_tests._notes import NOTES, done, opened
from browser_tests._site import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

START = """
import asyncio
from velocious.errors import BackendUnreachableError
from velocious.http_client import HttpRequest

client = configuration.environment_handler.http_client()
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    root = tmp_path_factory.mktemp("site") / "notes"
    shutil.copytree(NOTES, root, ignore=shutil.ignore_patterns("__pycache__"))
    profile = tmp_path_factory.mktemp("http") / "profile"
    with (
        serving(root, ("app",)) as origin,
        browser(profile) as context,
        opened(context, origin) as tab,
    ):
        yield tab


def test_a_path_is_asked_where_the_page_is_from(page: Page) -> None:
    code = """
answer = await client.send(HttpRequest("GET", "/"))
print(answer.status, answer.headers["content-type"].partition(";")[0], b"<title>" in answer.body)
"""
    assert done(page, "runner", START + code).strip() == "200 text/html True"


def test_what_is_sent_arrives_and_is_answered(page: Page) -> None:
    code = """
request = HttpRequest("POST", "/frontend-models", {"content-type": "application/json"}, b"{}")
print((await client.send(request)).status)
"""
    assert int(done(page, "runner", START + code)) in (404, 405)


def test_nobody_there_may_have_heard_it(page: Page) -> None:
    code = """
try:
    await client.send(HttpRequest("GET", "http://127.0.0.1:9/"))
except BackendUnreachableError as error:
    print(error.sent)
"""
    assert done(page, "runner", START + code).strip() == "True"


def test_who_waits_too_long_goes_away(page: Page) -> None:
    code = """
try:
    await client.send(HttpRequest("GET", "/", timeout=0.000001))
except BackendUnreachableError as error:
    print("seconds have passed" in str(error))
"""
    assert done(page, "runner", START + code).strip() == "True"
