"""Other ASGI applications below a path."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Mount, Route, Router, WebSocketRoute

from tests.unit.controller.test_asgi import Exchange, scope
from tests.unit.routing.asking import EchoController, client_of_routes, configuration_of
from velocious.errors import RoutingError
from velocious.routing import Routes

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from starlette.requests import Request
    from starlette.websockets import WebSocket


async def where(request: Request) -> JSONResponse:
    return JSONResponse(
        {
            "path": request.url.path,
            "root_path": request.scope["root_path"],
            "url_for": str(request.url_for("where", name="x")),
            "params": request.path_params,
        }
    )


async def greet(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(socket.scope["root_path"])
    await socket.close()


def inner(**options: Any) -> Starlette:
    routes = [Route("/where/{name}", where, name="where"), WebSocketRoute("/greet", greet)]
    return Starlette(routes=routes, **options)


def outer(app: Any = None) -> Routes:
    routes = Routes()
    routes.get("/admin/health", to=(EchoController, "index"))
    routes.mount("/admin", app or inner())
    return routes


async def changed(request: Request) -> PlainTextResponse:
    return PlainTextResponse("changed")


def changing() -> Starlette:
    return Starlette(routes=[Route("/change", changed, methods=["GET", "POST", "DELETE"])])


@pytest.mark.parametrize("method", ["POST", "DELETE"])
async def test_another_site_s_page_changes_nothing_in_what_is_mounted(method: str) -> None:
    evil = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    async with client_of_routes(outer(changing())) as client:
        refused = await client.request(method, "/admin/change", headers=evil)
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forgery_suspected")
        for own in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://app.test"}, {}):
            answer = await client.request(method, "/admin/change", headers=own)
            assert answer.text == "changed"
        assert (await client.get("/admin/change", headers=evil)).text == "changed"


async def test_what_is_mounted_may_look_after_its_changes_itself() -> None:
    routes = Routes()
    routes.mount("/api", changing(), csrf=False)
    async with client_of_routes(routes) as client:
        answer = await client.post("/api/change", headers={"Origin": "https://evil.example"})
        assert answer.text == "changed"


async def test_everything_below_the_path_is_the_other_application_s() -> None:
    async with client_of_routes(outer()) as client:
        assert (await client.get("/admin/where/me")).json() == {
            "path": "/admin/where/me",
            "root_path": "/admin",
            "url_for": "http://app.test/admin/where/x",
            "params": {"name": "me"},
        }
        assert (await client.get("/admin/health")).json() == {"action": "index"}
        assert (await client.get("/administration")).status_code == 404
        assert (await client.get("/admin/nothing")).status_code == 404
        assert (await client.post("/admin/where/me")).status_code == 405


@pytest.mark.parametrize("path", ["/shop/admin/where/me", "/admin/where/me"])
async def test_the_prefix_of_the_server_is_kept_whether_or_not_a_proxy_cut_it_off(
    path: str,
) -> None:
    async with client_of_routes(outer(), root_path="/shop") as client:
        answer = (await client.get(path)).json()
    assert (answer["root_path"], answer["path"]) == ("/shop/admin", "/shop/admin/where/me")
    assert answer["url_for"] == "http://app.test/shop/admin/where/x"


async def test_the_application_itself_can_be_mounted_in_another() -> None:
    async with configuration_of(outer()) as configuration:
        whole = Router([Mount("/all", app=configuration.asgi())])
        exchange = Exchange()
        await whole(scope("GET", "/all/admin/where/me"), exchange.receive, exchange.send)
    assert b'"url_for":"http://app.test/all/admin/where/x"' in exchange.heard[1]["body"]


async def test_a_mounted_path_may_have_parameters() -> None:
    routes = Routes()
    routes.mount("/tenants/{id:int}", inner())
    async with client_of_routes(routes) as client:
        answer = (await client.get("/tenants/7/where/me")).json()
        assert answer["root_path"] == "/tenants/7"
        assert (await client.get("/tenants/x/where/me")).status_code == 404


async def test_at_the_root_it_answers_what_nothing_else_does() -> None:
    routes = Routes()
    routes.get("/x", to=(EchoController, "index"))
    routes.mount("/", PlainTextResponse("other"))
    async with client_of_routes(routes) as client:
        assert (await client.get("/x")).json() == {"action": "index"}
        assert (await client.get("/y/z")).text == "other"


async def test_at_the_root_the_files_of_the_application_come_first(tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "a.txt").write_text("a file")
    routes = Routes()
    routes.mount("/", PlainTextResponse("other"))
    async with client_of_routes(routes, directory=str(tmp_path)) as client:
        assert (await client.get("/a.txt")).text == "a file"
        assert (await client.get("/b.txt")).text == "other"


async def test_websockets_reach_it() -> None:
    exchange = Exchange({"type": "websocket.connect"}, {"type": "websocket.disconnect"})
    asked = {**scope("GET", "/admin/greet"), "type": "websocket"}
    async with configuration_of(outer()) as configuration:
        await configuration.asgi()(asked, exchange.receive, exchange.send)
    assert exchange.heard[1] == {"type": "websocket.send", "text": "/admin"}


async def test_it_starts_and_stops_with_ours_and_its_requests_see_its_state() -> None:
    events: list[str] = []

    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncGenerator[dict[str, str]]:
        events.append("started")
        yield {"greeting": "hello"}
        events.append("stopped")

    async def greeting(request: Request) -> PlainTextResponse:
        return PlainTextResponse(request.state.greeting)

    app = Starlette(routes=[Route("/", greeting)], lifespan=lifespan)
    routes = Routes()
    # Twice, and once beside an application that knows no such events.
    routes.mount("/a", app)
    routes.mount("/b", app)
    routes.mount("/c", PlainTextResponse("c"))
    asgi = configuration_of(routes).asgi()
    answer = Exchange()

    class Server(Exchange):
        async def send(self, message: Any) -> None:
            await super().send(message)
            if message["type"] == "lifespan.startup.complete":
                await asgi(scope("GET", "/b/"), answer.receive, answer.send)

    server = Server({"type": "lifespan.startup"}, {"type": "lifespan.shutdown"})
    await asgi({"type": "lifespan", "state": {}}, server.receive, server.send)
    assert server.kinds == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert answer.heard[1]["body"] == b"hello"
    assert events == ["started", "stopped"]


async def test_one_that_cannot_start_stops_the_start() -> None:
    async def broken(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no disk"})

    server = Exchange({"type": "lifespan.startup"})
    asgi = configuration_of(outer(broken)).asgi()
    with pytest.raises(RoutingError, match="lifespan.startup.failed: no disk"):
        await asgi({"type": "lifespan", "state": {}}, server.receive, server.send)
    assert server.kinds == ["lifespan.startup.failed"]
