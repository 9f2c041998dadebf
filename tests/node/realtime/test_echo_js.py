"""A pusher entrance of an application, judged by laravel-echo over pusher-js."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.node.http_server import serving
from tests.node.realtime.foreign_client import foreign_client, needs
from velocious.realtime import Admit, Channel, Identity
from velocious.routing import Routes

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from tests.node.realtime.foreign_client import ForeignClient
    from velocious.configuration import Configuration
    from velocious.realtime import Upgrade
    from velocious.testing.environment import TestEnvironment

SECRET = "a secret that nobody knows, of more than 32 characters"


class RoomChannel(Channel):
    pattern = "presence-room.{id}"
    client_events = True
    leave_grace = 0

    async def authorize(self) -> bool:
        return self.user is not None


class DiaryChannel(Channel):
    pattern = "private-diary.{owner}"

    async def authorize(self) -> bool:
        return self.user == self.params["owner"]


async def by_bearer(request: Upgrade) -> Admit:
    # The socket comes without a token: it is who its signatures say.
    name = request.bearer
    return Admit(Identity(name, info={"id": name, "name": name.title()}) if name else None)


class Place:
    """An application and its port."""

    def __init__(self, configuration: Configuration, port: int) -> None:
        self.configuration = configuration
        self.port = port

    @asynccontextmanager
    async def client(self, name: str) -> AsyncGenerator[ForeignClient]:
        async with foreign_client("echo.mjs", str(self.port), name) as made:
            await made.hears("state", state="connected")
            yield made


@pytest.fixture
async def place(sqlite_environment: TestEnvironment) -> AsyncGenerator[Place]:
    needs("laravel-echo")
    routes = Routes()
    routes.realtime("/app/my-key", dialects=["pusher"], upgrade=by_bearer)
    made = sqlite_environment.application(
        routes=routes, channels=[RoomChannel, DiaryChannel], secret=SECRET
    )
    async with made as configuration, serving(configuration.asgi()) as server:
        yield Place(configuration, server.port)


async def publish(place: Place, channel: str, event: str, data: Any) -> None:
    await place.configuration.channels.publish(channel, event, data)


async def test_hears_public_and_private_channels(place: Place) -> None:
    async with place.client("ann") as ann:
        await ann.do("channel", name="news")
        await ann.do("private", name="diary.ann")
        for name in ("news", "diary.ann"):
            await ann.hears("subscribed", channel=name)
            await ann.do("listen", name=name, event=".moved")
        await ann.do("private", name="diary.bob")
        assert (await ann.hears("refused", channel="diary.bob"))["status"] == 403
        await publish(place, "news", "moved", {"n": 1})
        await publish(place, "private-diary.ann", "moved", {"n": 2})
        assert (await ann.hears("heard", channel="news"))["data"] == {"n": 1}
        assert (await ann.hears("heard", channel="diary.ann"))["data"] == {"n": 2}


async def test_shows_who_is_here_who_joins_and_who_leaves(place: Place) -> None:
    ann_shown, bob_shown = [{"id": one, "name": one.title()} for one in ("ann", "bob")]
    async with place.client("ann") as ann:
        await ann.do("join", name="room.1")
        assert (await ann.hears("here"))["members"] == [ann_shown]
        async with place.client("bob") as bob:
            await bob.do("join", name="room.1")
            here = (await bob.hears("here"))["members"]
            assert sorted(one["id"] for one in here) == ["ann", "bob"]
            assert (await ann.hears("joining"))["member"] == bob_shown
        assert (await ann.hears("leaving"))["member"] == bob_shown


async def test_whispers_reach_the_others(place: Place) -> None:
    async with place.client("ann") as ann, place.client("bob") as bob:
        for one in (ann, bob):
            await one.do("join", name="room.1")
            await one.hears("subscribed", channel="room.1")
            await one.do("hearWhispers", name="room.1", event="typing")
            await one.hears("listening", event="typing")
        await ann.do("whisper", name="room.1", event="typing", data={"by": "ann"})
        assert (await bob.hears("whisper"))["data"] == {"by": "ann"}
        await ann.do("leave", name="room.1")
        await bob.hears("leaving")
        assert ann.all_heard("whisper") == []


async def test_another_key_is_no_address(place: Place) -> None:
    for path in ("/app/other-key", "/app/my-key/more", "/app/"):
        with pytest.raises(InvalidStatus) as refused:
            await connect(f"ws://127.0.0.1:{place.port}{path}?protocol=7")
        assert refused.value.response.status_code in (403, 404)
