"""The client of request tests: what it sends, what it keeps, and what it makes of an answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.suites.shop import shop
from velocious.errors import TestingError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from velocious.testing.client import Client
    from velocious.testing.environment import TestEnvironment


@pytest.fixture
async def client(sqlite_environment: TestEnvironment) -> AsyncIterator[Client]:
    async with shop(sqlite_environment) as client:
        yield client


# What is sent


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
async def test_every_method_is_asked_with(client: Client, method: str) -> None:
    answer = await getattr(client, method)("/told", params={"q": "a b"})
    answer.assert_status(200)
    told = answer.json()
    assert (told["method"], told["query"]) == (method.upper(), "q=a+b")


async def test_head_and_options_are_asked_with(client: Client) -> None:
    head = (await client.head("/told")).assert_status(200)
    assert head.body == b""
    assert int(head.headers["content-length"]) > 0
    await client.options("/nothing")


async def test_json_is_sent_and_asked_for(client: Client) -> None:
    told = (await client.post("/told", json={"name": "é"})).json()
    assert told["params"]["name"] == "é"
    assert told["headers"]["content-type"] == "application/json"
    assert told["headers"]["accept"].startswith("application/json")


async def test_a_form_and_a_file_are_sent_as_browsers_send_them(client: Client) -> None:
    told = (await client.post("/told", form={"name": "a&b", "done": True, "none": None})).json()
    assert told["params"] == {"name": "a&b", "done": "1", "none": ""}
    files = {"photo": ('a"b.png', b"bytes", "image/png"), "plain": b"text"}
    told = (await client.post("/told", form={"name": "é"}, files=files)).json()
    assert told["params"]["name"] == "é"
    assert told["params"]["plain"] == ["plain", "application/octet-stream", "text"]
    assert told["params"]["photo"][1:] == ["image/png", "bytes"]


async def test_a_body_is_sent_as_it_is_or_piece_by_piece(client: Client) -> None:
    headers = {"X-Body": "1", "Content-Type": "text/plain"}
    assert (await client.post("/told", body="é", headers=headers)).json()["body"] == "é"

    async def pieces() -> AsyncGenerator[bytes]:
        yield b"one "
        yield b"two"

    told = (await client.post("/told", body=pieces(), headers=headers)).json()
    assert (told["body"], told["headers"]["transfer-encoding"]) == ("one two", "chunked")
    assert "content-length" not in told["headers"]


async def test_a_client_may_go_away_in_the_middle_of_its_body(client: Client) -> None:
    async def pieces() -> AsyncGenerator[bytes]:
        yield b'{"name":'
        raise ConnectionResetError("the cable")

    with pytest.raises(ConnectionResetError, match="the cable"):
        await client.post("/told", body=pieces(), headers={"Content-Type": "application/json"})


async def test_headers_are_those_of_a_browser_on_the_same_site_unless_a_test_says_others(
    client: Client,
) -> None:
    plain = (await client.get("/told")).json()["headers"]
    assert plain["sec-fetch-site"] == "same-origin"
    assert plain["accept"].startswith("text/html")
    client.headers["X-Key"] = "k"
    other = await client.get("/told", headers={"Origin": "http://evil.test", "User-Agent": None})
    headers = other.json()["headers"]
    assert (headers["origin"], headers["x-key"]) == ("http://evil.test", "k")
    assert not {"sec-fetch-site", "user-agent"} & set(headers)


async def test_one_client_may_ask_for_several_kinds(client: Client) -> None:
    client.cookies["theme"] = "dark"
    told = (await client.as_("json").get("/told")).json()
    assert told["headers"]["accept"] == "application/json"
    assert told["cookies"] == {"theme": "dark"}
    assert (await client.as_("text/csv").get("/told")).json()["headers"]["accept"] == "text/csv"
    with pytest.raises(TestingError, match="'pdf' is none of json"):
        client.as_("pdf")


async def test_a_request_has_one_body_and_a_whole_address(client: Client) -> None:
    with pytest.raises(TestingError, match="json and form were given"):
        await client.post("/told", json={}, form={})
    with pytest.raises(TestingError, match="'told' is neither a path"):
        await client.get("told")


async def test_another_host_is_asked_by_a_whole_address(client: Client) -> None:
    told = (await client.get("https://shop.test:8443/told?a=1#b")).json()
    assert (told["headers"]["host"], told["query"]) == ("shop.test:8443", "a=1")


# Cookies


async def test_cookies_are_kept_by_path_and_safety(client: Client) -> None:
    answer = (await client.get("/enter")).assert_redirect("/told?from=enter")
    assert answer.cookies["visit"].http_only
    assert answer.cookies["visit"].same_site == "lax"
    told = (await client.follow_redirect()).json()
    assert told["cookies"] == {"below": "yes", "visit": "1"}
    elsewhere = (await client.get("https://app.test/told")).json()
    assert set(elsewhere["cookies"]) == {"below", "visit", "safe"}
    assert (await client.get("http://other.test/told")).json()["cookies"] == {}
    del client.cookies["visit"]
    assert list(client.cookies) == ["below", "safe"]


@pytest.mark.parametrize(
    "header", ["visit=; Max-Age=0", "visit=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"]
)
async def test_a_cookie_ends_when_the_application_says_so(client: Client, header: str) -> None:
    client.cookies["visit"] = "1"
    await client.get("/set", params={"header": header + "; Path=/"})
    assert (await client.get("/told")).json()["cookies"] == {}


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("__Host-a=1; Path=/", "needs Secure"),
        ("__Host-a=1; Path=/x; Secure", "needs Path=/"),
        ("a=1; Domain=other.test", "may set none for other.test"),
        ("a=1; SameSite=None", "SameSite=None needs Secure"),
    ],
)
async def test_a_cookie_that_browsers_refuse_fails_the_test(
    client: Client, header: str, problem: str
) -> None:
    with pytest.raises(AssertionError, match=problem):
        await client.get("/set", params={"header": header})


async def test_the_session_and_the_flash_are_seen_and_set_from_outside(client: Client) -> None:
    assert (await client.session(), await client.flash()) == ({}, {})
    await client.set_session(name="Ann")
    await client.post("/saved")
    await client.assert_flash("notice", "Saved by Ann.")
    assert await client.session() == {"name": "Ann", "visits": 1}
    for wrong in (("alert",), ("notice", "Gone.")):
        with pytest.raises(AssertionError, match="for the next page, but .*'Saved by Ann.'"):
            await client.assert_flash(*wrong)
    assert (await client.follow_redirect()).text == "Saved by Ann."
    assert await client.flash() == {}


# Redirects


async def test_redirects_are_followed_when_asked_to(client: Client) -> None:
    answer = await client.post("/enter", form={"name": "x"}, follow_redirects=True)
    assert (answer.asked.path, answer.json()["method"]) == ("/told?from=enter", "GET")
    assert [one.status for one in answer.redirects] == [303]
    assert "content-type" not in answer.json()["headers"]


async def test_a_temporary_redirect_keeps_the_method_and_the_body(client: Client) -> None:
    client.follow_redirects = True
    address = "/go?status=307&to=/told"
    told = (await client.post(address, json={"name": "x"})).json()
    assert (told["method"], told["params"]) == ("POST", {"name": "x"})


async def test_a_redirect_to_another_host_is_not_followed(client: Client) -> None:
    answer = await client.get("/go?status=302&to=https://evil.test/", follow_redirects=True)
    answer.assert_redirect("https://evil.test/")
    with pytest.raises(TestingError, match="leads to another site"):
        await client.follow_redirect()


async def test_redirects_without_an_end_are_explained(client: Client) -> None:
    with pytest.raises(TestingError, match="no end: /circle → /circle"):
        await client.get("/circle", follow_redirects=True)


# Errors


async def test_an_error_of_the_application_is_raised_into_the_test(client: Client) -> None:
    with pytest.raises(ArithmeticError, match="the sum is wrong"):
        await client.get("/fails")


async def test_the_error_page_is_answered_when_errors_are_not_raised(client: Client) -> None:
    client.raises = False
    answer = (await client.get("/fails")).assert_status(500)
    assert isinstance(answer.failure, ArithmeticError)
    with pytest.raises(AssertionError, match="ArithmeticError: the sum is wrong"):
        answer.assert_ok()


async def test_what_is_no_error_of_the_application_is_an_answer(client: Client) -> None:
    (await client.get("/nothing")).assert_status(404)
    (await client.get("/page")).assert_status(400)


async def test_an_answer_that_breaks_off_is_the_error_that_broke_it(client: Client) -> None:
    client.raises = False
    with pytest.raises(ArithmeticError, match="no two"):
        await client.get("/breaks")


async def test_an_answer_of_another_length_than_announced_is_refused(client: Client) -> None:
    with pytest.raises(TestingError, match="announced Content-Length: 9 and sent 5 bytes"):
        await client.get("/short")


async def test_an_answer_that_takes_too_long_is_given_up(client: Client) -> None:
    client.timeout = 0.05
    with pytest.raises(TestingError, match=r"GET /sleeps was not answered within 0.05 s.*stream"):
        await client.get("/sleeps")


# Streams


async def test_a_stream_is_read_while_it_is_made_and_left_when_it_is_enough(client: Client) -> None:
    async with client.stream("GET", "/counts") as answer:
        assert answer.status == 200
        assert answer.content_type == "text/event-stream"
        events = answer.events()
        assert await anext(events) == {"event": "count", "data": "0\nmore"}
        assert await anext(events) == {"event": "count", "data": "1\nmore"}
        made = client.configuration.__dict__["made"]
        assert len(made) < 6, "the application ran ahead of its reader"
        await answer.leave()
    taken = len(made)
    await asyncio.sleep(0.01)
    assert len(made) <= taken + 1, "it went on without its client"


async def test_a_stream_that_ends_is_read_whole(client: Client) -> None:
    async with client.stream("GET", "/page", params={"name": "x"}) as answer:
        assert (await answer.read()).startswith(b"<h1>x</h1>")
        assert await answer.next() == b""


async def test_an_application_that_goes_on_without_its_client_is_refused(client: Client) -> None:
    client.timeout = 0.05
    with pytest.raises(TestingError, match="was not answered within"):
        async with client.stream("GET", "/sleeps"):
            pytest.fail("nothing was sent")
