"""A client whose connection was lost, and that comes back to another process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contracts.realtime_provider_contract import Lounge
from tests.node import redis
from tests.suites.rooms import Board
from tests.suites.waiting import until
from velocious.realtime import Admit, Engine, Identity
from velocious.realtime.dialects import VelociousDialect
from velocious.realtime.throttle import Throttle
from velocious.testing.realtime import Participant, settle
from velocious_node.realtime.redis import RedisProvider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

LOUNGE = "presence-lounge.1"


@pytest.fixture
async def processes() -> AsyncIterator[list[Engine]]:
    async with redis.prefix() as prefix:
        options: dict[str, Any] = {**redis.QUICK, "prefix": prefix}
        engines = [
            Engine(channels=[Board, Lounge], provider=RedisProvider(redis.URL, **options))
            for _ in range(2)
        ]
        for one in engines:
            await one.start()
        yield engines
        for one in engines:
            await one.stop()


async def visitor(engine: Engine, name: str = "ann") -> Participant:
    return Participant(engine, VelociousDialect(), admitted=Admit(Identity(name)))


async def listener(engine: Engine, *channels: str, **more: Any) -> Participant:
    made = await visitor(engine)
    for number, channel in enumerate(channels, 1):
        await made.says(type="subscribe", channel=channel, **more)
        await until(lambda number=number: len(made.all_heard("subscribed")) == number)
    return made


async def lost(one: Participant, engine: Engine) -> str:
    """Its transport breaks; the id that it may go on with."""
    id = one.connection.id
    await one.leaves()
    assert id in engine.parking
    return id


async def test_it_is_told_that_nothing_is_there_and_nothing_is_left_behind(
    processes: list[Engine],
) -> None:
    here, there = processes
    session = await lost(await listener(here, LOUNGE), here)
    again = await visitor(there)
    await again.says(type="session-resume", sessionId=session)
    await until(lambda: again.all_heard("session-gone"))
    await until(lambda: session not in here.parking and session not in here.connections)
    await again.says(type="subscribe", channel=LOUNGE)
    await until(lambda: again.all_heard("subscribed"))
    for engine in processes:
        (ann,) = await engine.hub.members(LOUNGE)
        assert (ann.id, ann.connections) == ("ann", 1)


async def test_it_begins_anew_where_it_was(processes: list[Engine]) -> None:
    here, there = processes
    ann = await listener(here, "board:1")
    await here.hub.publish("board:1", "message", "before")
    await until(lambda: ann.all_heard("event"))
    position = ann.heard("event")["eventId"]
    session = await lost(ann, here)
    await here.hub.publish("board:1", "message", "meanwhile")
    again = await visitor(there)
    await again.says(type="session-resume", sessionId=session)
    await again.says(type="subscribe", channel="board:1", lastEventId=position)
    await until(lambda: again.all_heard("event"))
    assert [one["payload"] for one in again.all_heard("event")] == ["meanwhile"]
    assert [one["type"] for one in again.frames[:2]] == ["session-established", "session-gone"]


async def test_who_is_connected_stays_whoever_names_the_connection(
    processes: list[Engine],
) -> None:
    here, there = processes
    ann = await listener(here, "board:1")
    eve = await visitor(there, "eve")
    await eve.says(type="session-resume", sessionId=ann.connection.id)
    await until(lambda: eve.all_heard("session-gone"))
    await there.hub.publish("board:1", "message", 1)
    await until(lambda: ann.all_heard("event"))
    assert ann.closed is None


async def test_asking_again_and_again_is_not_said_to_everybody(processes: list[Engine]) -> None:
    here, there = processes
    told: list[str] = []
    here.hub.abandoned = lambda connection: told.append(connection.id)
    ann = await listener(here, "board:1")
    eve = await visitor(there, "eve")
    eve.connection.throttles.subscribes = Throttle(0, 3, 0)
    for _ in range(20):
        await eve.says(type="session-resume", sessionId=ann.connection.id)
    await until(lambda: len(eve.all_heard("session-gone")) == 20)
    await there.hub.publish("board:1", "message", 1)
    await until(lambda: ann.all_heard("event"))
    await settle()
    assert told == [ann.connection.id] * 3
