"""What stands around every request: HTTPS, headers for safety, and who may not come in."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.unit.controller.answers import client_of
from velocious.controller import Controller
from velocious.errors import ConfigurationError


class PagesController(Controller):
    async def page(self) -> None:
        nonce = self.csp_nonce()
        assert nonce == self.csp_nonce()
        self.render_text(nonce, headers={"Content-Type": "text/html; charset=utf-8"})

    async def plain(self) -> None:
        self.render_text("plain", headers=dict(self.request.query_params))

    async def data(self) -> None:
        self.render(
            json=[self.request.url.scheme, self.request.client and self.request.client.host]
        )

    async def broken(self) -> None:
        raise LookupError("inside")


def ask(**http: Any) -> Any:
    environment = http.pop("environment", "test")
    return client_of(PagesController, environment=environment, http=http)


# HTTPS


async def test_plain_http_is_led_to_https() -> None:
    async with ask(force_ssl=True) as client:
        answer = await client.get("/page?a=%0d%0aX:1&b=ü")
        assert answer.status_code == 301
        assert answer.headers["location"] == "https://app.test/page?a=%0d%0aX:1&b=%C3%BC"
        answer = await client.post("/page", headers={"Host": "app.test:8080"})
        assert answer.status_code == 308
        assert answer.headers["location"] == "https://app.test/page"


async def test_https_is_answered_and_asks_to_be_kept() -> None:
    async with ask(force_ssl=True) as client:
        answer = await client.get("https://app.test/plain")
    assert answer.status_code == 200
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    async with ask() as client:
        answer = await client.get("https://app.test/plain")
    assert "strict-transport-security" not in answer.headers


async def test_a_proxy_that_ends_https_is_believed() -> None:
    async with ask(force_ssl=True, trusted_proxies=["127.0.0.1"]) as client:
        told = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}
        assert (await client.get("/data", headers=told)).json() == ["https", "203.0.113.7"]
    async with ask(force_ssl=True) as client:
        assert (await client.get("/data", headers=told)).status_code == 301


async def test_who_watches_the_process_asks_as_it_likes() -> None:
    settings = {"environment": "production", "hosts": ["shop.example"], "force_ssl": True}
    async with ask(**settings) as client:
        for path in ("/up", "/ready"):
            answer = await client.get(path, headers={"Host": "10.0.0.5"})
            assert answer.status_code not in (301, 308, 400), path
        assert (await client.get("/page", headers={"Host": "10.0.0.5"})).status_code == 400


# Hosts


async def test_a_foreign_host_never_reaches_an_action() -> None:
    async with ask(environment="production", hosts=["app.test"]) as client:
        assert (await client.get("/plain")).status_code == 200
        answer = await client.get("/broken", headers={"Host": "evil.test"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "host_not_allowed")
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_forwarded_host_is_checked_as_well() -> None:
    async with ask(hosts=["app.test"], trusted_proxies=["127.0.0.1"]) as client:
        for host, status in (("app.test", 200), ("evil.test", 400), ("e\\vil", 400)):
            told = {"X-Forwarded-Host": host}
            assert (await client.get("/plain", headers=told)).status_code == status


REFUSED = [{"type": "websocket.close", "code": 1008, "reason": ""}]
#: Nothing in the application answers to sockets.
UNANSWERED = [{"type": "websocket.close", "code": 1000, "reason": ""}]


async def open_socket(app: Any, scheme: str = "ws", **headers: str) -> list[Any]:
    """What the application says to a socket that is about to open."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    given = [
        (name.encode(), text.encode()) for name, text in {"host": "app.test", **headers}.items()
    ]
    scope = {"type": "websocket", "scheme": scheme, "path": "/", "headers": given}
    await app(scope, receive, send)
    return sent


async def test_a_websocket_for_a_foreign_host_is_refused() -> None:
    async with ask(hosts=["app.test"]) as client:
        app: Any = client._transport.app
        assert await open_socket(app, host="evil.test") == REFUSED
        assert await open_socket(app) == UNANSWERED


async def test_a_websocket_of_another_sites_page_is_refused() -> None:
    async with ask(trusted_origins=["https://pay.example"]) as client:
        app: Any = client._transport.app
        for origin in ("https://evil.test", "null", "https://app.test"):
            assert await open_socket(app, origin=origin) == REFUSED, origin
        for origin in ("http://app.test", "https://pay.example"):
            assert await open_socket(app, origin=origin) == UNANSWERED, origin
        assert await open_socket(app, "wss", origin="https://app.test") == UNANSWERED


# Headers

SAFE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "x-frame-options": "SAMEORIGIN",
    "cross-origin-opener-policy": "same-origin",
}


@pytest.mark.parametrize("path", ["/plain", "/data", "/page", "/broken", "/nowhere"])
async def test_every_answer_has_the_headers_for_safety(path: str) -> None:
    async with ask() as client:
        answer = await client.get(path)
    assert {name: answer.headers[name] for name in SAFE} == SAFE


async def test_an_action_has_the_last_word_on_them() -> None:
    async with ask() as client:
        answer = await client.get("/plain?X-Frame-Options=DENY")
    assert answer.headers.get_list("x-frame-options") == ["DENY"]


async def test_the_settings_add_change_and_remove_headers() -> None:
    headers = {"X-Frame-Options": None, "Referrer-Policy": "no-referrer", "X-Shop": "1"}
    async with ask(headers=headers) as client:
        answers = [await client.get("/plain"), await client.get("/data")]
    for answer in answers:
        assert "x-frame-options" not in answer.headers
        assert answer.headers.get_list("referrer-policy") == ["no-referrer"]
        assert answer.headers["x-shop"] == "1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X Shop", "1"),
        ("", "1"),
        ("X-Shop:", "1"),
        ("X-Shop", "a\r\nSet-Cookie: b=1"),
        ("X", "\x00"),
    ]
    + [("X", "→"), ("X", 5), ("X\n", "1")],
)
async def test_a_header_that_cannot_be_one_stops_the_start(name: str, value: Any) -> None:
    with pytest.raises(ConfigurationError, match="header"):
        async with ask(headers={name: value}):
            pass


# The policy of pages


async def test_pages_have_the_policy_and_a_nonce_of_their_own() -> None:
    policy = "default-src 'self'; script-src 'self' {nonce}"
    async with ask(content_security_policy=policy) as client:
        pages = [await client.get("/page") for _ in range(2)]
        assert "content-security-policy" not in (await client.get("/data")).headers
    for page in pages:
        expected = f"default-src 'self'; script-src 'self' 'nonce-{page.text}'"
        assert page.headers["content-security-policy"] == expected
        assert re.fullmatch(r"[\w-]{22}", page.text)
    assert pages[0].text != pages[1].text


async def test_a_policy_is_one_line() -> None:
    with pytest.raises(ConfigurationError, match="content-security-policy cannot be"):
        async with ask(content_security_policy="default-src 'self';\n script-src 'self'"):
            pass


async def test_without_a_policy_none_is_sent() -> None:
    async with ask() as client:
        page = await client.get("/page")
    assert "content-security-policy" not in page.headers
