"""The application of a worker answers requests: what goes in, what comes out, what is kept."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.browser._host import RecordedHost
from velocious_browser import worker
from velocious_browser.http.cookie_jar import CookieJar
from velocious_browser.http.exchange import LocalRequest, parse_request
from velocious_browser.http.scope import http_scope
from velocious_browser.server import BrowserServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from velocious_browser.http.exchange import Headers

FILES = {
    "app/config/configuration.py": """
from velocious.configuration import Configuration

def configuration(environment_handler):
    return Configuration(environment_handler=environment_handler, directory={directory!r})
""",
    "app/config/routes.py": """
from velocious.routing import Routes

routes = Routes()
routes.get("/hello/{name}", to="things#hello")
routes.post("/echo", to="things#echo")
routes.get("/stream", to="things#pieces")
routes.get("/breaks", to="things#breaks")
routes.get("/waits", to="things#waits")
routes.get("/sign-in", to="things#sign_in")
routes.get("/admin", to="admin/secrets#index")
routes.get("/rows", to="things#rows")
""",
    "app/controllers/things_controller.py": """
import asyncio
from starlette.responses import Response, StreamingResponse
from velocious.configuration import Configuration
from velocious.controller import Controller

waiting = []

class ThingsController(Controller):
    async def hello(self):
        self.render_text(f"hello {self.params['name']} {self.request.cookies.get('who', '')}")

    async def echo(self):
        return Response(await self.request.body(), headers={"X-Kind": "echo"})

    async def pieces(self):
        async def pieces():
            for number in range(3):
                yield b"%d" % number
        return StreamingResponse(pieces())

    async def breaks(self):
        async def pieces():
            yield b"half"
            raise RuntimeError("broken in the middle")
        return StreamingResponse(pieces())

    async def waits(self):
        waiting.append("began")
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            waiting.append("cancelled")
            raise

    async def sign_in(self):
        response = Response("in")
        response.set_cookie("who", "ann", httponly=True)
        response.set_cookie("gone", "", max_age=0)
        return response

    async def rows(self):
        rows = await Configuration.current().database().fetch("SELECT name FROM things")
        self.render(json=[name for (name,) in rows])
""",
    "app/db/migrations/20260101000000_create_things.py": """
from velocious.migration import Migration

class CreateThings(Migration):
    async def up(self):
        async with self.create_table("things") as t:
            t.string("name")
    async def down(self):
        await self.drop_table("things")
""",
    "app/db/seed.py": """
async def seed(configuration, progress):
    await configuration.database().execute("INSERT INTO things (name) VALUES ('seeded')")
""",
}


class Recorded:
    """An exchange that keeps what it was told."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = list(pieces)
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""
        self.told: list[str] = []

    async def receive(self) -> bytes:
        return self.pieces.pop(0) if self.pieces else b""

    def whole(self, status: int, headers: Headers, body: bytes) -> None:
        self.begin(status, headers)
        self.body = body
        self.told[-1] = "whole"

    def begin(self, status: int, headers: Headers) -> None:
        self.told.append("begin")
        self.status, self.headers = status, dict(headers)

    async def piece(self, body: bytes) -> None:
        self.told.append("piece")
        self.body += body

    def end(self) -> None:
        self.told.append("end")

    def fail(self, message: str) -> None:
        self.told.append(f"fail: {message}")


@pytest.fixture
async def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[BrowserServer]:
    """The server of an application that was opened as a worker opens it."""
    monkeypatch.setattr(worker, "_worker", worker.Worker())
    monkeypatch.setattr(sys, "path", list(sys.path))
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text.replace("{directory!r}", repr(str(tmp_path))))
    boot = {
        "protocol": 1,
        "appId": "things",
        "environment": "test",
        "app": {"entry": "app.config.configuration", "directory": str(tmp_path)},
        "databaseDirectory": str(tmp_path / "storage"),
    }
    await worker.start(json.dumps(boot), RecordedHost())
    yield BrowserServer(worker.application())
    await worker.close()
    for name in [name for name in sys.modules if name.partition(".")[0] == "app"]:
        del sys.modules[name]


def request(path: str, method: str = "GET", **options: Any) -> LocalRequest:
    headers = options.pop("headers", [])
    return LocalRequest(method, f"https://notes.example{path}", headers, **options)


async def ask(server: BrowserServer, path: str, method: str = "GET", *body: bytes) -> Recorded:
    exchange = Recorded(*body)
    await server.answer(request(path, method), exchange)
    return exchange


async def test_an_action_answers_in_one_piece(server: BrowserServer) -> None:
    answer = await ask(server, "/hello/w%C3%B6rld?x=1")
    assert (answer.status, answer.body.decode()) == (200, "hello wörld ")
    assert answer.told == ["whole"]
    assert answer.headers["content-type"].startswith("text/plain")


async def test_a_body_in_pieces_arrives_whole(server: BrowserServer) -> None:
    answer = await ask(server, "/echo", "POST", b"\x00\xff", b"more", bytes(range(256)))
    assert answer.body == b"\x00\xffmore" + bytes(range(256))
    assert answer.headers["x-kind"] == "echo"


async def test_a_stream_leaves_in_pieces(server: BrowserServer) -> None:
    answer = await ask(server, "/stream")
    assert answer.body == b"012"
    assert answer.told == ["begin", "piece", "piece", "piece", "end"]


async def test_head_has_the_headers_alone(server: BrowserServer) -> None:
    answer = await ask(server, "/hello/you", "HEAD")
    assert (answer.status, answer.body, answer.headers["content-length"]) == (200, b"", "10")


async def test_an_answer_that_breaks_in_the_middle_says_so(server: BrowserServer) -> None:
    answer = await ask(server, "/breaks")
    assert answer.told == ["begin", "piece", "fail: RuntimeError: broken in the middle"]


async def test_the_database_is_migrated_and_seeded_once(server: BrowserServer) -> None:
    first, second = await asyncio.gather(ask(server, "/rows"), ask(server, "/rows"))
    again = BrowserServer(worker.application())
    assert [json.loads(one.body) for one in (first, second, await ask(again, "/rows"))] == [
        ["seeded"]
    ] * 3


async def test_cookies_stay_here_and_come_back(server: BrowserServer) -> None:
    answer = await ask(server, "/sign-in")
    assert "set-cookie" not in answer.headers
    assert (await ask(server, "/hello/you")).body == b"hello you ann"
    later = BrowserServer(worker.application())
    assert (await ask(later, "/hello/you")).body == b"hello you ann"


async def test_a_controller_that_was_not_sent_leaves_its_route_out(server: BrowserServer) -> None:
    assert (await ask(server, "/admin")).status == 404


async def test_a_cancelled_request_ends_its_action(server: BrowserServer) -> None:
    task = asyncio.create_task(ask(server, "/waits"))
    await asyncio.wait([task], timeout=0.5)
    things = sys.modules["app.controllers.things_controller"]
    assert things.waiting == ["began"]
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert things.waiting == ["began", "cancelled"]


async def test_only_so_many_requests_run_at_once(server: BrowserServer) -> None:
    narrow = BrowserServer(worker.application(), at_once=1)
    blocking = asyncio.create_task(ask(narrow, "/waits"))
    await asyncio.sleep(0.05)
    behind = asyncio.create_task(ask(narrow, "/hello/you"))
    await asyncio.sleep(0.05)
    assert not behind.done()
    blocking.cancel()
    assert (await behind).status == 200


def test_a_scope_is_made_of_what_the_browser_says() -> None:
    given = request("/a%2Fb?q=%20", "POST", headers=[("X-Own", "1"), ("Cookie", "forged=1")])
    scope = http_scope(given, CookieJar(_Never()), "/below")
    headers = dict(scope["headers"])
    assert (scope["path"], scope["raw_path"]) == ("/a/b", b"/a%2Fb")
    assert (scope["query_string"], scope["root_path"], scope["scheme"]) == (
        b"q=%20",
        "/below",
        "https",
    )
    assert scope["server"] == ("notes.example", 443)
    assert headers[b"host"] == b"notes.example"
    assert headers[b"origin"] == b"https://notes.example"
    assert headers[b"sec-fetch-site"] == b"same-origin"
    assert b"cookie" not in headers


def test_another_site_is_told_from_this_one() -> None:
    given = request("/", "POST", headers=[("Origin", "https://notes.example")], cross_site=True)
    headers = dict(http_scope(given, CookieJar(_Never()), "")["headers"])
    assert (headers[b"origin"], headers[b"sec-fetch-site"]) == (b"null", b"cross-site")


def test_a_request_is_read_from_what_the_service_worker_says() -> None:
    told = {
        "method": "GET",
        "url": "https://notes.example/",
        "headers": [["accept", "*/*"]],
        "crossSite": False,
        "mode": "navigate",
        "type": "request",
    }
    assert parse_request(json.dumps(told)) == LocalRequest(
        "GET", "https://notes.example/", [("accept", "*/*")], False, "navigate"
    )


class _Never:
    def now(self) -> Any:
        from datetime import UTC, datetime

        return datetime(2026, 1, 1, tzinfo=UTC)
