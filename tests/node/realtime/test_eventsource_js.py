"""Streams of events, judged by the package ``eventsource``, which is what browsers do."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.node.http_server import serving
from tests.node.realtime.cutting import cutting
from tests.node.realtime.foreign_client import foreign_client, needs
from tests.suites.test_realtime_events import application, by_token
from tests.suites.waiting import until
from velocious.realtime import Close
from velocious.realtime.sse import stream

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from tests.node.realtime.cutting import Cutting
    from tests.node.realtime.foreign_client import ForeignClient
    from velocious.configuration import Configuration
    from velocious.testing.environment import TestEnvironment

TOKEN = {"Authorization": "Bearer token of ann"}


class Place:
    """An application behind a network that can break."""

    def __init__(self, configuration: Configuration, network: Cutting) -> None:
        self.configuration = configuration
        self.network = network

    @asynccontextmanager
    async def client(self, query: str = "", **headers: str) -> AsyncGenerator[ForeignClient]:
        address = f"http://127.0.0.1:{self.network.port}/realtime/events{query}"
        async with foreign_client("eventsource.mjs", address, json.dumps(headers)) as made:
            yield made

    async def publish(self, channel: str, *data: Any) -> None:
        for one in data:
            await self.configuration.channels.publish(channel, "moved", one)


@pytest.fixture
async def place(
    sqlite_environment: TestEnvironment, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Place]:
    needs("eventsource")
    # Nobody waits for three seconds but the test that looks at them.
    monkeypatch.setattr(stream, "RETRY", 20)
    entrance: dict[str, Any] = {"upgrade": None, "authenticate": by_token}
    async with (
        application(sqlite_environment, **entrance) as configuration,
        serving(configuration.asgi()) as server,
        cutting(server.port) as network,
    ):
        yield Place(configuration, network)


def numbers(client: ForeignClient) -> list[Any]:
    return [one["frame"]["data"] for one in client.all_heard("event")]


async def test_hears_each_event_by_its_kind_with_its_id(place: Place) -> None:
    async with place.client("?channels=board:1,news", **TOKEN) as client:
        assert (await client.hears("ready"))["frame"]["user"] == "ann"
        await client.hears("sub.ok", count=2)
        odd = {"text": "Ünï\ncode \u2028 \r\n\x00", "n": [None, 1.5]}
        await place.publish("board:1", odd, 2)
        second = await client.hears("event", count=2)
        assert numbers(client) == [odd, 2]
        assert second["id"] == f"board:1={second['frame']['pos']}&news="
        assert client.all_heard("message") == []


async def test_goes_on_where_it_broke_with_the_id_of_the_last_event(place: Place) -> None:
    async with place.client("?channels=board:1", **TOKEN) as client:
        await client.hears("sub.ok")
        await place.publish("board:1", 1)
        last = (await client.hears("event"))["id"]
        place.network.cut()
        await place.publish("board:1", 2, 3)
        again = await client.hears("asked", count=2)
        assert again["lastId"] == last
        assert (await client.hears("sub.ok", count=2))["frame"]["recovered"] is True
        await client.hears("event", count=3)
        await place.publish("board:1", 4)
        await client.hears("event", count=4)
        assert numbers(client) == [1, 2, 3, 4]
        assert client.all_heard("resync") == []


@pytest.mark.parametrize("after", [700, 901, 1102, 1303])
async def test_loses_nothing_and_doubles_nothing_wherever_the_stream_breaks(
    place: Place, after: int
) -> None:
    async with place.client("?channels=private-board.1", **TOKEN) as client:
        await client.hears("sub.ok")
        await place.publish("private-board.1", 1)
        await client.hears("event")
        # In the middle of an event, more often than not.
        place.network.cut()
        place.network.after = after
        await place.publish("private-board.1", *range(2, 31))
        await client.hears("event", count=30)
        await client.hears("asked", count=3)
        assert numbers(client) == list(range(1, 31))


async def test_is_told_that_something_cannot_be_had_any_more(place: Place) -> None:
    async with place.client("?channels=board:1", **TOKEN) as client:
        await client.hears("sub.ok")
        await place.publish("board:1", 1)
        await client.hears("event")
        place.network.cut()
        # Its history keeps three.
        await place.publish("board:1", *range(2, 9))
        assert (await client.hears("resync"))["frame"]["ch"] == "board:1"
        await place.publish("board:1", 9)
        await client.hears("event", count=2)
        assert numbers(client) == [1, 9]


async def test_waits_as_long_as_the_stream_says(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "RETRY", 3000)
    async with place.client(**TOKEN) as client:
        await client.hears("ready")
        place.network.cut()
        broken = await client.hears("broken")
        assert broken["state"] == 0
        again = await client.hears("asked", count=2)
        # What it waits at least; when its process runs again is another matter.
        assert again["at"] - broken["at"] >= 2900


async def test_stays_away_when_it_was_sent_away(place: Place) -> None:
    async with place.client(**TOKEN) as client:
        await client.hears("ready")
        await place.configuration.channels.kick(user="ann")
        bye = await client.hears("bye")
        assert (bye["frame"]["reconnect"], bye["id"]) == (False, "stop")
        # It comes by itself once more, and the answer ends that.
        assert (await client.hears("asked", count=2))["lastId"] == "stop"
        ended = await client.hears("broken", state=2)
        assert ended["code"] == 204


async def test_comes_back_when_the_server_restarts(place: Place) -> None:
    async with place.client("?channels=board:1", **TOKEN) as client:
        await client.hears("sub.ok")
        for engine in place.configuration.realtime.engines:
            for connection in list(engine.connections.values()):
                connection.end(Close.RESTART, "Server restarting", retry_after=0.2)
        assert (await client.hears("bye"))["frame"]["reconnect"] is True
        await client.hears("sub.ok", count=2)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
async def test_a_refusal_is_the_end(place: Place, headers: dict[str, str]) -> None:
    async with place.client(**headers) as client:
        ended = await client.hears("broken", state=2)
        assert ended["code"] == 401
        assert len(client.all_heard("asked")) == 1


async def test_nothing_is_left_of_a_client_that_has_gone(place: Place) -> None:
    async with place.client("?channels=board:1", **TOKEN) as client:
        await client.hears("sub.ok")
    await until(lambda: not any(one.connections for one in place.configuration.realtime.engines))
    assert place.configuration.channels.local_count("board:1") == 0
