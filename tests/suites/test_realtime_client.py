"""The client, with a server in the same process and a clock that the tests move."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.rooms import Board, Diary, Room, by_token, engine
from velocious.errors import Fault, NotConnectedError, RemoteFault, SendBufferFullError
from velocious.realtime import Channel, ChannelSigner, Close, Engine, Message, MessageRegistry
from velocious.realtime.client import ClientState, RealtimeClient
from velocious.realtime.client.backoff import Backoff
from velocious.realtime.dialects import native
from velocious.testing.realtime import ManualSchedule, MemoryConnector, settle

if TYPE_CHECKING:
    from velocious.realtime import Context


class World:
    """A server and the way to it."""

    def __init__(self, **more: Any) -> None:
        self.tokens = ["ann"]
        self.engine, self.time = engine(**{"messages": messages(), **more})
        self.connector = MemoryConnector(self.engine)

    def client(self, **more: Any) -> RealtimeClient:
        async def credentials() -> Any:
            return {"token": self.tokens[-1]}

        options: dict[str, Any] = {
            "credentials": credentials,
            "schedule": self.time,
            "chance": lambda: 0.5,
        }
        return RealtimeClient("ws://server/realtime", self.connector, **(options | more))


class Weather:
    """A network that comes and goes."""

    def __init__(self, *, is_there: bool = True) -> None:
        self.is_there = is_there
        self._changed = asyncio.Event()

    def turns(self, is_there: bool) -> None:
        self.is_there = is_there
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def wait(self) -> None:
        while not self.is_there:
            await self._changed.wait()

    async def news(self) -> None:
        await self._changed.wait()


def messages() -> MessageRegistry:
    made = MessageRegistry()

    @made.on("echo")
    async def echo(context: Context) -> Any:
        return context.data

    @made.on("never")
    async def never(_: Context) -> Any:
        await asyncio.Event().wait()

    return made


def numbers(heard: list[Any]) -> list[Any]:
    return [one.data for one in heard]


class TestConnecting:
    async def test_says_who_it_is(self) -> None:
        async with World().client() as client:
            assert (client.state, client.user) == (ClientState.CONNECTED, "ann")
            assert len(client.cid) == 32
        assert client.state is ClientState.DISCONNECTED

    async def test_asks_for_its_credentials_each_time(self) -> None:
        world = World()
        async with world.client() as client:
            world.tokens.append("bob")
            await world.connector.cut()
            await world.time.pass_by(1)
            assert client.user == "bob"

    async def test_ends_where_the_server_refuses_it(self) -> None:
        world = World()
        world.tokens.append("")
        client = world.client()
        with pytest.raises(NotConnectedError, match="Authentication failed"):
            await client.connect()
        await world.time.pass_by(100)
        assert (world.connector.opened, client.state) == (1, ClientState.DISCONNECTED)

    @pytest.mark.parametrize("status", [401, 403, 404])
    async def test_ends_where_http_refuses_it(self, status: int) -> None:
        world = World()
        world.connector.refuses = status
        with pytest.raises(NotConnectedError):
            await world.client().connect()

    async def test_tries_again_while_nobody_is_there(self) -> None:
        world = World()
        world.connector.refuses = 0
        client = world.client()
        client.start()
        await settle()
        assert client.state is ClientState.WAITING
        await world.time.pass_by(20)
        world.connector.refuses = None
        await world.time.pass_by(30)
        assert client.state is ClientState.CONNECTED
        await client.close()

    async def test_a_close_and_a_connect_at_once_leave_one_socket(self) -> None:
        world = World()
        client = world.client()
        await client.connect()
        for _ in range(5):
            closing = asyncio.ensure_future(client.close())
            await client.close()
            await client.connect()
            await closing
        await settle()
        assert client.state is ClientState.CONNECTED
        assert len(world.connector.sockets) == len(world.engine.connections) == 1
        await client.close()

    async def test_a_server_that_says_nothing_is_given_up(self) -> None:
        world = World()
        async with world.client() as client:
            world.connector.sockets[0].is_dead = True
            await world.time.pass_by(70)
            assert client.state is ClientState.CONNECTED
            assert world.connector.opened == 2

    async def test_waits_for_the_network(self) -> None:
        world, network = World(), Weather(is_there=False)
        client = world.client(network=network)
        client.start()
        await world.time.pass_by(100)
        assert (client.state, world.connector.opened) == (ClientState.OFFLINE, 0)
        network.turns(True)
        await settle()
        assert client.state is ClientState.CONNECTED
        await client.close()

    async def test_tries_at_once_when_the_network_is_back(self) -> None:
        world, network = World(), Weather()
        world.connector.refuses = 0
        # A connector that knows of a network need not be told.
        world.connector.network = network
        client = world.client()
        client.start()
        await world.time.pass_by(60)
        opened = world.connector.opened
        assert client.state is ClientState.WAITING
        world.connector.refuses = None
        network.turns(True)
        await settle()
        assert client.state is ClientState.CONNECTED
        assert world.connector.opened == opened + 1
        await client.close()

    async def test_stays_away_as_long_as_it_was_asked_to_even_then(self) -> None:
        world, network = World(), Weather()
        async with world.client(network=network) as client:
            (connection,) = world.engine.connections.values()
            connection.end(Close.RESTART, "Server restarting", retry_after=20)
            await settle()
            network.turns(True)
            await world.time.pass_by(19)
            assert client.state is ClientState.WAITING
            await world.time.pass_by(2)
            assert client.state is ClientState.CONNECTED

    async def test_asks_whether_the_server_is_there_when_the_network_has_changed(self) -> None:
        world, network = World(), Weather()
        async with world.client(network=network) as client:
            network.turns(True)
            await world.time.pass_by(6)
            assert (client.state, world.connector.opened) == (ClientState.CONNECTED, 1)
            world.connector.sockets[0].is_dead = True
            network.turns(True)
            await world.time.pass_by(6)
            assert (client.state, world.connector.opened) == (ClientState.CONNECTED, 2)

    async def test_stays_away_as_long_as_the_server_wants(self) -> None:
        world = World()
        async with world.client() as client:
            await world.engine.start()
            states: list[ClientState] = []
            client.on_state(states.append)
            await world.engine.stop()
            await settle()
            assert client.state is ClientState.WAITING
            await world.time.pass_by(40)
            assert states == [
                ClientState.WAITING,
                ClientState.CONNECTING,
                ClientState.CONNECTED,
            ]


class TestBackoff:
    def test_grows_to_its_bound_and_begins_anew(self) -> None:
        backoff = Backoff(lambda: 1.0)
        assert [backoff.next() for _ in range(8)] == [0.5, 1, 2, 4, 8, 16, 30, 30]
        backoff.reset()
        assert backoff.next() == 0.5

    def test_spreads_over_everything_below_the_bound(self) -> None:
        chance = random.Random(3)
        waits = [Backoff(chance.random).next() for _ in range(1000)]
        assert min(waits) < 0.01
        assert 0.49 < max(waits) <= 0.5


class TestCalls:
    async def test_give_the_reply(self) -> None:
        async with World().client() as client:
            assert await client.call("echo", {"a": [1, None]}) == {"a": [1, None]}

    async def test_raise_what_the_server_says(self) -> None:
        async with World().client() as client:
            with pytest.raises(RemoteFault) as fault:
                await client.call("nope")
            assert (fault.value.fault, fault.value.status) == ("unknown_type", 404)

    async def test_of_a_type_with_a_schema_are_checked_before_they_are_sent(self) -> None:
        schema = {"type": "object", "properties": {"n": {"type": "integer", "default": 7}}}
        async with World().client() as client:
            assert await client.call(Message("echo", schema), {}) == {"n": 7}
            with pytest.raises(Fault, match="n"):
                await client.call(Message("echo", schema), {"n": "seven"})

    async def test_end_with_the_connection(self) -> None:
        world = World()
        async with world.client() as client:
            call = asyncio.ensure_future(client.call("never"))
            await settle()
            await world.connector.cut()
            await settle()
            with pytest.raises(NotConnectedError, match="before the answer"):
                await call

    async def test_end_after_their_time(self) -> None:
        world = World()
        async with world.client() as client:
            call = asyncio.ensure_future(client.call("never", timeout=3))
            await settle()
            await world.time.pass_by(3.1)
            with pytest.raises(TimeoutError):
                await call

    async def test_wait_for_a_connection_but_not_without_end(self) -> None:
        world = World()
        client = world.client(send_buffer=2)
        calls = [asyncio.ensure_future(client.call("echo", number)) for number in (1, 2)]
        await settle()
        with pytest.raises(SendBufferFullError):
            await client.call("echo", 3)
        await client.connect()
        assert await asyncio.gather(*calls) == [1, 2]
        await client.close()


class TestChannels:
    async def test_hear_what_is_published(self) -> None:
        world = World()
        async with world.client() as client, client.channel("board:1") as board:
            heard: list[Any] = []
            board.on("moved", heard.append)
            await world.engine.hub.publish("board:1", "moved", 1)
            await world.engine.hub.publish("board:1", "other", 2)
            await settle()
            assert numbers(heard) == [1]

    async def test_can_be_looped_over(self) -> None:
        world = World()
        async with world.client() as client, client.channel("board:1") as board:

            async def three() -> list[Any]:
                found: list[Any] = []
                async for heard in board:
                    found.append(heard.data)
                    if len(found) == 3:
                        break
                return found

            taking = asyncio.ensure_future(three())
            await settle()
            for number in range(3):
                await world.engine.hub.publish("board:1", "moved", number)
            assert await taking == [0, 1, 2]

    async def test_of_nobody_in_particular_are_heard_by_the_client(self) -> None:
        world = World()
        async with world.client() as client:
            heard: list[Any] = []
            ended = client.on("told", lambda one: heard.append(one.data))
            # A channel may be called what a user is: what is for one is never heard in the other.
            own = await client.channel("ann").subscribe()
            said: list[Any] = []
            own.on(None, lambda one: said.append(one.data))
            await world.engine.hub.to_user("ann", "told", 1)
            await world.engine.hub.to_client(client.cid, "told", 2)
            await world.engine.hub.broadcast("told", 3)
            await world.engine.hub.publish("ann", "told", 4)
            await settle()
            assert (heard, said) == ([1, 2, 3], [4])
            ended()
            await world.engine.hub.broadcast("told", 5)
            await settle()
            assert heard == [1, 2, 3]

    async def test_raise_where_they_are_refused_and_stay_refused(self) -> None:
        world = World()
        async with world.client() as client:
            with pytest.raises(RemoteFault, match="may not listen"):
                await client.channel("private-diary.bob").subscribe()
            await world.connector.cut()
            await world.time.pass_by(1)
            assert client.state is ClientState.CONNECTED
            assert world.engine.hub.statistics.refused == 1

    async def test_get_what_they_missed_after_a_reconnect(self) -> None:
        world = World()
        async with world.client() as client, client.channel("board:1") as board:
            heard: list[Any] = []
            lost: list[int] = []
            board.on("moved", heard.append)
            board.on_resync = lambda: lost.append(1)
            await world.engine.hub.publish("board:1", "moved", 1)
            await settle()
            await world.connector.cut()
            await world.engine.hub.publish("board:1", "moved", 2)
            await world.time.pass_by(1)
            await world.engine.hub.publish("board:1", "moved", 3)
            await settle()
            assert numbers(heard) == [1, 2, 3]
            assert lost == []

    async def test_say_when_something_is_lost_for_good(self) -> None:
        world = World()
        async with world.client() as client, client.channel("board:1") as board:
            heard: list[Any] = []
            lost: list[int] = []
            board.on("moved", heard.append)
            board.on_resync = lambda: lost.append(1)
            await world.connector.cut()
            for number in range(5):
                await world.engine.hub.publish("board:1", "moved", number)
            await world.time.pass_by(1)
            assert (numbers(heard), lost) == ([], [1])
            await world.engine.hub.publish("board:1", "moved", 5)
            await settle()
            assert numbers(heard) == [5]

    async def test_without_history_a_reconnect_is_a_gap(self) -> None:
        world = World()
        async with world.client() as client, client.channel("plain") as plain:
            lost: list[int] = []
            plain.on_resync = lambda: lost.append(1)
            await world.connector.cut()
            await world.time.pass_by(1)
            assert lost == [1]

    async def test_are_asked_for_again_after_the_client_has_said_who_it_is(self) -> None:
        world = World()
        async with world.client() as client:
            diary = await client.channel("private-diary.ann").subscribe()
            heard: list[Any] = []
            diary.on("said", lambda one: heard.append(one.data))
            for number in range(3):
                await world.connector.cut()
                await world.time.pass_by(1)
                await world.engine.hub.publish("private-diary.ann", "said", number)
                await settle()
            assert heard == [0, 1, 2]
            # As somebody else it may not listen any more.
            world.tokens.append("bob")
            await world.connector.cut()
            await world.time.pass_by(5)
            assert diary.standing == "refused"
            assert world.engine.hub.topics == {}

    async def test_show_who_is_there(self) -> None:
        world = World()
        ann = world.client()
        await ann.connect()
        room = await ann.channel("presence-room.1").subscribe()
        world.tokens.append("bob")
        async with world.client() as bob, bob.channel("presence-room.1") as his:
            assert sorted(room.members) == sorted(his.members) == ["ann", "bob"]
            assert (room.me, his.me) == ("ann", "bob")
        await world.time.pass_by(6)
        assert list(room.members) == ["ann"]
        await ann.close()

    async def test_get_a_long_list_of_members_page_by_page(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(native, "MEMBERS_PAGE", 2)
        world = World()
        names = ["ann", "bob", "cleo", "dan", "eve"]
        clients: list[RealtimeClient] = []
        told: list[list[str]] = []
        for name in names:
            world.tokens.append(name)
            clients.append(client := world.client())
            await client.connect()
            room = client.channel("presence-room.1")
            room.on_members = lambda room=room: told.append(sorted(room.members))
            await room.subscribe()
            # Whoever waited for the subscription knows all of them.
            assert sorted(room.members) == names[: len(clients)]
        # One word of a list, however many pages it has; then one of each change.
        assert [len(one) for one in told] == [1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 5]
        for client in clients:
            await client.close()

    async def test_bring_their_signature(self) -> None:
        signer = ChannelSigner(["0123456789abcdef"])
        asked: list[tuple[str, str]] = []

        async def authorize(cid: str, channel: str) -> Any:
            asked.append((cid, channel))
            return {"auth": signer.sign(cid, channel)}

        world = World(signer=signer)
        async with (
            world.client(authorize=authorize) as client,
            client.channel("private-x"),
        ):
            assert asked == [(client.cid, "private-x")]

    async def test_one_listeners_mistake_costs_the_others_nothing(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        world = World()
        async with world.client() as client, client.channel("board:1") as board:
            heard: list[Any] = []
            board.on("moved", lambda _: 1 / 0)
            board.on("moved", heard.append)
            await world.engine.hub.publish("board:1", "moved", 1)
            await settle()
            assert numbers(heard) == [1]
            assert "A listener of board:1 failed" in caplog.text

    async def test_of_a_closed_client_are_heard_again_when_it_comes_back(self) -> None:
        world = World()
        client = world.client()
        await client.connect()
        board = await client.channel("board:1").subscribe()
        heard: list[Any] = []
        board.on("moved", heard.append)
        await client.close()
        await world.engine.hub.publish("board:1", "moved", 1)
        await client.connect()
        await settle()
        await world.engine.hub.publish("board:1", "moved", 2)
        await settle()
        assert numbers(heard) == [1, 2]
        await client.close()


class Log(Channel):
    pattern = "log"
    history = Board.history


async def drilled(disconnects: int, chance: random.Random) -> tuple[int, int]:
    """Cut a client again and again while somebody publishes; returns heard and announced gaps.

    Raises:
        AssertionError: something was doubled, out of order, or missing without a word.
    """
    time = ManualSchedule()
    realtime = Engine(channels=[Log, Room, Diary], schedule=time, authenticate=by_token)
    connector = MemoryConnector(realtime)

    async def credentials() -> Any:
        return {"token": "ann"}

    client = RealtimeClient(
        "ws://x", connector, credentials=credentials, schedule=time, chance=chance.random
    )
    await client.connect()
    log = await client.channel("log").subscribe()
    heard: list[int] = []
    gaps: set[int] = set()
    log.on("n", lambda one: heard.append(one.data))
    log.on_resync = lambda: gaps.add(len(heard))
    published = 0
    for _ in range(disconnects):
        for _ in range(chance.randrange(4)):
            await realtime.hub.publish("log", "n", published)
            published += 1
        await settle()
        await connector.cut()
        for _ in range(chance.randrange(6)):
            await realtime.hub.publish("log", "n", published)
            published += 1
        await time.pass_by(chance.choice([0.1, 1, 40]))
        while client.state is not ClientState.CONNECTED:
            await time.pass_by(1)
    await realtime.hub.publish("log", "n", published)
    await settle()
    assert heard[-1] == published
    for place, (before, after) in enumerate(zip(heard, heard[1:], strict=False), 1):
        assert after > before, (before, after)
        assert after == before + 1 or place in gaps, f"{before} to {after} without a word"
    await client.close()
    return len(heard), len(gaps)


class TestManyDisconnects:
    async def test_lose_nothing_without_a_word_and_double_nothing(self) -> None:
        heard, gaps = await drilled(200, random.Random(11))
        assert heard > 100
        assert gaps > 0

    @pytest.mark.drill
    async def test_ten_thousand(self) -> None:
        await drilled(10_000, random.Random())
