"""Cookies: what comes, what is set, and what nobody can change."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.visiting import visiting
from velocious.clock import SystemClock
from velocious.controller import Controller
from velocious.controller.cookies.attributes import CookieAttributes, set_cookie_line
from velocious.controller.cookies.parsing import received_cookies
from velocious.errors import CookieError, UnknownOptionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.suites.visiting import Visitor
    from velocious.testing.environment import TestEnvironment

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class MovedClock(SystemClock):
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.moved = timedelta(0)

    def now(self) -> datetime:
        return NOW + self.moved


class CookiesController(Controller):
    """Does with cookies what a test asks for."""

    does: Callable[[Controller], Any]

    async def act(self) -> None:
        answer = type(self).does(self)
        if self.response is None:
            self.render(json=answer)


class Doing:
    """A visitor whose requests do something with the controller's cookies."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.clock = MovedClock()
        visitor.configuration.clock = self.clock

    async def __call__(self, does: Callable[[Any], Any], **headers: str) -> Any:
        CookiesController.does = staticmethod(does)
        return await self.visitor.get("/act", **headers)


def doing(environment: TestEnvironment, /, **options: Any) -> Any:
    return visiting(environment, CookiesController, **options)


def headers_of(*lines: str) -> Any:
    return {"headers": [(b"cookie", line.encode("latin-1")) for line in lines]}


# Reading


def test_cookies_are_read_by_name() -> None:
    assert received_cookies(headers_of("a=1; b=two;c= 3 ")) == {"a": "1", "b": "two", "c": "3"}


def test_cookies_in_several_headers_count_together() -> None:
    assert received_cookies(headers_of("a=1", "b=2")) == {"a": "1", "b": "2"}


def test_of_two_cookies_with_one_name_the_first_counts() -> None:
    assert received_cookies(headers_of("a=1; a=2", "a=3")) == {"a": "1"}


@pytest.mark.parametrize(
    "garbage",
    ["", ";", "=", "=x", "a", "; ;;", "a b=1", "é=1", '"=1', "\x00=1", "a\x01b=2", ",=,", "(a)=1"],
)
def test_what_is_no_cookie_is_left_out(garbage: str) -> None:
    assert received_cookies(headers_of(f"{garbage}; good=1")) == {"good": "1"}


@pytest.mark.parametrize("space", ["\xa0", "\x85", "\x1c", "\x1f", "\x0b", "\x0c", "\r", "\n"])
def test_a_name_that_only_looks_like_one_of_this_host_alone_is_another(space: str) -> None:
    """A sibling domain may set the first one; browsers guard the second one."""
    for name in (f"{space}__Host-session", f"__Host-session{space}"):
        sent = headers_of(f"{name}=planted; __Host-session=ours")
        assert received_cookies(sent) == {"__Host-session": "ours"}


@pytest.mark.parametrize(
    ("sent", "value"),
    [('"quoted"', "quoted"), ('"', '"'), ('""', ""), ("a=b==", "a=b=="), ("é", "é")],
)
def test_values_come_as_they_are_without_their_quotes(sent: str, value: str) -> None:
    assert received_cookies(headers_of(f"x={sent}")) == {"x": value}


async def test_a_cookie_that_is_not_there_is_none(environment: TestEnvironment) -> None:
    async with doing(environment) as visitor:
        answer = await Doing(visitor)(lambda it: [it.cookies["x"], "x" in it.cookies, *it.cookies])
    assert answer.json() == [None, False]


# Setting


async def test_a_cookie_is_for_this_host_and_no_script(environment: TestEnvironment) -> None:
    def act(it: Any) -> Any:
        it.cookies["theme"] = "dark"
        return it.cookies["theme"]

    async with doing(environment) as visitor:
        answer = await Doing(visitor)(act)
    assert answer.json() == "dark"
    assert answer.set_cookies == ["theme=dark; Path=/; HttpOnly; SameSite=Lax"]


@pytest.mark.parametrize(
    "options",
    [{"scope": {"scheme": "https"}}, {"scope": {"scheme": "https"}, "http": {"force_ssl": True}}],
)
async def test_over_https_a_cookie_is_secure(
    environment: TestEnvironment, options: dict[str, Any]
) -> None:
    async with doing(environment, **options) as visitor:
        answer = await Doing(visitor)(lambda it: it.cookies.set("theme", "dark"))
    assert answer.set_cookies == ["theme=dark; Path=/; Secure; HttpOnly; SameSite=Lax"]


async def test_the_last_value_of_a_cookie_is_the_one_that_is_sent(
    environment: TestEnvironment,
) -> None:
    def act(it: Any) -> None:
        it.cookies["a"] = "1"
        it.cookies["a"] = "2"
        it.cookies.set("a", "3", path="/shop")

    async with doing(environment) as visitor:
        answer = await Doing(visitor)(act)
    assert [line.partition("; H")[0] for line in answer.set_cookies] == [
        "a=2; Path=/",
        "a=3; Path=/shop",
    ]


async def test_a_deleted_cookie_ends_in_the_past(environment: TestEnvironment) -> None:
    def act(it: Any) -> Any:
        del it.cookies["theme"]
        return it.cookies["theme"]

    async with doing(environment) as visitor:
        visitor.cookies["theme"] = "dark"
        answer = await Doing(visitor)(act)
        assert answer.json() is None
        assert visitor.cookies == {}
    assert answer.set_cookies == [
        "theme=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax"
    ]


async def test_a_cookie_may_be_set_by_what_runs_before_the_answer_is_sent(
    environment: TestEnvironment,
) -> None:
    def act(it: Any) -> None:
        def late(_: object) -> None:
            it.cookies["second"] = "2"

        it.cookies["first"] = "1"
        it.before_sending(late)

    async with doing(environment) as visitor:
        answer = await Doing(visitor)(act)
    assert [line.partition("=")[0] for line in answer.set_cookies] == ["first", "second"]


def line(name: str = "x", value: str = "1", **options: Any) -> str:
    return set_cookie_line(name, value, CookieAttributes(**options))


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"max_age": 60}, "Max-Age=60"),
        ({"max_age": timedelta(days=1)}, "Max-Age=86400"),
        ({"expires": NOW}, "Expires=Fri, 02 Jan 2026 03:04:05 GMT"),
        ({"path": "/shop"}, "Path=/shop"),
        ({"domain": ".example.com"}, "Domain=example.com"),
        ({"same_site": "strict"}, "SameSite=Strict"),
        ({"same_site": "none", "secure": True}, "SameSite=None"),
        ({"partitioned": True, "secure": True}, "Partitioned"),
    ],
)
def test_an_option_is_an_attribute(options: dict[str, Any], part: str) -> None:
    assert part in line(**options).split("; ")


def test_a_cookie_for_scripts_says_so() -> None:
    assert "HttpOnly" not in line(http_only=False)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"name": "a b"}, "No cookie can be called 'a b'"),
        ({"name": ""}, "No cookie can be called ''"),
        ({"name": "a=b"}, "No cookie can be called 'a=b'"),
        ({"value": "a;b"}, r"'x' cannot hold ';'.*cookies.signed\['x'\]"),
        ({"value": "a\r\nSet-Cookie: b=1"}, r"cannot hold '\\r'"),
        ({"value": "ü"}, "cannot hold 'ü'"),
        ({"value": "a" * 4096}, "has 4,097 bytes; browsers keep 4,096"),
        ({"path": "shop"}, "the path 'shop'. Write it like '/shop'"),
        ({"path": "/; Domain=evil.test"}, "the path '/; Domain"),
        ({"domain": "a b"}, "the domain 'a b'"),
        ({"domain": "a.test; Secure"}, "the domain 'a.test; Secure'"),
        ({"same_site": "Lax"}, "same_site='Lax'.*lax"),
        ({"same_site": "none"}, 'same_site="none" needs secure=True, and HTTPS'),
        ({"partitioned": True}, "partitioned=True needs secure=True"),
        ({"name": "__Host-x"}, "a name that begins like this needs secure=True"),
        ({"name": "__Secure-x"}, "a name that begins like this needs secure=True"),
        ({"name": "__Host-x", "secure": True, "path": "/a"}, "for this host alone"),
        ({"name": "__host-x", "secure": True, "domain": "a.test"}, "for this host alone"),
        ({"expires": datetime(2026, 1, 1)}, "which has no time zone"),
    ],
)
def test_a_cookie_that_no_browser_would_keep_is_refused(
    given: dict[str, Any], message: str
) -> None:
    with pytest.raises(CookieError, match=message):
        line(**given)


async def test_an_unknown_option_is_refused(environment: TestEnvironment) -> None:
    def act(it: Any) -> None:
        with pytest.raises(UnknownOptionError, match="http_only"):
            it.cookies.set("a", "1", httponly=True)
        with pytest.raises(CookieError, match=r"plain cookies are text.*signed"):
            it.cookies["a"] = 5

    async with doing(environment) as visitor:
        answer = await Doing(visitor)(act)
    assert answer.status == 200
    assert answer.set_cookies == []


# Signed and encrypted

BOTH = pytest.mark.parametrize("kind", ["signed", "encrypted"])


async def sealed(does: Doing, kind: str, value: Any, **options: Any) -> str:
    """The text of a cookie called "cart" that holds *value*."""
    await does(lambda it: getattr(it.cookies, kind).set("cart", value, **options))
    return does.visitor.cookies["cart"]


async def read(does: Doing, kind: str, name: str = "cart") -> Any:
    return (await does(lambda it: getattr(it.cookies, kind)[name])).json()


@BOTH
@pytest.mark.parametrize("value", [None, 0, "", "ü ; \n", [1, {"a": None}], {"deep": [[1]]}, 1.5])
async def test_any_json_comes_back(environment: TestEnvironment, kind: str, value: Any) -> None:
    async with doing(environment) as visitor:
        does = Doing(visitor)
        await sealed(does, kind, value)
        assert await read(does, kind) == value


@BOTH
async def test_it_can_be_read_in_the_request_that_set_it(
    environment: TestEnvironment, kind: str
) -> None:
    def act(it: Any) -> Any:
        cookies = getattr(it.cookies, kind)
        cookies["cart"] = [5]
        return [cookies["cart"], "cart" in cookies, "other" in cookies, cookies.get("other", 7)]

    async with doing(environment) as visitor:
        assert (await Doing(visitor)(act)).json() == [[5], True, False, 7]


@BOTH
async def test_a_value_does_not_open_in_another_cookie(
    environment: TestEnvironment, kind: str
) -> None:
    async with doing(environment) as visitor:
        does = Doing(visitor)
        visitor.cookies["other"] = await sealed(does, kind, {"admin": True})
        assert await read(does, kind, "other") is None


async def test_a_signed_value_is_no_encrypted_one(environment: TestEnvironment) -> None:
    async with doing(environment) as visitor:
        does = Doing(visitor)
        await sealed(does, "signed", 5)
        assert await read(does, "encrypted") is None
        await sealed(does, "encrypted", 5)
        assert await read(does, "signed") is None


@BOTH
async def test_a_changed_value_is_not_there(environment: TestEnvironment, kind: str) -> None:
    async with doing(environment) as visitor:
        does = Doing(visitor)
        text = await sealed(does, kind, {"user": 1})
        for place in range(0, len(text), 7):
            other = "A" if text[place] != "A" else "B"
            visitor.cookies["cart"] = text[:place] + other + text[place + 1 :]
            assert await read(does, kind) is None


@BOTH
@pytest.mark.parametrize("text", ["", "x", "====", "%%%", "A" * 4000, "A" * 100_000, "é", "a.b.c"])
async def test_garbage_is_not_there(environment: TestEnvironment, kind: str, text: str) -> None:
    async with doing(environment) as visitor:
        visitor.cookies["cart"] = text
        assert await read(Doing(visitor), kind) is None


async def test_a_forged_payload_is_not_there(environment: TestEnvironment) -> None:
    async with doing(environment) as visitor:
        does = Doing(visitor)
        text = await sealed(does, "signed", {"admin": False})
        data = urlsafe_b64decode(text + "==")
        forged = data[:32] + json.dumps([{"admin": True}, None]).encode()
        visitor.cookies["cart"] = urlsafe_b64encode(forged).decode().rstrip("=")
        assert await read(does, "signed") is None


@BOTH
async def test_a_value_outlives_its_cookie_in_no_browser(
    environment: TestEnvironment, kind: str
) -> None:
    async with doing(environment) as visitor:
        does = Doing(visitor)
        await sealed(does, kind, 5, max_age=60)
        does.clock.moved = timedelta(seconds=59)
        assert await read(does, kind) == 5
        does.clock.moved = timedelta(seconds=60)
        assert await read(does, kind) is None


@BOTH
async def test_what_an_old_secret_sealed_still_opens(
    environment: TestEnvironment, kind: str
) -> None:
    old, new = "the old secret, and a long one, too", "the new secret, and a long one, too"
    async with doing(environment, secret=old) as visitor:
        text = await sealed(Doing(visitor), kind, 5)
    for secret, value in (([new, old], 5), ([new], None)):
        async with doing(environment, secret=secret) as visitor:
            visitor.cookies["cart"] = text
            assert await read(Doing(visitor), kind) == value


async def test_an_encrypted_value_differs_each_time_on_a_server(
    environment: TestEnvironment,
) -> None:
    environment.needs("processes")
    async with doing(environment) as visitor:
        does = Doing(visitor)
        texts = {await sealed(does, "encrypted", "hunter2") for _ in range(3)}
    assert len(texts) == 3
    assert not [text for text in texts if b"hunter2" in urlsafe_b64decode(text + "==")]


@BOTH
async def test_what_is_no_json_is_refused(environment: TestEnvironment, kind: str) -> None:
    def act(it: Any) -> None:
        for value in (object(), float("nan"), {"a": NOW}):
            with pytest.raises(CookieError, match="'cart' cannot hold this"):
                getattr(it.cookies, kind)["cart"] = value
        with pytest.raises(CookieError, match="browsers keep 4,096"):
            getattr(it.cookies, kind)["cart"] = "a" * 4000

    async with doing(environment) as visitor:
        assert (await Doing(visitor)(act)).status == 200
