"""The Pusher dialect, judged by pusher-js."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute

from tests.node.realtime.foreign_client import foreign_client, needs
from tests.node.realtime.realtime_server import serving
from tests.suites.waiting import until
from velocious.realtime import (
    Channel,
    ChannelSigner,
    Engine,
    MessageRegistry,
    RealtimeSettings,
)
from velocious.realtime.asgi.websockets import WebSockets
from velocious.realtime.dialects import PusherDialect
from velocious.realtime.publication import to_json

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.requests import Request
    from starlette.responses import Response

    from tests.node.realtime.foreign_client import ForeignClient
    from velocious.realtime import Context

SIGNER = ChannelSigner(["a secret of some length"])


class Room(Channel):
    pattern = "presence-room.{id}"
    client_events = True
    leave_grace = 0


class Place:
    """An application, and clients of it."""

    def __init__(self, engine: Engine, port: int) -> None:
        self.engine = engine
        self.port = port

    @asynccontextmanager
    async def client(self, user: str = "ann") -> AsyncGenerator[ForeignClient]:
        async with foreign_client("pusher.cjs", str(self.port), user) as client:
            await client.hears("state", state="connected")
            yield client


async def authorize(request: Request) -> Response:
    """What every backend of Pusher's clients has: it signs for those who may listen."""
    form = await request.form()
    channel, socket = str(form["channel_name"]), str(form["socket_id"])
    user = request.headers["x-user"]
    if user == "mallory":
        return JSONResponse({"error": "Forbidden"}, status_code=403)
    data = None
    if channel.startswith("presence-"):
        data = to_json({"user_id": user, "user_info": {"name": user.title()}})
    if user == "eve":
        socket = "1.1"
    answer = {"auth": f"app-key:{SIGNER.sign(socket, channel, data)}"}
    return JSONResponse(answer if data is None else {**answer, "channel_data": data})


async def shout(context: Context) -> Any:
    return {"loud": context.data["text"].upper()}


@asynccontextmanager
async def place(**settings: Any) -> AsyncGenerator[Place]:
    needs("pusher-js")
    messages = MessageRegistry()
    messages.on("shout")(shout)
    engine = Engine(
        channels=[Room],
        signer=SIGNER,
        messages=messages,
        settings=RealtimeSettings(**settings),
    )
    application = Starlette(
        routes=[
            Route("/auth", authorize, methods=["POST"]),
            WebSocketRoute("/app/{key}", WebSockets(engine, [PusherDialect()])),
        ]
    )
    async with serving(engine, application) as port:
        yield Place(engine, port)


async def test_hears_a_public_channel() -> None:
    async with place() as shop, shop.client() as ann:
        await ann.do("subscribe", channel="news")
        await ann.hears("subscribed", channel="news")
        await shop.engine.hub.publish("news", "appeared", {"title": "Ünïcode \u2028"})
        heard = await ann.hears("event", event="appeared")
        assert heard["data"] == {"title": "Ünïcode \u2028"}


async def test_a_private_channel_takes_a_signature() -> None:
    async with place() as shop, shop.client() as ann:
        await ann.do("subscribe", channel="private-mine")
        await ann.hears("subscribed", channel="private-mine")
        await shop.engine.hub.publish("private-mine", "said", "psst")
        assert (await ann.hears("event", event="said"))["data"] == "psst"


@pytest.mark.parametrize("who", ["mallory", "eve"])
async def test_a_private_channel_takes_no_other_signature(who: str) -> None:
    async with place() as shop, shop.client(who) as other:
        await other.do("subscribe", channel="private-mine")
        refused = await other.hears("event", event="pusher:subscription_error")
        assert refused["data"]["type"] == "AuthError"
        assert refused["data"]["status"] == 403
        assert shop.engine.hub.local_count("private-mine") == 0


async def test_presence_shows_a_person_with_two_connections_once() -> None:
    async with place() as shop, shop.client("ann") as ann:
        await ann.do("subscribe", channel="presence-room.1")
        me = (await ann.hears("subscribed"))["me"]
        assert me == {"id": "ann", "info": {"name": "Ann"}}
        async with shop.client("bob") as first:
            await first.do("subscribe", channel="presence-room.1")
            there = (await first.hears("subscribed"))["members"]
            assert sorted(one["id"] for one in there) == ["ann", "bob"]
            added = await ann.hears("event", event="pusher:member_added")
            assert added["data"] == {"id": "bob", "info": {"name": "Bob"}}
            async with shop.client("bob") as second:
                await second.do("subscribe", channel="presence-room.1")
                assert len((await second.hears("subscribed"))["members"]) == 2
            await asyncio.sleep(0.1)
            assert [one["event"] for one in ann.all_heard("event")] == ["pusher:member_added"]
        removed = await ann.hears("event", event="pusher:member_removed")
        assert removed["data"]["id"] == "bob"


async def test_clients_talk_to_each_other_where_the_channel_wants_it() -> None:
    async with place() as shop, shop.client("ann") as ann, shop.client("bob") as bob:
        for one in (ann, bob):
            await one.do("subscribe", channel="presence-room.1")
            await one.hears("subscribed")
        await ann.do("trigger", channel="presence-room.1", event="client-typing", data={"in": 1})
        heard = await bob.hears("typing")
        assert heard == {"kind": "typing", "data": {"in": 1}, "user": "ann"}
        assert ann.all_heard("typing") == []


async def test_clients_do_not_talk_where_the_channel_does_not_want_it() -> None:
    async with place() as shop, shop.client() as ann:
        await ann.do("subscribe", channel="private-mine")
        await ann.hears("subscribed")
        await ann.do("trigger", channel="private-mine", event="client-typing", data={})
        error = await ann.hears("error")
        assert error["data"]["reason"] == "forbidden"


async def test_what_is_for_one_client_or_for_all_has_no_channel() -> None:
    async with place() as shop, shop.client() as ann:
        (connection,) = shop.engine.connections
        assert (await ann.hears("state", state="connected"))["socketId"] == connection
        await shop.engine.hub.to_client(connection, "greeting", 1)
        await shop.engine.hub.broadcast("greeting", 2)
        assert (await ann.hears("global", event="greeting", count=2))["data"] == 2


async def test_answers_messages_and_pings() -> None:
    async with place() as shop, shop.client() as ann:
        await ann.do("send", event="shout", data={"text": "hello"})
        assert (await ann.hears("global", event="shout"))["data"] == {"loud": "HELLO"}
        await ann.do("ping")
        await ann.do("subscribe", channel="news")
        await ann.hears("subscribed")
        await ann.do("unsubscribe", channel="news")
        await until(lambda: not shop.engine.hub.local_count("news"))


async def test_comes_back_after_a_shutdown_and_stays_away_when_it_was_kicked() -> None:
    async with place() as shop, shop.client() as ann, shop.client() as bob:
        first, second = shop.engine.connections
        await shop.engine.hub.kick(connection=first)
        await ann.hears("error")
        assert ann.all_heard("error")[0]["data"]["code"] == 4009
        shop.engine.connections[second].sink.close(4100, "Server shutting down")
        await bob.hears("state", state="connected", count=2)
        await asyncio.sleep(1.5)
        assert len(shop.engine.connections) == 1
        assert ann.all_heard("state")[-1]["state"] == "disconnected"
