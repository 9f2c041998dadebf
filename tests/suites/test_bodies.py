"""Bodies of requests: which are read, and how they meet the query and the path."""

from __future__ import annotations

import gzip
import json
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.asking import ask
from velocious.controller import Controller
from velocious.routing import Routes

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.types import ASGIApp

    from velocious.testing.environment import TestEnvironment

FORM = "application/x-www-form-urlencoded"


class EchoController(Controller):
    async def echo(self) -> None:
        self.render(json=self.params)

    async def raw(self) -> None:
        self.render(json=len(await self.request.body()))

    async def name(self) -> None:
        self.render(json=self.params["name"])

    async def action_of(self) -> None:
        self.render(json=[self.action, self.params])


@asynccontextmanager
async def echoing(environment: TestEnvironment, **http: Any) -> AsyncGenerator[ASGIApp]:
    # What is asked here is the same for every database.
    environment.needs("sqlite_files")
    routes = Routes()
    for name in ("echo", "name", "action_of", "raw"):
        routes.post(f"/{name}", to=(EchoController, name))
    routes.get("/echo", to=(EchoController, "echo"))
    routes.post("/echo/{id:int}", to=(EchoController, "echo"))
    async with environment.application(routes=routes, http=http) as configuration:
        yield configuration.asgi()


async def test_the_path_wins_over_the_body_and_the_body_over_the_query(
    environment: TestEnvironment,
) -> None:
    async with echoing(environment) as app:
        for kind, body in (("application/json", b'{"id": 2, "n": "body"}'), (FORM, b"id=2&n=body")):
            answer = await ask(
                app, "POST", "/echo/7", body, query="id=1&n=query&t[]=a&t[]=b", content_type=kind
            )
            assert answer.json == {"id": 7, "n": "body", "t": ["a", "b"]}


async def test_a_client_cannot_name_the_action(environment: TestEnvironment) -> None:
    sent = {"controller": "admin", "action": "destroy"}
    async with echoing(environment) as app:
        body = json.dumps(sent).encode()
        answer = await ask(app, "POST", "/action_of", body, content_type="application/json")
    assert answer.json == ["action_of", sent]


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "gzip, identity", "x"])
@pytest.mark.parametrize("kind", ["application/json", FORM, "multipart/form-data; boundary=x"])
async def test_a_body_that_would_have_to_be_unpacked_is_refused(
    environment: TestEnvironment, encoding: str, kind: str
) -> None:
    bomb = gzip.compress(b" " * 10_000_000)
    async with echoing(environment) as app:
        answer = await ask(app, "POST", "/echo", bomb, content_type=kind, content_encoding=encoding)
    assert (answer.status, answer.error["code"]) == (415, "unsupported_body")


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json; charset=utf-8", 200),
        ('application/json;charset="UTF-8"', 200),
        ("application/problem+json", 200),
        ("Application/JSON ; v=1", 200),
        ("application/json; charset=utf-16", 415),
        ("application/json; Charset=latin-1", 415),
        (f"{FORM}; charset=iso-8859-1", 415),
    ],
)
async def test_a_body_is_utf_8(environment: TestEnvironment, kind: str, status: int) -> None:
    body = b"{}" if "json" in kind.lower() else b"a=1"
    async with echoing(environment) as app:
        assert (await ask(app, "POST", "/echo", body, content_type=kind)).status == status


@pytest.mark.parametrize("place", ["query", "form"])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a[=1", "'a['"),
        ("a=1&a[b]=2", "contradicts"),
        ("a=%FF", "not UTF-8"),
        ("a=1&" * 100_000, "more than 4,096 parameters"),
    ],
)
async def test_what_cannot_be_read_is_the_clients_mistake(
    environment: TestEnvironment, place: str, text: str, said: str
) -> None:
    async with echoing(environment) as app:
        if place == "query":
            answer = await ask(app, "GET", "/echo", query=text)
        else:
            answer = await ask(app, "POST", "/echo", text.encode(), content_type=FORM)
    assert (answer.status, said in answer.error["message"]) == (400, True)


async def test_a_missing_name_among_a_hundred_thousand_is_answered_at_once(
    environment: TestEnvironment,
) -> None:
    body = json.dumps({f"nbme{number}": 1 for number in range(60_000)}).encode()
    async with echoing(environment) as app:
        answer = await ask(app, "POST", "/name", body, content_type="application/json")
    assert answer.error["message"] == "The parameter 'name' is missing."


async def test_a_body_that_the_action_reads_itself_has_a_limit_too(
    environment: TestEnvironment,
) -> None:
    async def endless() -> AsyncGenerator[bytes]:
        for _ in range(1000):
            yield b"x" * 10

    async with echoing(environment, upload_limit=1000) as app:
        answer = await ask(app, "POST", "/raw", b"x" * 1000, content_type="text/csv")
        assert answer.json == 1000
        answer = await ask(app, "POST", "/raw", endless(), content_type="text/csv")
        assert (answer.status, answer.error["code"]) == (413, "body_too_large")


async def test_five_megabytes_of_json_are_answered_in_no_time(environment: TestEnvironment) -> None:
    rows = [{"id": number, "name": f"row {number}", "done": False} for number in range(100_000)]
    body = json.dumps(rows).encode()
    assert len(body) > 5_000_000
    begun = time.perf_counter()
    async with echoing(environment, body_limit=6_000_000) as app:
        answer = await ask(app, "POST", "/raw", body, content_type="application/json")
    assert answer.json == len(body)
    # The original took 1.1 s for the parsing alone; a browser on a busy machine gets more.
    assert time.perf_counter() - begun < 5
