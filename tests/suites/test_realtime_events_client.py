"""The client of streams of events, with an application in the same process."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.test_realtime_events import application, by_token
from tests.suites.waiting import until
from velocious.errors import NotConnectedError, RealtimeError, RemoteFault
from velocious.realtime import Close
from velocious.realtime.client import ClientState, EventsClient
from velocious.testing.client import Client
from velocious.testing.events import ClientEvents
from velocious.testing.realtime import ManualSchedule, settle

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from velocious.configuration import Configuration
    from velocious.realtime.client import ClientChannel
    from velocious.testing.environment import TestEnvironment


class World:
    """An application, and the way to it."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.visitor = Client(configuration)
        self.connector = ClientEvents(self.visitor)
        self.time = ManualSchedule()

    def client(self, **more: Any) -> EventsClient:
        options: dict[str, Any] = {"schedule": self.time, "chance": lambda: 0.5}
        return EventsClient("/realtime/events", self.connector, **(options | more))

    async def publish(self, channel: str, *numbers: int) -> None:
        for number in numbers:
            await self.configuration.channels.publish(channel, "moved", number)

    async def breaks(self, client: EventsClient) -> None:
        """The network breaks, and is there again."""
        self.connector.cut()
        await until(lambda: client.state is ClientState.WAITING)

    async def comes_back(self, client: EventsClient) -> None:
        await self.time.pass_by(10)
        await until(lambda: client.state is ClientState.CONNECTED)


@asynccontextmanager
async def world(environment: TestEnvironment, **entrance: Any) -> AsyncGenerator[World]:
    async with application(environment, **entrance) as configuration:
        yield World(configuration)


def numbers(channel: ClientChannel) -> list[int]:
    """What is heard in *channel* from now on."""
    heard: list[int] = []
    channel.on("moved", lambda one: heard.append(one.data))
    return heard


async def test_hears_what_is_published(environment: TestEnvironment) -> None:
    async with world(environment) as there, there.client() as client:
        board = await client.channel("board:1").subscribe()
        heard = numbers(board)
        assert (client.state, client.cid[:4]) == (ClientState.CONNECTED, "sse-")
        await there.publish("board:1", 1, 2)
        await until(lambda: heard == [1, 2])
        await board.unsubscribe()
        await until(lambda: there.configuration.channels.local_count("board:1") == 0)
    assert client.state is ClientState.DISCONNECTED
    await until(lambda: not there.connector.answers)


async def test_goes_on_where_it_broke_by_the_id_of_the_last_event(
    environment: TestEnvironment,
) -> None:
    async with world(environment) as there, there.client() as client:
        first, second = [await client.channel(f"board:{one}").subscribe() for one in (1, 2)]
        heard, other, gaps = numbers(first), numbers(second), list[int]()
        first.on_resync = second.on_resync = lambda: gaps.append(1)
        await there.publish("board:1", 1)
        await until(lambda: heard == [1])
        last = client.last_id
        await there.breaks(client)
        await there.publish("board:1", 2, 3)
        await there.publish("board:2", 9)
        await there.comes_back(client)
        await until(lambda: (heard, other) == ([1, 2, 3], [9]))
        asked = there.connector.asked[-1]
        assert asked["last-event-id"] == last
        assert asked["url"] == "/realtime/events?channels=board:1,board:2"
        await there.publish("board:1", 4)
        await until(lambda: heard == [1, 2, 3, 4])
        assert gaps == []


async def test_says_once_that_something_cannot_be_had_any_more(
    environment: TestEnvironment,
) -> None:
    async with world(environment) as there, there.client() as client:
        board = await client.channel("board:1").subscribe()
        heard, gaps = numbers(board), list[int]()
        board.on_resync = lambda: gaps.append(1)
        await there.publish("board:1", 1)
        await until(lambda: heard == [1])
        await there.breaks(client)
        await there.publish("board:1", 2, 3, 4, 5)
        await there.comes_back(client)
        await until(lambda: gaps == [1])
        await there.publish("board:1", 6)
        await until(lambda: heard == [1, 6])
        assert gaps == [1]


async def test_a_channel_that_remembers_nothing_has_a_gap_after_each_break(
    environment: TestEnvironment,
) -> None:
    async with world(environment) as there, there.client() as client:
        news = await client.channel("news").subscribe()
        gaps: list[int] = []
        news.on_resync = lambda: gaps.append(1)
        for count in (1, 2):
            await there.breaks(client)
            await there.comes_back(client)
            await until(lambda count=count: len(gaps) == count)
        await settle()
        assert gaps == [1, 1]


async def test_lose_nothing_and_double_nothing_wherever_the_stream_is_cut(
    environment: TestEnvironment,
) -> None:
    async with world(environment) as there, there.client() as client:
        board = await client.channel("board:1").subscribe()
        heard = numbers(board)
        for number in range(0, 60, 3):
            await there.publish("board:1", number)
            if number % 2:
                await until(lambda number=number: heard[-1:] == [number])
            await there.breaks(client)
            await there.publish("board:1", number + 1, number + 2)
            await there.comes_back(client)
            await until(lambda number=number: heard[-1:] == [number + 2])
        assert heard == list(range(60))


async def test_refusals_are_errors_and_stay(environment: TestEnvironment) -> None:
    async with world(environment) as there:
        async with there.client() as client:
            with pytest.raises(RemoteFault) as later:
                await client.channel("private-board.1").subscribe()
            assert later.value.status == 403
        early = there.client()
        asking = asyncio.ensure_future(early.channel("private-board.1").subscribe())
        await settle()
        await early.connect()
        with pytest.raises(RemoteFault):
            await asking
        await there.breaks(early)
        await there.comes_back(early)
        assert "private" not in there.connector.asked[-1]["url"]
        await early.close()


async def test_names_with_commas_and_those_that_are_too_many_are_asked_for_afterwards(
    environment: TestEnvironment,
) -> None:
    names = ["a,b", *(f"board:{number}{'x' * 150}" for number in range(40))]
    async with world(environment) as there:
        client = there.client()
        asking = [asyncio.ensure_future(client.channel(name).subscribe()) for name in names]
        await settle()
        await client.connect()
        await asyncio.wait_for(asyncio.gather(*asking), 20)
        assert len(there.connector.asked[-1]["url"]) < 4300
        heard = numbers(client.channel("a,b"))
        await there.publish("a,b", 1)
        await until(lambda: heard == [1])
        await client.close()


async def test_a_stream_in_another_process_is_asked_for_anew(
    environment: TestEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(environment) as there, there.client() as client:
        client._secret = "that of another process"
        subscribing = asyncio.ensure_future(client.channel("board:1").subscribe())
        await until(lambda: client.state is ClientState.WAITING)
        await there.comes_back(client)
        await asyncio.wait_for(subscribing, 10)
        assert there.connector.asked[-1]["url"].endswith("?channels=board:1")


async def test_says_who_it_is_each_time(environment: TestEnvironment) -> None:
    tokens = ["token of ann"]

    async def credentials() -> Any:
        return {"token": tokens[-1]}

    entrance: dict[str, Any] = {"upgrade": None, "authenticate": by_token}
    async with world(environment, **entrance) as there:
        async with there.client(credentials=credentials) as client:
            assert client.user == "ann"
            await client.channel("private-board.1").subscribe()
            tokens.append("wrong")
            await there.breaks(client)
            await there.time.pass_by(10)
            await until(lambda: client.state is ClientState.DISCONNECTED)
            assert "401" in client.reason
        with pytest.raises(NotConnectedError, match="401"):
            await there.client().connect()


async def test_stays_away_when_it_was_sent_away_and_begins_anew_when_it_is_told_to(
    environment: TestEnvironment,
) -> None:
    async with world(environment) as there:
        await there.visitor.post("/sign-in", form={"name": "ann"})
        async with there.client() as client:
            await client.channel("board:1").subscribe()
            await there.configuration.channels.kick(user="ann")
            await until(lambda: client.state is ClientState.DISCONNECTED)
            await there.time.pass_by(100)
            assert len(there.connector.asked) == 1
            assert client.reason == "Signed out"
            await client.connect()
            assert "last-event-id" not in there.connector.asked[-1]


async def test_comes_back_after_what_the_server_says_when_it_stops(
    environment: TestEnvironment,
) -> None:
    async with world(environment) as there, there.client() as client:
        (engine,) = there.configuration.realtime.engines
        (connection,) = engine.connections.values()
        connection.end(Close.RESTART, "Server restarting", retry_after=20)
        await until(lambda: client.state is ClientState.WAITING)
        await there.time.pass_by(19)
        assert len(there.connector.asked) == 1
        await there.comes_back(client)


async def test_hears_what_is_for_it_alone_and_what_is_for_everybody(
    environment: TestEnvironment,
) -> None:
    async with world(environment) as there:
        await there.visitor.post("/sign-in", form={"name": "ann"})
        async with there.client() as client:
            heard: list[Any] = []
            client.on(None, lambda one: heard.append((one.event, one.data)))
            # A channel may be called what a user is.
            await client.channel("ann").subscribe()
            channels = there.configuration.channels
            await channels.to_user("ann", "told", 1)
            await channels.to_client(client.cid, "told", 2)
            await channels.broadcast("greeted", 3)
            await channels.publish("ann", "said", 4)
            await until(lambda: len(heard) == 3)
            assert heard == [("told", 1), ("told", 2), ("greeted", 3)]


async def test_tries_again_while_nobody_answers_and_says_nothing_itself(
    environment: TestEnvironment,
) -> None:
    async with world(environment) as there:
        there.connector.is_away = True
        client = there.client()
        client.start()
        await there.time.pass_by(40)
        assert client.state is ClientState.WAITING
        there.connector.is_away = False
        await there.time.pass_by(30)
        await until(lambda: client.state is ClientState.CONNECTED)
        with pytest.raises(RealtimeError, match="only listens"):
            await client.channel("board:1").publish("moved", 1)
        await client.close()


async def test_an_answer_that_is_no_stream_ends_it(environment: TestEnvironment) -> None:
    async with world(environment) as there:
        client = EventsClient("/realtime/nothing", there.connector, schedule=there.time)
        with pytest.raises(NotConnectedError, match="404"):
            await client.connect()


async def test_a_full_server_is_asked_again_when_it_said(environment: TestEnvironment) -> None:
    async with world(environment) as there, there.client():
        (engine,) = there.configuration.realtime.engines
        engine.settings = replace(engine.settings, connections=1)
        late = there.client()
        late.start()
        await until(lambda: late.state is ClientState.WAITING)
        assert "503" in late.reason
        # As long as the answer asked for, whatever the client's own wait would be.
        await there.time.pass_by(4.9)
        assert len(there.connector.asked) == 2
        await late.close()


async def test_silence_is_a_dead_stream(environment: TestEnvironment) -> None:
    async with world(environment) as there, there.client() as client:
        await there.time.pass_by(46)
        await until(lambda: client.state is not ClientState.CONNECTED)
        await there.comes_back(client)
        assert len(there.connector.asked) == 2


class Flood:
    """A server whose one event never ends."""

    status, kind, retry_after = 200, "text/event-stream", ""

    def __init__(self) -> None:
        self.asked = 0
        self.closed = 0

    async def get(self, url: str, headers: Any) -> Flood:
        self.asked += 1
        return self

    async def post(self, url: str, headers: Any, body: str) -> int:
        raise ValueError("nobody asks")

    async def read(self) -> bytes:
        await asyncio.sleep(0)
        return b"data: " + b"x" * 300_000 + b"\n"

    async def close(self) -> None:
        self.closed += 1


async def test_an_event_without_an_end_is_given_up() -> None:
    time, flood = ManualSchedule(), Flood()
    client = EventsClient("http://server/events", flood, schedule=time, chance=lambda: 0.5)
    client.start()
    await until(lambda: client.state is ClientState.WAITING)
    assert client.reason == "an event has no end"
    assert (flood.asked, flood.closed) == (1, 1)
    await client.close()
