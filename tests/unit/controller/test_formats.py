"""One action, several forms: what the client likes decides."""

from __future__ import annotations

import pytest

from tests.unit.controller.answers import client_of
from velocious.controller import Controller
from velocious.controller.accepting import best_format, prefers_html

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


class FormsController(Controller):
    async def show(self) -> None:
        await self.respond_to(html=self._page, json=lambda: self.render(json={"a": 1}))

    async def _page(self) -> None:
        self.render_html("<p>a</p>")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (BROWSER, "html"),
        ("", "html"),
        ("*/*", "html"),
        ("application/json", "json"),
        ("application/*", "json"),
        ("text/html;q=0.4, application/json;q=0.5", "json"),
        ("text/html;q=0, */*", "json"),
        ("APPLICATION/JSON; Q=1", "json"),
        ("text/*;q=0.1, text/html;q=0.9, application/json;q=0.5", "html"),
        ("image/png", None),
        ("text/html;q=0, application/json;q=0", None),
        ("text/html;q=2", None),
        ("text/html;q=abc", None),
        ("text/html" + ",a/b" * 100_000, "html"),
    ],
)
def test_the_client_s_favourite_wins_and_the_earlier_one_of_equals(
    accept: str, chosen: str | None
) -> None:
    assert best_format(accept, ["html", "json"]) == chosen


def test_a_browser_likes_pages_and_a_program_does_not_say_so() -> None:
    assert prefers_html(BROWSER)
    assert not prefers_html("*/*")
    assert not prefers_html("application/json, text/html;q=0.9")


async def test_each_form_is_answered_and_caches_are_told() -> None:
    async with client_of(FormsController) as client:
        page = await client.get("/show", headers={"accept": BROWSER})
        data = await client.get("/show", headers={"accept": "application/json"})
        none = await client.get("/show", headers={"accept": "image/png"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert data.json() == {"a": 1}
    assert page.headers["vary"] == data.headers["vary"] == "Accept"
    assert (none.status_code, none.json()["error"]["code"]) == (406, "not_acceptable")
    assert "html, json" in none.json()["error"]["message"]
