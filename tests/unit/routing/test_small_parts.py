"""Accept headers, filtered addresses, and where routes come from."""

from __future__ import annotations

import pytest

from velocious.routing.accepting import prefers_html
from velocious.routing.error_page import error_page
from velocious.routing.parameter_filter import logged_address

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


def test_an_error_page_shows_text_as_text() -> None:
    page = error_page(404, {"message": "<script>alert(1)</script>"})
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "<h1>Not Found</h1>" in page
