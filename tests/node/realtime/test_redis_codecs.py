"""Among processes of other systems: exactly what they write, and what they read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import pytest
from redis.asyncio import Redis

from tests.contracts.realtime_provider_contract import events, listener, made
from tests.node import redis
from tests.node.realtime.foreign_client import foreign_client, needs
from tests.suites.waiting import until
from velocious.errors import ConfigurationError, EnvelopeError, UnknownOptionError
from velocious.realtime.envelopes.ignis import IgnisCodec
from velocious.realtime.envelopes.ori import OriCodec
from velocious.realtime.envelopes.velox import VeloxCodec
from velocious.realtime.publication import Audience, Publication
from velocious_node.realtime.redis import ForeignProvider, RedisEmitter, RedisProvider
from velocious_node.realtime.redis_settings import provider_from

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.node.realtime.foreign_client import ForeignClient
    from tests.node.redis import OwnRedis
    from velocious.realtime.envelopes import Codec

ROOM = Publication(
    Audience.CHANNEL, "room-1", "said", '{"n":1}', epoch_ms=5, id="i", exclude=frozenset(["c1"])
)
USER = Publication(Audience.USER, "u1", "said", "null", epoch_ms=5, id="i")
CLIENT = Publication(Audience.CLIENT, "c1", "said", "2", epoch_ms=5, id="i")
ALL = Publication(Audience.ALL, "", "said", "[]", epoch_ms=5, id="i")
BYTES = Publication(Audience.CHANNEL, "room-1", "said", None, binary=b"\0\xff", epoch_ms=5, id="i")

EACH = pytest.mark.parametrize(
    "codec", [IgnisCodec(), OriCodec(), VeloxCodec()], ids=["ignis", "ori", "velox"]
)


def written(codec: Codec, publication: Publication) -> tuple[str, Any] | None:
    wire = codec.write(publication, "me")
    return None if wire is None else (wire.channel, json.loads(wire.text))


def test_ignis_is_written_as_it_is_read_there() -> None:
    codec = IgnisCodec()
    head = {"serverId": "me", "event": "said"}
    assert written(codec, ROOM) == (
        "ws:room:room-1",
        {**head, "type": "room", "target": "room-1", "data": {"n": 1}, "exclude": ["c1"]},
    )
    assert written(codec, USER) == (
        "ws:user:u1",
        {**head, "type": "user", "target": "u1", "data": None},
    )
    assert written(codec, CLIENT) == (
        "ws:client:c1",
        {**head, "type": "client", "target": "c1", "data": 2},
    )
    assert written(codec, ALL) == ("ws:broadcast", {**head, "type": "broadcast", "data": []})
    assert written(codec, BYTES) is None


def test_ori_is_written_as_it_is_read_there() -> None:
    codec = OriCodec("app")
    place, words = written(codec, ROOM) or ("", {})
    assert (place, words["topic"], words["isBinary"]) == ("app:room-1", "room-1", False)
    assert json.loads(words["message"]) == {"name": "said", "data": {"n": 1}, "timestamp": 5}
    assert written(codec, BYTES) == (
        "app:room-1",
        {"topic": "room-1", "message": "AP8=", "isBinary": True},
    )
    assert (written(codec, CLIENT) or ("",))[0] == "app:__socket__:c1"
    assert (written(codec, ALL) or ("",))[0] == "app:__broadcast__"
    assert written(codec, USER) is None


def test_velox_is_written_as_it_is_read_there() -> None:
    codec = VeloxCodec()
    assert written(codec, ROOM) == (
        "velox:broadcast",
        {"channel": "room-1", "event": "said", "data": {"n": 1}, "except": "c1", "__origin": "me"},
    )
    assert [written(codec, one) for one in (USER, CLIENT, ALL, BYTES)] == [None] * 4


@EACH
def test_what_is_written_is_read_again(codec: Codec) -> None:
    for one in (ROOM, USER, CLIENT, ALL, BYTES):
        wire = codec.write(one, "me")
        if wire is None:
            continue
        back = codec.read(wire.channel, wire.text, id="n", epoch_ms=6)
        assert (back.audience, back.name) == (one.audience, one.name)
        assert (back.json, back.binary) == (one.json, one.binary)
        if codec.names_origin:
            assert back.origin == "me"
            assert back.exclude == frozenset(one.exclude)


@EACH
@pytest.mark.parametrize(
    "text", ["", "null", "[]", "{}", '{"topic":1}', '{"type":"x"}', "[" * 100_000, '{"channel":""}']
)
def test_anything_else_is_refused(codec: Codec, text: str) -> None:
    with pytest.raises(EnvelopeError):
        codec.read("x", text, id="n", epoch_ms=6)


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[OwnRedis]:
    # Their names are fixed: others may not hear us, nor we them.
    async with redis.own_redis(tmp_path) as made:
        yield made


@EACH
async def test_our_own_processes_hear_each_other_once(server: OwnRedis, codec: Codec) -> None:
    engines = [made(ForeignProvider(server.url, codec=codec, **redis.QUICK)) for _ in range(2)]
    for one in engines:
        await one.start()
    ears = [await listener(one, "news") for one in engines]
    for number in range(5):
        await engines[0].hub.publish("news", "said", number)
    async with RedisEmitter(server.url, codec=codec, **redis.QUICK) as emitter:
        await emitter.publish("news", "said", 5)
    for one in ears:
        await until(lambda one=one: events(one) == [0, 1, 2, 3, 4, 5])
    for one in engines:
        await one.stop()


async def test_their_emitter_reaches_our_clients_and_they_hear_ours(
    server: OwnRedis, tmp_path: Path
) -> None:
    needs("@venizia/ignis-helpers")
    engine = made(ForeignProvider(server.url, codec=IgnisCodec(), origin="us", **redis.QUICK))
    await engine.start()
    ann = await listener(engine, "news", "ann")
    bob = await listener(engine, "news", "bob")
    orders: list[tuple[str, dict[str, Any]]] = [
        ("emitter", {"url": server.url}),
        ("listen", {"url": server.url, "pattern": "ws:*"}),
        ("room", {"room": "news", "event": "said", "data": {"n": 1}}),
        ("room", {"room": "news", "event": "said", "data": 2, "exclude": [ann.connection.id]}),
        ("user", {"userId": "bob", "event": "said", "data": 3}),
        ("client", {"clientId": ann.connection.id, "event": "said", "data": 4}),
        ("broadcast", {"event": "said", "data": None}),
    ]
    # Its logger makes files where it is started.
    async with foreign_client("ignis_redis.cjs", directory=tmp_path) as theirs:
        for number, (order, given) in enumerate(orders):
            await theirs.do(order, **given)
            await theirs.hears("done", count=number + 1)
        await until(lambda: events(ann) == [{"n": 1}, 4, None])
        await until(lambda: events(bob) == [{"n": 1}, 2, 3, None])
        await engine.hub.publish("news", "said", {"ours": True})
        await until(lambda: events(bob)[-1:] == [{"ours": True}])
        heard = await theirs.hears("heard", count=6)
        assert (heard["place"], heard["words"]) == (
            "ws:room:news",
            {
                **{"serverId": "us", "type": "room", "target": "news"},
                **{"event": "said", "data": {"ours": True}},
            },
        )
        before = [one["words"]["serverId"] for one in theirs.all_heard("heard")[:5]]
        assert before == ["emitter"] * 5
    await engine.stop()


async def test_our_emitter_and_our_servers_reach_clients_of_their_server(
    server: OwnRedis, tmp_path: Path
) -> None:
    needs("@venizia/ignis-helpers")
    engine = made(ForeignProvider(server.url, codec=IgnisCodec(), **redis.QUICK))
    await engine.start()
    async with foreign_client("ignis_server.cjs", server.url, directory=tmp_path) as theirs:
        await theirs.hears("there")
        asked = 0
        for key, room in (("a", "lobby-1"), ("b", "lobby-2")):
            await theirs.do("open", key=key)
            for event, data in (("authenticate", {"token": "right"}), ("join", {"rooms": [room]})):
                frame = json.dumps({"event": event, "data": data})
                await theirs.do("frame", key=key, text=frame)
                await theirs.do("done")
                await theirs.hears("done", count=(asked := asked + 1))

        async with RedisEmitter(server.url, codec=IgnisCodec(), **redis.QUICK) as emitter:
            await emitter.publish("lobby-1", "said", {"n": 1})
            await emitter.publish("lobby-1", "said", {"n": "excluded"}, exclude=["a"])
            await emitter.to_client("b", "said", {"n": 2})
            await emitter.to_user("ann", "said", {"n": "ä"})
            await emitter.broadcast("said", None)
        await engine.hub.publish("lobby-2", "said", [5])
        # Each publication is one step for Redis, and theirs hears it over one connection.
        await until(lambda: len(_said(theirs, "b")) == 4)
        assert _said(theirs, "a") == [{"n": 1}, {"n": "ä"}, None]
        assert _said(theirs, "b") == [{"n": 2}, {"n": "ä"}, None, [5]]
    await engine.stop()


def _said(server: ForeignClient, key: str) -> list[Any]:
    """What a client of theirs was told."""
    frames = [one["frame"] for one in server.all_heard("sent") if one["key"] == key]
    return [one.get("data") for one in frames if one["event"] == "said"]


async def test_what_they_would_not_write_is_dropped(server: OwnRedis) -> None:
    engine = made(ForeignProvider(server.url, codec=IgnisCodec(), **redis.QUICK))
    await engine.start()
    ann = await listener(engine, "news", "ann")
    client = cast("Any", Redis).from_url(server.url)
    for one in (b"\xff", b"{", b"null", b'{"serverId":"x","type":"room"}', b"x" * 300_000):
        await client.publish("ws:room:news", one)
    good = b'{"serverId":"x","type":"room","target":"news","event":"said","data":1}'
    await client.publish("ws:room:news", good)
    await client.aclose()
    await until(lambda: events(ann) == [1])
    await engine.stop()


# Settings


def test_settings_lead_to_providers() -> None:
    assert isinstance(provider_from("redis://localhost/0"), RedisProvider)
    found = provider_from({"url": "redis://localhost/0", "prefix": "rt:shop", "lease": 5})
    assert isinstance(found, RedisProvider)
    assert (found.settings.prefix, found.settings.lease) == ("rt:shop", 5)
    assert isinstance(provider_from({"url": "redis://h/0", "codec": "ori"}), ForeignProvider)


@pytest.mark.parametrize(
    ("given", "error", "says"),
    [
        ("http://localhost", ConfigurationError, "redis://"),
        ({"prefix": "x"}, ConfigurationError, "no url"),
        ({"url": "redis://h", "prefiks": "x"}, UnknownOptionError, "prefix"),
        ({"url": "redis://h", "codec": "socketio"}, ConfigurationError, "ignis"),
        ({"url": "redis://h", "codec": "ignis", "prefix": "x"}, ConfigurationError, "prefix"),
    ],
)
def test_wrong_settings_say_what_is_right(given: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        provider_from(given)
