"""What a JSON ping costs, beside plain Starlette doing the same, in one process.

Run ``python -m benchmarks.http``. No socket is involved: both applications are called as an ASGI
server calls them, in turns, so that what is compared is the work of the framework alone.
"""

from __future__ import annotations

import asyncio
import time
from statistics import median
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from velocious import Configuration
from velocious.controller import Controller
from velocious.routing import Routes
from velocious_node import LogSettings, NodeEnvironmentHandler

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp

ROUNDS = 31
CALLS = 1000
HEADERS = [
    (b"host", b"127.0.0.1:3006"),
    (b"accept", b"*/*"),
    (b"user-agent", b"benchmark"),
    (b"content-type", b"application/json"),
]


class PingController(Controller):
    async def show(self) -> None:
        self.render(json={"pong": True})

    async def echo(self) -> None:
        self.render(json={"id": self.params["id"], "q": self.params["q"], "n": self.params["n"]})


def ours() -> Configuration:
    """An application with two actions, logging nothing, as plain Starlette does."""
    routes = Routes()
    routes.get("/ping", to=(PingController, "show"))
    routes.post("/echo/{id:int}", to=(PingController, "echo"))
    return Configuration(
        environment_handler=NodeEnvironmentHandler(log=LogSettings(console=False)),
        environment="production",
        databases={"default": "sqlite:///:memory:"},
        routes=routes,
        log_level="warning",
    )


def plain() -> Starlette:
    """The same by hand."""

    async def show(_: Request) -> Response:
        return JSONResponse({"pong": True})

    async def echo(request: Request) -> Response:
        body = await request.json()
        identifier, query = request.path_params["id"], request.query_params["q"]
        return JSONResponse({"id": identifier, "q": query, "n": body["n"]})

    return Starlette(routes=[Route("/ping", show), Route("/echo/{id:int}", echo, methods=["POST"])])


async def call(app: ASGIApp, method: str, path: str, query: bytes, body: bytes) -> bytes:
    """One request; the body of its answer."""
    answer = b""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        nonlocal answer
        answer += message.get("body", b"")

    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "root_path": "",
        "headers": HEADERS,
        "client": ("127.0.0.1", 5000),
        "server": ("127.0.0.1", 3006),
    }
    await app(scope, receive, send)
    return answer


async def microseconds(app: ASGIApp, *request: Any) -> float:
    """The time that one call takes, as the mean of many."""
    begun = time.perf_counter()
    for _ in range(CALLS):
        await call(app, *request)
    return (time.perf_counter() - begun) / CALLS * 1e6


async def compare(title: str, app: ASGIApp, other: ASGIApp, *request: Any) -> None:
    """Print both times and their ratio, round by round in turns."""
    if await call(app, *request) != await call(other, *request):
        raise SystemExit(f"{title}: the two answers differ, so their times cannot be compared.")
    rounds = [
        (await microseconds(app, *request), await microseconds(other, *request))
        for _ in range(ROUNDS)
    ]
    own, plainly = (median(side) for side in zip(*rounds, strict=True))
    ratio = median(a / b for a, b in rounds)
    print(f"{title:<12}{own:>10.1f}{plainly:>12.1f}{ratio:>8.2f}")


async def main() -> None:
    configuration, other = ours(), plain()
    async with configuration:
        app = configuration.asgi()
        print(f"{'µs a request':<12}{'velocious':>10}{'starlette':>12}{'ratio':>8}")
        await compare("JSON ping", app, other, "GET", "/ping", b"", b"")
        await compare("JSON echo", app, other, "POST", "/echo/7", b"q=tea", b'{"n": 3}')


if __name__ == "__main__":
    asyncio.run(main())
