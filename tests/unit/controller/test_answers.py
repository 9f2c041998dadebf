"""Statuses, redirects, headers and bodies: what leaves, byte by byte."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from starlette.responses import Response

from tests.unit.controller.answers import client_of
from tests.unit.controller.raw import ask
from velocious.controller import Controller
from velocious.controller.answer.redirecting import any_address, own_address, redirect_status
from velocious.controller.answer.status import status_code
from velocious.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


@pytest.mark.parametrize(
    ("given", "number"),
    [
        (201, 201),
        ("created", 201),
        ("not_found", 404),
        ("not-found", 404),
        ("Unprocessable Entity", 422),
        ("unprocessable_content", 422),
        ("internal-server-error", 500),
        (599, 599),
    ],
)
def test_a_status_is_a_number_or_a_name(given: Any, number: int) -> None:
    assert status_code(given) == number


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("not_fuond", "Did you mean.*'not_found'"),
        (99, "from 200 to 599"),
        (600, "599"),
        (None, "status None"),
    ],
)
def test_what_is_no_status_is_an_error(given: Any, said: str) -> None:
    with pytest.raises(RenderError, match=said):
        status_code(given)


class AnswersController(Controller):
    async def created(self) -> None:
        self.render(json=None, status="created")

    async def page(self) -> None:
        self.render_html("<p>é</p>", status="accepted")

    async def gone(self) -> None:
        self.head("no_content")

    async def unchanged(self) -> None:
        self.render(json={"never": "sent"}, status=304)

    async def back(self) -> None:
        self.redirect_back(fallback="/created")

    async def away(self) -> None:
        self.redirect_to(self.params["to"], allow_other_host=True)

    async def moved(self) -> None:
        self.redirect_to("/ü?q=ä%20b", status="moved_permanently")

    async def header(self) -> None:
        self.headers["X-Own"] = self.params["value"].replace("NUL", "\0")
        self.render(json=1)

    async def named(self) -> None:
        self.render(json=1, headers={self.params["name"]: "1"})

    async def by_hand(self) -> Response:
        return Response("ok", headers={"X-Own": self.params["value"].replace("NUL", "\0")})


async def test_a_status_by_name_goes_with_any_json() -> None:
    async with client_of(AnswersController) as client:
        created, page = await client.get("/created"), await client.get("/page")
    assert (created.status_code, created.content) == (201, b"null")
    assert (page.status_code, page.headers["content-type"]) == (202, "text/html; charset=utf-8")
    assert page.text == "<p>é</p>"


@pytest.mark.parametrize("action", ["gone", "unchanged"])
async def test_a_status_without_a_body_has_neither_body_nor_length(action: str) -> None:
    async with client_of(AnswersController) as client:
        heard = await ask(client, "GET", f"/{action}")
    assert b"".join(message.get("body", b"") for message in heard) == b""
    assert b"content-length" not in dict(heard[0]["headers"])


@pytest.mark.parametrize("action", ["created", "page", "by_hand?value=1"])
async def test_head_is_the_same_head_and_never_a_body(action: str) -> None:
    async with client_of(AnswersController) as client:
        whole = await ask(client, "GET", f"/{action}")
        head = await ask(client, "HEAD", f"/{action}")
    assert b"".join(message.get("body", b"") for message in head) == b""
    names = {b"x-request-id"}
    kept = [
        [pair for pair in heard[0]["headers"] if pair[0] not in names] for heard in (whole, head)
    ]
    assert kept[0] == kept[1]
    assert head[0]["status"] == whole[0]["status"]


# Redirects


@pytest.mark.parametrize(
    ("referer", "target"),
    [
        ("http://app.test/page?x=1", "/page?x=1"),
        ("http://app.test", "/"),
        ("http://evil.test/page", "/created"),
        ("http://app.test.evil.test/page", "/created"),
        ("http://app.test@evil.test/page", "/created"),
        ("https://app.test/page", "/created"),
        ("http://app.test//evil.test", "/created"),
        ("http://app.test/\\evil.test", "/created"),
        ("javascript:alert(1)", "/created"),
        ("http://[", "/created"),
        ("", "/created"),
    ],
)
async def test_going_back_never_leaves_the_application(referer: str, target: str) -> None:
    async with client_of(AnswersController) as client:
        answer = await client.get("/back", headers={"referer": referer})
    assert (answer.status_code, answer.headers["location"]) == (302, target)


@pytest.mark.parametrize("to", ["https://other.test/a", "http://other.test", "/own"])
async def test_another_host_is_fine_where_the_action_says_so(to: str) -> None:
    async with client_of(AnswersController) as client:
        assert (await client.get("/away", params={"to": to})).headers["location"] == to


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "https://a.test/\r\nSet-Cookie: x=1",
        "https://a.test/\0",
        "tasks",
        "",
        " /x",
    ],
)
def test_no_script_and_no_second_header_hides_in_a_redirect(address: str) -> None:
    for check in (any_address, own_address):
        with pytest.raises(RenderError):
            check(address)


async def test_what_people_write_is_encoded_once() -> None:
    async with client_of(AnswersController) as client:
        answer = await client.get("/moved")
    assert answer.status_code == 301
    assert answer.headers["location"] == "/%C3%BC?q=%C3%A4%20b"


@pytest.mark.parametrize("status", [200, 300, 304, "not_found"])
def test_a_status_that_browsers_do_not_follow_is_no_redirect(status: Any) -> None:
    with pytest.raises(RenderError, match="redirect"):
        redirect_status(status)


# Header injection


@pytest.mark.parametrize("action", ["header", "by_hand"])
@pytest.mark.parametrize("value", ["a\r\nSet-Cookie: x=1", "a\nb", "a\rb", "aNULb", "a\x1bb"])
async def test_a_header_that_would_end_its_line_is_not_sent(action: str, value: str) -> None:
    async with client_of(AnswersController, environment="development") as client:
        answer = await client.get(f"/{action}", params={"value": value})
    assert answer.status_code == 500
    assert "control characters" in answer.json()["error"]["message"]
    assert "x-own" not in answer.headers
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("name", ["a b", "a:b", "", "a\r\nb", "é"])
async def test_a_header_without_a_proper_name_is_not_sent(name: str) -> None:
    async with client_of(AnswersController, environment="development") as client:
        answer = await client.get("/named", params={"name": name})
    assert "cannot have a header called" in answer.json()["error"]["message"]


async def test_a_header_that_is_not_latin_is_explained() -> None:
    async with client_of(AnswersController, environment="development") as client:
        answer = await client.get("/header", params={"value": "ł"})
    assert answer.status_code == 500


# Streams


async def test_pieces_leave_as_they_come() -> None:
    class PiecesController(Controller):
        async def all(self) -> None:
            async def pieces() -> AsyncGenerator[str | bytes]:
                yield "é"
                yield b""
                yield b"two"

            self.stream(pieces(), content_type="text/plain; charset=utf-8")

    async with client_of(PiecesController) as client:
        heard = await ask(client, "GET", "/all")
        head = await ask(client, "HEAD", "/all")
    assert [message.get("body") for message in heard[1:]] == ["é".encode(), b"two", b""]
    assert dict(heard[0]["headers"])[b"content-type"] == b"text/plain; charset=utf-8"
    assert [message.get("body") for message in head[1:]] == [b""]
