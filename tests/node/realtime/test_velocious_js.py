"""The dialect of velocious for JavaScript, judged by its own client."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute

from tests.node.realtime.foreign_client import foreign_client, needs
from tests.node.realtime.realtime_server import serving
from tests.suites.waiting import until
from velocious.realtime import Admit, Channel, Close, Engine, Identity, Keep
from velocious.realtime.asgi.requests import AsgiRequests
from velocious.realtime.asgi.websockets import WebSockets
from velocious.realtime.dialects import VelociousDialect

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.requests import Request
    from starlette.responses import Response

    from tests.node.realtime.foreign_client import ForeignClient
    from velocious.realtime import Context, Upgrade


class News(Channel):
    pattern = "news"
    history = Keep(count=2, seconds=60)


class Board(Channel):
    pattern = "private-board.{id}"
    history = Keep(count=2, seconds=60)

    async def authorize(self) -> bool:
        return self.user == "ann"

    def paused(self) -> None:
        # At once: its client is back in a tenth of a second.
        hub, name = self.connection.hub, self.name
        self.connection.state["telling"] = asyncio.ensure_future(
            hub.publish(name, "message", "meanwhile")
        )


class Chess(Channel):
    """A conversation of one client with the server."""

    pattern = "chess:{game}"
    moves: ClassVar[list[Any]] = []

    async def perform(self, context: Context) -> Any:
        self.moves.append(context.data)
        context.send("message", {"thinking": True})
        return {"answer": context.data["move"][::-1]}

    async def metadata_changed(self) -> None:
        await self.connection.hub.publish(self.name, "theme", self.connection.state["metadata"])


async def admit(upgrade: Upgrade) -> Admit:
    return Admit(Identity(upgrade.cookies["user"]))


async def echo(request: Request) -> Response:
    return JSONResponse(
        {
            "user": request.cookies.get("user"),
            "query": dict(request.query_params),
            "method": request.method,
            "body": await request.json() if request.method == "POST" else None,
            "kind": request.headers.get("x-kind"),
            "forwarded": request.headers.get("x-forwarded-for"),
        },
        status_code=201,
    )


@asynccontextmanager
async def place(user: str = "ann") -> AsyncGenerator[tuple[Engine, ForeignClient]]:
    needs("velocious")
    channels = [News, Board, Chess]
    pages = Starlette(routes=[Route("/echo", echo, methods=["GET", "POST"])])
    engine = Engine(channels=channels, upgrade=admit, requests=AsgiRequests(pages))
    application = Starlette(
        routes=[WebSocketRoute("/websocket", WebSockets(engine, [VelociousDialect(channels)]))]
    )
    async with (
        serving(engine, application) as port,
        foreign_client("velocious.mjs", str(port), user) as client,
    ):
        await client.do("connect")
        await client.hears("connected")
        yield engine, client


async def test_requests_reach_the_application_with_the_cookies_of_the_upgrade() -> None:
    async with place() as (_, client):
        headers = {"X-Kind": "test", "Cookie": "user=eve", "X-Forwarded-For": "6.6.6.6"}
        await client.do(
            "request", method="POST", path="/echo?a=1", body={"name": "ü"}, headers=headers
        )
        answer = await client.hears("response", status=201, phrase="Created")
        assert '"user":"ann"' in answer["body"]
        assert '"query":{"a":"1"}' in answer["body"]
        assert '"body":{"name":"ü"}' in answer["body"]
        assert '"kind":"test"' in answer["body"]
        assert '"forwarded":null' in answer["body"]
        assert answer["headers"]["content-type"] == "application/json"
        await client.do("request", method="GET", path="/nowhere")
        await client.hears("response", status=404, phrase="Not Found")


async def test_hears_a_channel_by_name_once_whatever_parameters_it_names() -> None:
    async with place() as (engine, client):
        await client.do("subscribe", channel="news", params={"page": 1})
        await client.hears("subscribed", channel="news")
        await engine.hub.publish("news", "message", {"text": "ü"})
        heard = await client.hears("event")
        assert heard["payload"] == {"text": "ü"}
        assert heard["message"]["sequence"] == 1


async def test_hears_what_it_missed_or_that_it_cannot() -> None:
    async with place() as (engine, client):
        await engine.hub.publish("news", "message", 1)
        epoch = engine.provider.origin
        await engine.hub.publish("news", "message", 2)
        await client.do("subscribe", channel="news", lastEventId=f"{epoch}-1")
        assert (await client.hears("event"))["payload"] == 2
        for number in range(3, 7):
            await engine.hub.publish("news", "message", number)
        await client.do("subscribe", channel="news", params={"again": 1}, lastEventId=f"{epoch}-1")
        failed = await client.hears("failed")
        assert failed["message"] == "Error: Replay gap for news"


async def test_hears_the_channel_of_a_class_where_it_may() -> None:
    async with place() as (engine, client):
        await client.do("channel", key="a", type="Board", params={"id": 7})
        await client.hears("ready", key="a")
        await engine.hub.publish("private-board.7", "message", "moved")
        assert (await client.hears("message", key="a"))["body"] == "moved"
        await client.do("close", key="a")
        await until(lambda: not engine.hub.topics)
    async with place("eve") as (engine, client):
        await client.do("channel", key="a", type="Board", params={"id": 7})
        closed = await client.hears("closed", key="a")
        assert closed["reason"] == "error: Subscription not authorized"


async def test_talks_with_the_server_alone() -> None:
    async with place() as (_, client):
        await client.do("connection", key="a", type="Chess", params={"game": "g1"})
        await client.hears("opened", key="a")
        await client.do("tell", key="a", body={"move": "e4"})
        assert (await client.hears("message", count=2))["body"] == {"answer": "4e"}
        assert client.all_heard("message")[0]["body"] == {"thinking": True}
        await client.do("metadata", name="theme", value="dark")
        told = await client.hears("message", count=3)
        assert told["body"] == {"event": "theme", "data": {"theme": "dark"}}
        await client.do("close", key="a")
        assert (await client.hears("closed"))["reason"] == "client_close"


async def test_goes_on_after_its_socket_was_lost_and_hears_what_waited() -> None:
    async with place() as (engine, client):
        await client.do("channel", key="a", type="Board", params={"id": 7})
        await client.hears("ready")
        (before,) = engine.connections.values()
        await client.do("drop")
        await client.hears("away")
        await client.hears("resumed", key="a")
        assert (await client.hears("message"))["body"] == "meanwhile"
        await engine.hub.publish("private-board.7", "message", "live")
        assert (await client.hears("message", count=2))["body"] == "live"
        assert list(engine.connections.values()) == [before]


async def test_is_told_that_nothing_is_left_to_go_on_with() -> None:
    async with place() as (engine, client):
        await client.do("channel", key="a", type="Board", params={"id": 7})
        await client.hears("ready")
        (before,) = engine.connections.values()
        before.end(Close.RESTART, "Server restarting")
        assert (await client.hears("closed"))["reason"] == "session_gone"
