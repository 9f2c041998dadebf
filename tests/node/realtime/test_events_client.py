"""The client of streams over a real network that breaks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from tests.node.http_server import serving
from tests.node.realtime.cutting import cutting
from tests.suites.test_realtime_events import application, by_token
from tests.suites.waiting import until
from velocious.errors import NotConnectedError
from velocious.realtime.client import ClientState, EventsClient
from velocious.realtime.sse import stream
from velocious_node.realtime import EventConnector

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from tests.node.realtime.cutting import Cutting
    from velocious.configuration import Configuration
    from velocious.testing.environment import TestEnvironment

    type Place = tuple[Configuration, Cutting]

TOKEN = {"authorization": "Bearer token of ann"}


@pytest.fixture
async def place(
    sqlite_environment: TestEnvironment, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Place]:
    monkeypatch.setattr(stream, "RETRY", 20)
    entrance: dict[str, Any] = {"upgrade": None, "authenticate": by_token}
    async with (
        application(sqlite_environment, **entrance) as configuration,
        serving(configuration.asgi()) as server,
        cutting(server.port) as network,
    ):
        yield configuration, network


def client_of(network: Cutting, **more: Any) -> EventsClient:
    url = f"http://127.0.0.1:{network.port}/realtime/events"
    options: dict[str, Any] = {"headers": TOKEN, **more}
    return EventsClient(url, EventConnector(), **options)


async def test_hears_and_goes_on_where_it_broke(place: Place) -> None:
    configuration, network = place
    heard: list[int] = []
    async with client_of(network) as client:
        assert client.user == "ann"
        board = await client.channel("private-board.1").subscribe()
        board.on("moved", lambda one: heard.append(one.data))
        for number in range(20):
            await configuration.channels.publish("private-board.1", "moved", number)
            if number % 5 == 4:
                network.cut()
            elif number % 7 == 3:
                network.after = 300
            await asyncio.sleep(0.01)
        await until(lambda: len(heard) >= 20)
        assert heard == list(range(20))
        await board.unsubscribe()
        await until(lambda: configuration.channels.local_count("private-board.1") == 0)
    await until(lambda: not configuration.realtime.engines[0].connections)


async def test_is_told_what_http_says_and_that_nobody_is_there(place: Place) -> None:
    _, network = place
    with pytest.raises(NotConnectedError, match="401"):
        await client_of(network, headers={}).connect()
    alone = EventsClient("http://127.0.0.1:9/realtime/events", EventConnector())
    alone.start()
    await until(lambda: alone.state is ClientState.WAITING)
    assert alone.reason
    await alone.close()


async def test_a_close_in_the_middle_of_silence_is_one(place: Place) -> None:
    configuration, network = place
    client = client_of(network)
    for _ in range(3):
        await client.connect()
        await client.close()
    assert client.state is ClientState.DISCONNECTED
    await until(lambda: not configuration.realtime.engines[0].connections)
