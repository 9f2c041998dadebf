"""Accept headers, filtered addresses, and where routes come from."""

from __future__ import annotations

import pytest

from velocious.controller.accepting import prefers_html
from velocious.routing.error_page import error_page
from velocious.routing.parameter_filter import LONGEST, logged_address

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "html"),
    [
        (BROWSER, True),
        ("text/html", True),
        ("TEXT/HTML", True),
        ("text/html;q=0.5, application/json", False),
        ("application/json;q=0.5, text/html", True),
        ("application/json", False),
        ("*/*", False),
        ("", False),
        ("text/html;q=0", False),
        ("text/html;q=lots", False),
    ],
)
def test_a_page_is_sent_to_those_who_name_html(accept: str, html: bool) -> None:
    assert prefers_html(accept) is html


@pytest.mark.parametrize(
    ("path", "query", "logged"),
    [
        ("/tasks", b"", "/tasks"),
        ("/tasks", b"page=2", "/tasks?page=2"),
        ("/in", b"user=ann&password=hunter2", "/in?user=ann&password=[filtered]"),
        ("/in", b"pass%77ord=hunter2", "/in?password=[filtered]"),
        ("/in", b"user[newPassword]=hunter2", "/in?user[newPassword]=[filtered]"),
        ("/in", b"api-key=1&ACCESS_TOKEN=2", "/in?api-key=[filtered]&ACCESS_TOKEN=[filtered]"),
        ("/a\nINFO forged", b"q=a%0Ab", "/a%0AINFO%20forged?q=a%0Ab"),
        ("/é", b"q=", "/%C3%A9?q="),
    ],
)
def test_an_address_is_logged_in_one_line_and_without_secrets(
    path: str, query: bytes, logged: str
) -> None:
    assert logged_address(path, query) == logged


def test_only_the_beginning_of_a_long_address_is_read_for_the_log() -> None:
    query = b"&".join(b"a=1" for _ in range(100_000))
    logged = logged_address("/" + "x" * 100_000, query)
    assert len(logged) < 2 * LONGEST + 10
    assert logged.startswith(f"/{'x' * (LONGEST - 1)}…?a=1&a=1")
    assert logged.endswith("&a=1…")


@pytest.mark.parametrize("before", range(LONGEST - 20, LONGEST))
def test_no_secret_shows_where_a_long_address_is_cut(before: int) -> None:
    logged = logged_address("/", b"a=" + b"x" * (before - 3) + b"&password=hunter2")
    assert "hunter" not in logged


def test_an_error_page_shows_text_as_text() -> None:
    page = error_page(404, {"message": "<script>alert(1)</script>"})
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "<h1>There is no page here</h1>" in page
