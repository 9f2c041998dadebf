"""The ActionCable dialect, judged by Rails' own client."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from tests.node.realtime.foreign_client import foreign_client, needs
from tests.node.realtime.realtime_server import serving
from tests.suites.waiting import until
from velocious.realtime import Admit, Channel, Close, Engine, Identity, MessageRegistry
from velocious.realtime.asgi.websockets import WebSockets
from velocious.realtime.dialects import ActionCableDialect

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from tests.node.realtime.foreign_client import ForeignClient
    from velocious.realtime import Context, Upgrade


class BoardChannel(Channel):
    pattern = "board:{id}"

    async def perform(self, context: Context) -> Any:
        if context.type == "move":
            context.send("noted", context.data)
            return {"board": self.params["id"], "by": self.user}
        return NotImplemented


class SecretChannel(Channel):
    pattern = "private-secret.{id}"
    client_events = True

    async def authorize(self) -> bool:
        return self.user == "ann" and self.params["id"] == "1"


async def admit(upgrade: Upgrade) -> Admit | None:
    user = upgrade.query.get("user")
    return Admit(Identity(user)) if user else None


async def shout(context: Context) -> str:
    return context.data["text"].upper()


@asynccontextmanager
async def place(user: str = "ann") -> AsyncGenerator[tuple[Engine, ForeignClient]]:
    needs("@rails/actioncable")
    messages = MessageRegistry()
    messages.on("shout")(shout)
    channels = [BoardChannel, SecretChannel]
    engine = Engine(channels=channels, upgrade=admit, messages=messages)
    application = Starlette(
        routes=[WebSocketRoute("/cable", WebSockets(engine, [ActionCableDialect(channels)]))]
    )
    async with (
        serving(engine, application) as port,
        foreign_client("actioncable.cjs", str(port), user) as client,
    ):
        yield engine, client


async def test_hears_the_channel_of_a_class_and_its_parameters() -> None:
    async with place() as (engine, client):
        await client.do("subscribe", key="a", identifier={"id": 1, "channel": "BoardChannel"})
        await client.hears("connected", key="a", reconnected=False)
        await engine.hub.publish("board:1", "message", {"text": "Ünïcode"})
        await engine.hub.publish("board:2", "message", "not for it")
        await engine.hub.publish("board:1", "moved", [1, 2])
        heard = await client.hears("received", count=2)
        assert heard["data"] == {"event": "moved", "data": [1, 2]}
        assert client.all_heard("received")[0]["data"] == {"text": "Ünïcode"}


async def test_hears_a_channel_by_its_own_name() -> None:
    async with place() as (engine, client):
        await client.do("subscribe", key="a", identifier="news")
        await client.hears("connected")
        await engine.hub.publish("news", "message", 1)
        assert (await client.hears("received"))["data"] == 1


async def test_is_rejected_where_it_may_not_listen() -> None:
    async with place() as (engine, client):
        for key, identifier in {
            "other": {"channel": "SecretChannel", "id": 2},
            "private": "private-undeclared",
            "nobody": {"channel": "BoardChannel"},
            "injected": {"channel": "BoardChannel", "id": "1}:{"},
        }.items():
            await client.do("subscribe", key=key, identifier=identifier)
            await client.hears("rejected", key=key)
        assert engine.hub.topics == {}


async def test_performs_what_the_channel_can_do_and_what_the_application_can() -> None:
    async with place() as (_, client):
        await client.do("subscribe", key="a", identifier={"channel": "BoardChannel", "id": 7})
        await client.hears("connected")
        await client.do("perform", key="a", action="move", data={"to": 3})
        reply = await client.hears("received", count=2)
        assert client.all_heard("received")[0]["data"] == {"event": "noted", "data": {"to": 3}}
        assert reply["data"] == {"event": "move", "data": {"board": "7", "by": "ann"}}
        await client.do("perform", key="a", action="shout", data={"text": "hello"})
        reply = await client.hears("received", count=3)
        assert reply["data"] == {"event": "shout", "data": "HELLO"}
        await client.do("perform", key="a", action="unknown", data={})
        reply = await client.hears("received", count=4)
        assert reply["data"]["data"]["code"] == "unknown_type"


async def test_unsubscribes() -> None:
    async with place() as (engine, client):
        await client.do("subscribe", key="a", identifier={"channel": "BoardChannel", "id": 1})
        await client.hears("connected")
        await client.do("unsubscribe", key="a")
        await until(lambda: not engine.hub.topics)


async def test_is_told_the_time_every_three_seconds() -> None:
    async with place() as (_, client):
        await client.do("subscribe", key="a", identifier="news")
        first, second = [await client.hears("ping", count=count) for count in (1, 2)]
        assert 2 <= second["time"] - first["time"] <= 4


async def test_comes_back_when_the_server_restarts_and_stays_away_when_it_was_kicked() -> None:
    async with place() as (engine, client):
        await client.do("subscribe", key="a", identifier="news")
        await client.hears("connected", reconnected=False)
        (connection,) = engine.connections.values()
        connection.end(Close.RESTART, "Server restarting")
        await client.hears("disconnect", reason="server_restart", reconnect=True)
        await client.hears("connected", reconnected=True)
        await engine.hub.kick(user="ann")
        await client.hears("disconnect", reason="remote", reconnect=False)
        await client.hears("closed", count=2)
