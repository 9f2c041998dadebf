"""Pages of other sites that an application lets in: signatures and streams for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.test_realtime_events import BoardChannel, PrivateChannel, by_token
from velocious.routing import Routes
from velocious.testing.client import Client

if TYPE_CHECKING:
    from velocious.testing.environment import TestEnvironment

SECRET = "a secret that nobody knows, of more than 32 characters"
PAGE, EVIL = "https://page.test", "https://evil.test"
TOKEN = "Bearer token of ann"
RULE = {
    "origins": [PAGE],
    "paths": ["/realtime/*"],
    "headers": ["authorization", "content-type", "last-event-id"],
}


def application(environment: TestEnvironment, **http: Any) -> Any:
    routes = Routes()
    routes.realtime("/realtime", on="both", authenticate=by_token)
    return environment.application(
        routes=routes,
        channels=[BoardChannel, PrivateChannel],
        secret=SECRET,
        http={"cors": RULE, **http},
    )


def asked(origin: str, **more: str) -> dict[str, str]:
    return {"origin": origin, "authorization": TOKEN, **more}


@pytest.mark.parametrize("path", ["auth", "events", "events/subscribe", "events/unsubscribe"])
async def test_a_browser_that_asks_first_is_told_who_may(
    environment: TestEnvironment, path: str
) -> None:
    async with application(environment) as configuration:
        client = Client(configuration)
        question = {
            "access-control-request-method": "GET" if path == "events" else "POST",
            "access-control-request-headers": "authorization,last-event-id",
        }
        answer = await client.options(f"/realtime/{path}", headers={"origin": PAGE, **question})
        answer.assert_status(204)
        assert answer.headers["access-control-allow-origin"] == PAGE
        assert "last-event-id" in answer.headers["access-control-allow-headers"]
        refused = await client.options(f"/realtime/{path}", headers={"origin": EVIL, **question})
        refused.assert_status(403)
        assert "access-control-allow-origin" not in refused.headers


async def test_a_page_that_may_gets_a_signature_it_can_read(environment: TestEnvironment) -> None:
    async with application(environment) as configuration:
        client = Client(configuration)
        body = {"socketId": "1.2", "channel": "private-board.1"}
        answer = await client.post("/realtime/auth", json=body, headers=asked(PAGE))
        answer.assert_status(200)
        assert answer.headers["access-control-allow-origin"] == PAGE
        assert answer.json()["auth"].startswith("1.2:")
        # What it says no to can be read, too: a client has to know why.
        refused = await client.post("/realtime/auth", json={}, headers=asked(PAGE))
        refused.assert_status(400)
        assert refused.headers["access-control-allow-origin"] == PAGE
        wrong = await client.post("/realtime/auth", json=body, headers=asked(EVIL))
        wrong.assert_status(403)
        assert "access-control-allow-origin" not in wrong.headers


@pytest.mark.parametrize(
    "metadata", [{}, {"sec-fetch-site": "cross-site", "sec-fetch-mode": "cors"}], ids=["old", "new"]
)
async def test_a_page_that_may_gets_a_stream_it_can_read(
    environment: TestEnvironment, metadata: dict[str, str]
) -> None:
    async with application(environment) as configuration:
        client = Client(configuration)
        address = "/realtime/events?channels=private-board.1"
        async with client.stream("GET", address, headers=asked(PAGE, **metadata)) as stream:
            assert stream.status == 200
            assert stream.headers["access-control-allow-origin"] == PAGE
        refused = await client.get(address, headers=asked(EVIL))
        refused.assert_status(403)
        assert "access-control-allow-origin" not in refused.headers


async def test_cookies_count_only_where_the_rule_says_so(environment: TestEnvironment) -> None:
    async with application(environment) as configuration:
        client = Client(configuration)
        client.cookies["session"] = "whatever"
        refused = await client.get("/realtime/events", headers=asked(PAGE))
        refused.assert_status(403)
    async with application(environment, cors={**RULE, "credentials": True}) as configuration:
        client = Client(configuration)
        client.cookies["session"] = "whatever"
        async with client.stream("GET", "/realtime/events", headers=asked(PAGE)) as stream:
            assert stream.status == 200
            assert stream.headers["access-control-allow-credentials"] == "true"


async def test_a_socket_of_such_a_page_needs_the_list_of_trusted_origins(
    environment: TestEnvironment,
) -> None:
    # A browser asks nobody before it opens one, and lets the page read whatever comes.
    async with application(environment) as configuration:
        async with Client(configuration).socket("/realtime", headers={"origin": EVIL}) as socket:
            assert socket.refused == 403
    trusted = {"trusted_origins": [PAGE]}
    async with application(environment, **trusted) as configuration:
        async with Client(configuration).socket("/realtime", headers={"origin": PAGE}) as socket:
            assert socket.refused is None
