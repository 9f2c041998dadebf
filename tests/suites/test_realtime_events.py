"""Streams of events on the hub of an application."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from velocious.controller import Controller
from velocious.realtime import Admit, Channel, Identity, Keep
from velocious.realtime.sse.parser import EventParser
from velocious.routing import Routes
from velocious.testing.client import Client

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from velocious.configuration import Configuration
    from velocious.realtime import Connection, Upgrade
    from velocious.testing.environment import TestEnvironment
    from velocious.testing.streamed_answer import StreamedAnswer

SECRET = "a secret that nobody knows, of more than 32 characters"


class BoardChannel(Channel):
    pattern = "board:{id}"
    history = Keep(count=3)


class PrivateChannel(Channel):
    pattern = "private-board.{id}"
    history = Keep()

    async def authorize(self) -> bool:
        return self.user == "ann"


class SignInController(Controller):
    async def create(self) -> None:
        self.session["name"] = self.params["name"]
        self.head(204)


async def by_session(request: Upgrade) -> Admit:
    name = (await request.session())["name"]
    return Admit(Identity(name) if name else None)


async def by_token(_: Connection, credentials: dict[str, Any]) -> Identity | None:
    return Identity("ann") if credentials.get("token") == "token of ann" else None


def application(environment: TestEnvironment, **entrance: Any) -> Any:
    routes = Routes()
    routes.post("/sign-in", to=(SignInController, "create"))
    options: dict[str, Any] = {"upgrade": by_session, **entrance}
    routes.realtime("/realtime", on="both", **options)
    return environment.application(
        routes=routes, channels=[BoardChannel, PrivateChannel], secret=SECRET
    )


class Listener:
    """A client's end of one stream."""

    def __init__(self, answer: StreamedAnswer, last_id: str) -> None:
        self.answer = answer
        self.parser = EventParser(last_id)
        self._pieces = aiter(answer.pieces())
        self._waiting: list[Any] = []
        self.connection = ""
        self.secret = ""

    async def hears(self, kind: str) -> Any:
        """What the next event called *kind* says."""
        while True:
            while not self._waiting:
                self._waiting += self.parser.feed(await anext(self._pieces))
            event = self._waiting.pop(0)
            if event.event == kind:
                # What the parser has read ahead is not what was heard.
                self.last_id = event.id
                return json.loads(event.data)

    async def says(self, client: Client, word: str, **more: Any) -> Any:
        body = {"connectionId": self.connection, "secret": self.secret, **more}
        return await client.post(f"/realtime/events/{word}", json=body)


@asynccontextmanager
async def listening(
    client: Client, channels: str = "", last_id: str = "", **headers: str
) -> AsyncGenerator[Listener]:
    given: dict[str, str | None] = {"accept": "text/event-stream", **headers}
    if last_id:
        given["last-event-id"] = last_id
    address = f"/realtime/events?channels={channels}"
    async with client.stream("GET", address, headers=given) as answer:
        assert answer.status == 200
        listener = Listener(answer, last_id)
        greeting = await listener.hears("connected")
        listener.connection, listener.secret = greeting["connectionId"], greeting["secret"]
        yield listener


async def publish(configuration: Configuration, channel: str, *numbers: int) -> None:
    for number in numbers:
        await configuration.channels.publish(channel, "moved", number)


async def test_a_stream_hears_what_sockets_hear(environment: TestEnvironment) -> None:
    async with application(environment) as configuration:
        client = Client(configuration)
        async with listening(client, "board:1,board:2") as stream:
            assert stream.answer.headers["content-type"] == "text/event-stream; charset=utf-8"
            assert stream.answer.headers["x-accel-buffering"] == "no"
            assert stream.answer.headers["cache-control"] == "no-store"
            assert [(await stream.hears("sub.ok"))["ch"] for _ in range(2)] == [
                "board:1",
                "board:2",
            ]
            assert stream.parser.retry == 3000
            await publish(configuration, "board:2", 5)
            heard = await stream.hears("event")
            assert (heard["ch"], heard["event"], heard["data"]) == ("board:2", "moved", 5)
            await configuration.channels.to_client(stream.connection, "told", 6)
            assert (await stream.hears("event"))["data"] == 6
        assert configuration.channels.local_count("board:2") == 0


async def test_a_stream_goes_on_where_it_broke(environment: TestEnvironment) -> None:
    async with application(environment) as configuration:
        client = Client(configuration)
        async with listening(client, "board:1,board:2") as stream:
            for _ in range(2):
                await stream.hears("sub.ok")
            await publish(configuration, "board:1", 1)
            await stream.hears("event")
            seen = stream.last_id
        await publish(configuration, "board:1", 2, 3)
        await publish(configuration, "board:2", 4)
        async with listening(client, "board:1,board:2", seen) as stream:
            for _ in range(2):
                assert (await stream.hears("sub.ok"))["recovered"] is True
                # What was held in between comes in its place, once.
            heard: list[int] = []
        async with listening(client, "board:1,board:2", seen) as stream:
            heard = [(await stream.hears("event"))["data"] for _ in range(3)]
            assert heard == [2, 3, 4]
            await publish(configuration, "board:2", 5)
            assert (await stream.hears("event"))["data"] == 5


async def test_a_stream_that_breaks_while_it_catches_up_misses_nothing(
    environment: TestEnvironment,
) -> None:
    async with application(environment) as configuration:
        client = Client(configuration)
        async with listening(client, "board:1") as stream:
            await stream.hears("sub.ok")
            seen = stream.last_id
        await publish(configuration, "board:1", 1, 2, 3)
        heard: list[int] = []
        for _ in range(3):
            async with listening(client, "board:1", seen) as stream:
                heard.append((await stream.hears("event"))["data"])
                seen = stream.last_id
        assert heard == [1, 2, 3]


@pytest.mark.parametrize("position", ["board:1=other-1", "7", "lost", "board:1="])
async def test_a_stream_that_cannot_go_on_says_so(
    environment: TestEnvironment, position: str
) -> None:
    async with application(environment) as configuration:
        async with listening(Client(configuration), "board:1", position) as stream:
            assert (await stream.hears("sub.ok"))["recovered"] is False
            assert (await stream.hears("resync"))["ch"] == "board:1"
            assert stream.last_id.startswith("board:1=")
            await publish(configuration, "board:1", 1)
            await stream.hears("event")


async def test_channels_come_and_go_on_a_stream(environment: TestEnvironment) -> None:
    async with application(environment) as configuration:
        client = Client(configuration)
        async with listening(client) as stream:
            (await stream.says(client, "subscribe", channel="board:7")).assert_status(200)
            assert (await stream.hears("sub.ok"))["ch"] == "board:7"
            refused = await stream.says(client, "subscribe", channel="private-board.1")
            refused.assert_status(403)
            assert (await stream.hears("error"))["code"] == "forbidden"
            await publish(configuration, "board:7", 1)
            await stream.hears("event")
            seen = stream.last_id
            (await stream.says(client, "unsubscribe", channel="board:7")).assert_status(200)
            await stream.hears("unsub.ok")
            assert "board:7" not in stream.last_id
        # What was added later is in the id, too.
        await publish(configuration, "board:7", 2)
        async with listening(client, "", seen) as stream:
            assert (await stream.hears("event"))["data"] == 2


async def test_only_whose_stream_it_is_says_what_it_listens_to(
    environment: TestEnvironment,
) -> None:
    async with application(environment) as configuration:
        ann, guest = Client(configuration), Client(configuration)
        await ann.post("/sign-in", form={"name": "ann"})
        async with listening(ann) as stream:
            await stream.hears("ready")
            (await stream.says(guest, "subscribe", channel="a")).assert_status(403)
            (await stream.says(ann, "subscribe", channel="a", secret="x")).assert_status(404)
            wrong = await stream.says(ann, "subscribe", channel="a", connectionId="sse-0")
            wrong.assert_status(404)
            (await stream.says(ann, "subscribe", channel=5)).assert_status(400)
            (await stream.says(ann, "subscribe", channel="private-board.1")).assert_status(200)


async def test_access_is_asked_for_again_when_a_stream_goes_on(
    environment: TestEnvironment,
) -> None:
    async with application(environment) as configuration:
        client = Client(configuration)
        await client.post("/sign-in", form={"name": "ann"})
        async with listening(client, "private-board.1") as stream:
            await stream.hears("sub.ok")
            seen = stream.last_id
        await publish(configuration, "private-board.1", 1)
        await client.post("/sign-in", form={"name": "bob"})
        async with listening(client, "private-board.1", seen) as stream:
            assert (await stream.hears("error"))["ch"] == "private-board.1"
            assert configuration.channels.local_count("private-board.1") == 0


async def test_who_was_sent_away_is_told_to_stop(environment: TestEnvironment) -> None:
    async with application(environment) as configuration:
        client = Client(configuration)
        await client.post("/sign-in", form={"name": "ann"})
        async with listening(client) as stream:
            await stream.hears("ready")
            await configuration.channels.kick(user="ann")
            assert (await stream.hears("bye"))["reconnect"] is False
            assert stream.last_id == "stop"
        headers = {"last-event-id": stream.last_id}
        (await client.get("/realtime/events", headers=headers)).assert_status(204)


async def test_a_bearer_token_says_whose_stream_it_is(environment: TestEnvironment) -> None:
    async with application(environment, upgrade=None, authenticate=by_token) as configuration:
        client = Client(configuration)
        (await client.get("/realtime/events")).assert_status(401)
        async with listening(client, authorization="Bearer token of ann") as stream:
            assert (await stream.hears("ready"))["user"] == "ann"


async def test_pages_of_other_sites_get_no_stream(environment: TestEnvironment) -> None:
    async with application(environment) as configuration:
        client = Client(configuration)
        for headers in ({"origin": "https://evil.test"}, {"sec-fetch-site": "cross-site"}):
            (await client.get("/realtime/events", headers=headers)).assert_status(403)
        many = ",".join(map(str, range(200)))
        (await client.get(f"/realtime/events?channels={many}")).assert_status(400)
