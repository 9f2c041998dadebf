"""Redis goes away, processes die or are cut off: nobody misses anything unannounced."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

import pytest
from redis.asyncio import Redis

from tests.contracts.realtime_provider_contract import changes, events, listener
from tests.node import redis
from tests.node.realtime.redis_troubles import Cut, crash, process, provider_of
from tests.suites.waiting import until
from velocious.errors import ProviderUnavailableError
from velocious.realtime.presence import Member
from velocious_node.realtime.redis import RedisEmitter

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator
    from pathlib import Path

    from velocious.realtime import Engine

QUICK = redis.QUICK
LOUNGE = "presence-lounge.1"


@asynccontextmanager
async def processes(url: str, count: int = 2, **options: Any) -> AsyncGenerator[list[Engine]]:
    made = [await process(url, **options) for _ in range(count)]
    try:
        yield made
    finally:
        for one in made:
            await one.stop()


@pytest.fixture
async def prefix() -> AsyncIterator[str]:
    async with redis.prefix() as name:
        yield name


async def healthy(*engines: Engine) -> None:
    for one in engines:
        provider = provider_of(one)
        await until(lambda provider=provider: provider._outbox.is_up)
        await until(lambda provider=provider: provider._subscriber.is_up)


# The process is busy


async def test_an_answer_that_came_while_the_process_was_busy_counts(prefix: str) -> None:
    async with processes(redis.URL, 1, prefix=prefix, timeout=0.3) as (here,):
        await healthy(here)
        outbox = provider_of(here)._outbox
        asked = asyncio.ensure_future(outbox.now("ECHO", "there"))
        await asyncio.sleep(0)
        # Nothing else runs in this process meanwhile, as where a thousand people join at once.
        time.sleep(0.5)  # noqa: ASYNC251
        assert await asked == b"there"
        assert outbox.is_up


# Redis dies


async def test_without_redis_people_of_one_process_still_hear_each_other(tmp_path: Path) -> None:
    async with redis.own_redis(tmp_path) as server, processes(server.url) as (here, there):
        for channel in ("news", "board:1"):
            near, far = [await listener(one, channel) for one in (here, there)]
            await server.kill()
            for number in range(10):
                await here.hub.publish(channel, "said", number)
            assert events(near) == list(range(10))
            assert events(far) == []
            await server.start()
            await healthy(here, there)
            for one in (near, far):
                await until(lambda one=one: one.all_heard("resync"))
            for number in range(10, 20):
                await here.hub.publish(channel, "said", number)
            await until(lambda far=far: events(far) == list(range(10, 20)))
            await until(lambda near=near: events(near) == list(range(20)))


async def test_what_redis_forgot_is_not_recovered(tmp_path: Path) -> None:
    async with redis.own_redis(tmp_path) as server, processes(server.url) as (here, there):
        ear = await listener(here, "board:1")
        for number in range(3):
            await here.hub.publish("board:1", "said", number)
        await until(lambda: len(events(ear)) == 3)
        position = ear.all_heard("event")[1]["pos"]
        await ear.leaves()
        await server.kill()
        await server.start()
        await healthy(here, there)
        for number in range(3):
            await there.hub.publish("board:1", "said", number)
        back = await listener(there, "board:1", since=position)
        assert back.heard("sub.ok")["recovered"] is False


async def test_a_redis_that_lost_its_last_moments_does_not_continue_them(tmp_path: Path) -> None:
    """The append-only file of a restarted server may end early: offsets would be given twice."""
    options = ("--appendonly", "yes", "--appendfsync", "always")
    async with redis.own_redis(tmp_path, *options) as server, processes(server.url) as (here, _):
        ear = await listener(here, "board:1")
        position = ear.heard("sub.ok")["pos"]
        await here.hub.publish("board:1", "said", 1)
        await until(lambda: events(ear) == [1])
        await server.kill()
        await server.start()
        await healthy(here)
        back = await listener(here, "board:1", since=position)
        assert back.heard("sub.ok")["recovered"] is False


async def test_a_process_may_start_before_redis_does(tmp_path: Path) -> None:
    server = redis.OwnRedis(tmp_path)
    async with processes(server.url) as (here, there):
        near, far = [await listener(one, "news") for one in (here, there)]
        await here.hub.publish("news", "said", 1)
        assert events(near) == [1]
        await server.start()
        try:
            await until(lambda: far.all_heard("resync"))
            await healthy(here)
            await here.hub.publish("news", "said", 2)
            await until(lambda: events(far) == [2])
        finally:
            await server.kill()


async def test_members_are_back_when_redis_is(tmp_path: Path) -> None:
    async with redis.own_redis(tmp_path) as server, processes(server.url) as (here, there):
        for one, name in ((here, "ann"), (there, "bob")):
            await listener(one, LOUNGE, name)
        await server.kill()
        await until(lambda: not provider_of(here)._outbox.is_up)
        cid = (await listener(here, LOUNGE, "cid")).connection
        assert sorted(one.id for one in await here.hub.members(LOUNGE)) == ["ann", "cid"]
        await here.disconnected(cid)
        await listener(here, LOUNGE, "dan")
        await server.start()
        await healthy(here, there)
        for one in (here, there):
            names = sorted(member.id for member in await one.hub.members(LOUNGE))
            assert names == ["ann", "bob", "dan"]


async def test_it_holds_no_more_than_it_may(prefix: str) -> None:
    async with processes(redis.URL, prefix=prefix, queue=5) as (here, there):
        far = await listener(there, "news")
        await asyncio.gather(*(here.hub.publish("news", "said", n) for n in range(50)))
        await until(lambda: far.all_heard("resync"))
        await healthy(here)
        await here.hub.publish("news", "said", "after")
        await until(lambda: events(far)[-1:] == ["after"])


async def test_scripts_that_redis_was_told_to_forget_are_taught_again(tmp_path: Path) -> None:
    async with redis.own_redis(tmp_path) as server, processes(server.url) as (here, there):
        far = await listener(there, "news")
        client = cast("Any", Redis).from_url(server.url)
        await client.script_flush()
        await client.aclose()
        await here.hub.publish("news", "said", 1)
        await until(lambda: far.all_heard("resync"))
        await healthy(here)
        await here.hub.publish("news", "said", 2)
        await until(lambda: events(far) == [2])


# A process is cut off, or dies


@pytest.mark.parametrize("channel", ["news", "board:1"])
async def test_whoever_was_not_reached_is_told_of_it(prefix: str, channel: str) -> None:
    async with processes(redis.URL, prefix=prefix) as (here, there):
        near, far = [await listener(one, channel) for one in (here, there)]
        away = await listener(there, "board:1", "bob")
        position = away.heard("sub.ok")["pos"]
        await away.leaves()
        cut = Cut(here)
        await until(lambda: not provider_of(here)._outbox.is_up)
        await here.hub.publish(channel, "said", 1)
        await here.hub.publish("board:1", "said", 1)
        assert events(near)[0] == 1
        assert not far.all_heard("resync")
        cut.heal()
        await until(lambda: far.all_heard("resync"))
        await until(lambda: near.all_heard("resync"))
        back = await listener(there, "board:1", "bob", since=position)
        assert back.heard("sub.ok")["recovered"] is False


async def test_whoever_was_signed_out_meanwhile_is_sent_away(prefix: str) -> None:
    async with processes(redis.URL, prefix=prefix) as (here, there):
        bob = await listener(there, "news", "bob")
        cut = Cut(here)
        await until(lambda: not provider_of(here)._outbox.is_up)
        await here.hub.kick(user="bob")
        cut.heal()
        await until(lambda: bob.closed is not None)


async def test_members_of_a_dead_process_are_removed_by_another(prefix: str) -> None:
    async with processes(redis.URL, prefix=prefix, count=1) as (here,):
        watcher = await listener(here, LOUNGE, "ann")
        dead = await process(redis.URL, prefix=prefix)
        await listener(dead, LOUNGE, "bob")
        await until(lambda: changes(watcher) == [("member.added", "bob")])
        await crash(dead)
        # Within a few leases: any other reason to remove them takes far longer.
        await until(lambda: changes(watcher)[1:] == [("member.removed", "bob")])
        assert [one.id for one in await here.hub.members(LOUNGE)] == ["ann"]


async def test_whoever_was_thought_dead_comes_back(prefix: str) -> None:
    async with processes(redis.URL, prefix=prefix) as (here, there):
        watcher = await listener(here, LOUNGE, "ann")
        await listener(there, LOUNGE, "bob")
        gone = await listener(there, LOUNGE, "cid")
        await until(lambda: len(changes(watcher)) == 2)
        cut = Cut(there)
        await until(lambda: len(changes(watcher)) == 4)
        assert set(changes(watcher)[2:]) == {
            ("member.removed", "bob"),
            ("member.removed", "cid"),
        }
        await gone.leaves()
        cut.heal()
        await until(lambda: changes(watcher)[4:] == [("member.added", "bob")])
        await healthy(there)
        assert sorted(one.id for one in await there.hub.members(LOUNGE)) == ["ann", "bob"]


async def test_whoever_stopped_in_an_orderly_way_leaves_nobody_behind(prefix: str) -> None:
    async with processes(redis.URL, prefix=prefix, count=1) as (here,):
        watcher = await listener(here, LOUNGE, "ann")
        other = await process(redis.URL, prefix=prefix)
        await other.provider.presence.join(LOUNGE, Member("bob"), "c1")
        await until(lambda: len(changes(watcher)) == 1)
        await other.stop()
        await until(lambda: changes(watcher)[1:] == [("member.removed", "bob")])


# Others write


async def test_what_nobody_here_wrote_is_dropped_and_logged(
    prefix: str, caplog: pytest.LogCaptureFixture
) -> None:
    wrong: list[bytes] = [
        *(b"", b"{", b"null", b"[]", b"1", b"\xff", b"x {}", b"e-1 {}", b"-", b'{"v":2}'),
        b"[" * 100_000,
        *(json.dumps(one).encode() for one in ({"v": 1}, {"v": 1, "k": "nothing"})),
        b'{"v":1,"o":"x","i":"1","k":"channel","n":"news","e":"said","ts":1,"d":NaN}',
        b'{"v":1,"o":"x","i":"1","k":"channel","n":"news","e":"said","ts":1,"d":"\\ud800"}',
        b'{"v":1,"o":"x","i":"1","k":"channel","n":"\\ud800","e":"said","ts":1,"d":1}',
        b'{"v":1,"o":"x","i":"1","k":"channel","n":"news","e":"said","ts":1,"d":1,"in":1}',
        b'{"v":1,"o":"x","i":"1","k":"all","n":"","e":"kick","ts":1,"d":1,"in":1}',
        b'{"v":1,"o":"x","i":"1","k":"channel","n":"news","e":"said","ts":true,"d":1}',
        b'{"v":1,"o":"x","i":"1","k":"channel","n":"news","e":"said","ts":1,"b":"*"}',
        b'{"v":1,"o":"x","i":"1","k":"channel","n":"news","e":"said","ts":1,"x":[1],"d":1}',
        b'{"v":1,"__proto__":{"o":"x"},"k":"channel"}',
    ]
    async with processes(redis.URL, prefix=prefix, count=1) as (here,):
        ear = await listener(here, "news")
        client = cast("Any", Redis).from_url(redis.URL)
        for one in (*wrong, b"x" * 300_000):
            await client.publish(f"{prefix}:channel:news", one)
        good = b'{"v":1,"o":"x","i":"1","k":"channel","n":"news","e":"said","ts":1,"d":{"ok":1}}'
        await client.publish(f"{prefix}:channel:news", good)
        await client.aclose()
        await until(lambda: events(ear) == [{"ok": 1}])
    dropped = [one for one in caplog.messages if "was dropped" in one]
    assert len(dropped) == len(wrong) + 1
    assert "Traceback" not in caplog.text


async def test_who_does_not_know_the_secret_is_not_heard(prefix: str) -> None:
    async with processes(redis.URL, prefix=prefix, secret="ours", count=1) as (here,):
        ear = await listener(here, "news")
        for secret in (None, "theirs", "ours"):
            options: dict[str, Any] = {**QUICK, "prefix": prefix, "secret": secret}
            async with RedisEmitter(redis.URL, **options) as emitter:
                await emitter.publish("news", "said", secret)
        await until(lambda: events(ear) == ["ours"])


async def test_two_applications_do_not_hear_each_other(prefix: str) -> None:
    async with (
        processes(redis.URL, prefix=prefix, count=1) as (here,),
        processes(redis.URL, prefix=f"{prefix}:other", count=1) as (other,),
    ):
        ear = await listener(here, "news")
        await other.hub.publish("news", "said", 1)
        await here.hub.publish("news", "said", 2)
        await until(lambda: events(ear) == [2])


# Without a server


async def test_an_emitter_reaches_everybody_and_is_remembered(prefix: str) -> None:
    async with processes(redis.URL, prefix=prefix) as (here, there):
        ann = await listener(here, "board:1")
        bob = await listener(there, "board:1", "bob")
        position = ann.heard("sub.ok")["pos"]
        options: dict[str, Any] = {**QUICK, "prefix": prefix}
        async with RedisEmitter(redis.URL, **options) as emitter:
            await emitter.publish("board:1", "said", 1)
            await emitter.to_user("bob", "said", 2)
            await emitter.to_client(ann.connection.id, "said", 3)
            await emitter.broadcast("said", 4)
            await until(lambda: events(ann) == [1, 3, 4])
            await until(lambda: events(bob) == [1, 2, 4])
            back = await listener(there, "board:1", "cid", since=position)
            assert back.heard("sub.ok")["recovered"] is True
            await until(lambda: events(back) == [1])
            await emitter.kick(user="bob")
            await until(lambda: bob.closed is not None)


async def test_an_emitter_without_redis_says_so(tmp_path: Path) -> None:
    async with RedisEmitter(redis.OwnRedis(tmp_path).url, **QUICK) as emitter:
        with pytest.raises(ProviderUnavailableError, match="away"):
            await emitter.publish("news", "said", 1)
