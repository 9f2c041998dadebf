"""Connections of an application: drawn in its routes, known by its sessions, told after commits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from velocious.controller import Controller
from velocious.errors import ConfigurationError, DuplicateMessageError, RoutingError
from velocious.realtime import (
    Admit,
    Channel,
    Identity,
    Message,
    MessageRegistry,
    Reject,
    SocketRouter,
)
from velocious.record import Record
from velocious.routing import Routes
from velocious.testing.client import Client

if TYPE_CHECKING:
    from velocious.realtime import Context, Upgrade
    from velocious.testing.environment import TestEnvironment

SECRET = "a secret that nobody knows, of more than 32 characters"
SCHEMA = "CREATE TABLE tasks (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT NOT NULL);"


class Task(Record):
    pass


class BoardChannel(Channel):
    pattern = "private-board.{id}"

    async def authorize(self) -> bool:
        return self.user == "ann"


class SignInController(Controller):
    async def create(self) -> None:
        self.session["name"] = self.params["name"]
        self.head(204)


async def by_session(request: Upgrade) -> Admit | Reject:
    name = (await request.session())["name"]
    return Admit(Identity(name)) if name else Reject()


class TaskRouter(SocketRouter):
    def configure(self, routes: Any) -> None:
        routes.on("task.move", self.move, {"type": "object", "required": ["id"]})

    async def move(self, context: Context) -> Any:
        return {"moved": context.data["id"], "by": context.user}


def drawn(**options: Any) -> Routes:
    routes = Routes()
    routes.post("/sign-in", to=(SignInController, "create"))
    # Whatever runs on a server runs in a browser's worker, too.
    given: dict[str, Any] = {"on": "both", **options}
    routes.realtime("/realtime", **given)
    return routes


def application(environment: TestEnvironment, **options: Any) -> Any:
    routes = drawn(**options.pop("entrance", {}))
    options = {"secret": SECRET, **options}
    return environment.application(
        models=[Task], schema=SCHEMA, channels=[BoardChannel], routes=routes, **options
    )


async def test_what_is_published_reaches_whoever_listens(environment: TestEnvironment) -> None:
    async with application(environment) as configuration:
        client = Client(configuration)
        async with client.socket("/realtime") as ann, client.socket("/realtime/") as bob:
            for socket in (ann, bob):
                assert (await socket.hears("hello"))["auth"] == "none"
                await socket.says(type="sub", ch="board:1")
                await socket.hears("sub.ok")
            await configuration.channels.publish("board:1", "moved", {"id": 5})
            for socket in (ann, bob):
                heard = await socket.hears("event")
                assert heard["data"] == {"id": 5}
                assert (heard["ch"], heard["event"]) == ("board:1", "moved")


async def test_publishing_needs_no_connection_and_no_server(environment: TestEnvironment) -> None:
    async with environment.application() as configuration:
        await configuration.channels.publish("board:1", "moved")
        await configuration.channels.to_user(5, "told")
        await configuration.channels.broadcast("news", {"text": "hello"})
        assert configuration.channels.statistics.publications == 3


async def test_a_visitor_is_known_by_the_session(environment: TestEnvironment) -> None:
    async with application(environment, entrance={"upgrade": by_session}) as configuration:
        client = Client(configuration)
        async with client.socket("/realtime") as stranger:
            assert stranger.refused == 401
        await client.post("/sign-in", form={"name": "ann"})
        async with client.socket("/realtime") as ann:
            assert (await ann.hears("ready"))["user"] == "ann"
            await ann.says(type="sub", ch="private-board.1")
            await ann.hears("sub.ok")
        await client.post("/sign-in", form={"name": "bob"})
        async with client.socket("/realtime") as bob:
            await bob.says(type="sub", ch="private-board.1")
            assert (await bob.hears("error"))["code"] == "forbidden"


async def test_https_has_its_own_session_cookie(environment: TestEnvironment) -> None:
    async with application(environment, entrance={"upgrade": by_session}) as configuration:
        client = Client(configuration, base_url="https://app.test")
        await client.post("/sign-in", form={"name": "ann"})
        async with client.socket("/realtime") as ann:
            assert (await ann.hears("ready"))["user"] == "ann"


async def test_messages_go_to_routers_and_handlers(environment: TestEnvironment) -> None:
    messages = MessageRegistry()

    @messages.on(Message("add", {"type": "array", "items": {"type": "number"}}))
    async def add(context: Context) -> Any:
        return sum(context.data)

    entrance = {"messages": messages, "routers": [TaskRouter], "upgrade": anybody}
    async with (
        application(environment, entrance=entrance) as configuration,
        Client(configuration).socket("/realtime") as socket,
    ):
        await socket.says(type="call", name="add", data=[1, 2], id=1)
        assert (await socket.hears("reply"))["data"] == 3
        await socket.says(type="call", name="task.move", data={"id": 7}, id=2)
        assert (await socket.hears("reply"))["data"] == {"moved": 7, "by": "anybody"}
        await socket.says(type="call", name="task.move", data={}, id=3)
        assert (await socket.hears("error"))["code"] == "validation_failed"


async def anybody(_: Upgrade) -> Admit:
    return Admit(Identity("anybody"))


async def test_two_entrances_share_what_is_published(environment: TestEnvironment) -> None:
    routes = drawn()
    routes.realtime("/members", upgrade=anybody, on="both")
    async with environment.application(routes=routes) as configuration:
        client = Client(configuration)
        async with client.socket("/realtime") as guest, client.socket("/members") as member:
            for socket in (guest, member):
                await socket.says(type="sub", ch="news")
                await socket.hears("sub.ok")
            await configuration.channels.publish("news", "told", 1)
            for socket in (guest, member):
                assert (await socket.hears("event"))["data"] == 1
            await configuration.channels.to_user("anybody", "told", 2)
            assert (await member.hears("event"))["data"] == 2
            await configuration.channels.kick(user="anybody")
            assert await member.ended() == (4006, "Signed out")


async def test_an_entrance_that_makes_no_sense_stops_the_start(
    environment: TestEnvironment,
) -> None:
    async with environment.application(routes=drawn(dialects=["natve"])) as configuration:
        with pytest.raises(ConfigurationError, match=r"'natve'.*native"):
            configuration.asgi()
    routes = drawn(routers=[TaskRouter, TaskRouter])
    async with environment.application(routes=routes) as configuration:
        with pytest.raises(DuplicateMessageError):
            configuration.asgi()
    with pytest.raises(RoutingError):
        drawn(on="moon")


# Transactions


async def test_what_a_transaction_publishes_is_sent_when_it_commits(
    environment: TestEnvironment,
) -> None:
    async with (
        application(environment) as configuration,
        Client(configuration).socket("/realtime") as socket,
    ):
        await socket.says(type="sub", ch="board:1")
        await socket.hears("sub.ok")
        publish = configuration.channels.publish
        async with Task.transaction():
            await Task.create(name="Launch")
            await publish("board:1", "created", await Task.count())
            async with Task.transaction():
                await publish("board:1", "inside")
            assert configuration.channels.statistics.publications == 0
        assert [(await socket.hears("event"))["event"] for _ in range(2)] == ["created", "inside"]


async def test_what_was_rolled_back_is_never_told(environment: TestEnvironment) -> None:
    async with application(environment) as configuration:
        publish = configuration.channels.publish
        with pytest.raises(ArithmeticError):
            async with Task.transaction():
                await publish("board:1", "created")
                await configuration.channels.kick(user="ann")
                raise ArithmeticError
        async with Task.transaction():
            with pytest.raises(ArithmeticError):
                async with Task.transaction():
                    await publish("board:1", "created")
                    raise ArithmeticError
        assert configuration.channels.statistics.publications == 0
        await publish("board:1", "created")
        assert configuration.channels.statistics.publications == 1


# Where a page may be


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, None),
        ({"origin": "https://friend.test"}, None),
        ({"origin": "https://evil.test"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://app.test:81"}, 403),
        ({"origin": "http://app.test", "sec-fetch-site": "cross-site"}, 403),
        ({"origin": None}, None),
        ({"origin": None, "cookie": "a=1"}, 403),
        ({"origin": None, "cookie": "a=1", "authorization": "Bearer token"}, None),
        ({"origin": None, "cookie": "a=1", "authorization": "Basic token"}, 403),
        ({"host": "evil.test", "origin": "http://evil.test"}, 403),
    ],
)
async def test_pages_of_other_sites_open_no_socket(
    environment: TestEnvironment, headers: dict[str, str | None], status: int | None
) -> None:
    asked: list[Upgrade] = []

    async def upgrade(request: Upgrade) -> Admit:
        asked.append(request)
        return Admit()

    http = {"trusted_origins": ["https://friend.test"], "hosts": ["app.test"]}
    async with (
        application(environment, entrance={"upgrade": upgrade}, http=http) as configuration,
        Client(configuration).socket("/realtime", headers=headers) as socket,
    ):
        assert socket.refused == status
        # Nothing of the application has run.
        assert len(asked) == (status is None)


async def test_a_token_in_an_address_is_nobodys(environment: TestEnvironment) -> None:
    async def by_token(_: Any, credentials: dict[str, Any]) -> Identity | None:
        return Identity("ann") if credentials.get("token") == "ann's" else None

    entrance: dict[str, Any] = {"authenticate": by_token}
    async with application(environment, entrance=entrance) as configuration:
        client = Client(configuration)
        query = "token=ann's&access_token=ann's&auth=ann's&ticket=ann's"
        async with client.socket(f"/realtime?{query}") as socket:
            assert (await socket.hears("hello"))["auth"] == "required"
            await socket.says(type="sub", ch="private-board.1")
            assert (await socket.hears("error"))["code"] == "not_authenticated"
        (await client.get(f"/realtime/events?{query}")).assert_status(401)


async def test_behind_a_proxy_that_is_trusted_clients_have_their_own_addresses(
    environment: TestEnvironment,
) -> None:
    asked: list[str | None] = []

    async def upgrade(request: Upgrade) -> Admit:
        asked.append(request.address)
        return Admit()

    entrance: dict[str, Any] = {"upgrade": upgrade}
    headers = {"x-forwarded-for": "203.0.113.9, 198.51.100.7"}
    for proxies in ([], ["127.0.0.1"], ["127.0.0.1", "198.51.100.0/24"]):
        http = {"trusted_proxies": proxies}
        async with (
            application(environment, entrance=entrance, http=http) as configuration,
            Client(configuration).socket("/realtime", headers=headers) as socket,
        ):
            await socket.hears("hello")
    # Nobody chooses an address by a header, and no hop that is not trusted is believed.
    assert asked == ["127.0.0.1", "198.51.100.7", "203.0.113.9"]


async def test_an_address_that_is_too_busy_is_told_when_to_come_back(
    environment: TestEnvironment,
) -> None:
    realtime = {"connections_per_ip": 1}
    async with application(environment, realtime=realtime, entrance={}) as configuration:
        client = Client(configuration)
        async with client.socket("/realtime") as first, client.socket("/realtime") as second:
            await first.hears("hello")
            assert second.refused == 429
            answer = await client.get("/realtime/events")
            assert (answer.status, answer.headers["retry-after"]) == (429, "5")


async def test_a_socket_where_none_is_drawn_is_refused_at_once(
    environment: TestEnvironment,
) -> None:
    async with application(environment, entrance={}) as configuration:
        for path in ("/realtime/more", "/nowhere", "/sign-in"):
            async with Client(configuration).socket(path) as socket:
                assert socket.refused is not None
