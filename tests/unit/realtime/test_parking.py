"""Going on with a connection whose transport was lost."""

from __future__ import annotations

import json
from typing import Any

import pytest

from velocious.realtime import Admit, Channel, Engine, Identity, RealtimeSettings, Slow
from velocious.realtime.dialects import NativeDialect, VelociousDialect
from velocious.realtime.parking import GRACE, MOST
from velocious.testing.realtime import ManualSchedule, Participant

DIALECT = VelociousDialect()


class Room(Channel):
    pattern = "presence-room.{id}"
    leave_grace = 0

    async def authorize(self) -> bool:
        return True


@pytest.fixture
def time() -> ManualSchedule:
    return ManualSchedule()


@pytest.fixture
def engine(time: ManualSchedule) -> Engine:
    return Engine(
        schedule=time, channels=[Room], settings=RealtimeSettings(messages_per_second=1e6)
    )


async def visitor(engine: Engine, name: str = "ann") -> Participant:
    return Participant(engine, DIALECT, admitted=Admit(Identity(name)))


async def listener(engine: Engine, channel: str = "news") -> Participant:
    made = await visitor(engine)
    await made.says(type="subscribe", channel=channel)
    assert made.heard("subscribed")
    return made


async def resumed(engine: Engine, before: Participant, name: str = "ann") -> Participant:
    made = await visitor(engine, name)
    await made.says(type="session-resume", sessionId=before.connection.id)
    return made


async def test_hears_first_that_it_goes_on_then_what_waited_then_what_comes(
    engine: Engine,
) -> None:
    ann = await listener(engine)
    await ann.leaves()
    await engine.hub.publish("news", "message", 1)
    again = await resumed(engine, ann)
    await engine.hub.publish("news", "message", 2)
    kinds = [(one["type"], one.get("payload")) for one in again.frames]
    assert kinds == [
        ("session-established", None),
        ("session-resumed", None),
        ("event", 1),
        ("event", 2),
    ]
    assert again.heard("session-resumed")["sessionId"] == ann.connection.id


async def test_what_it_says_afterwards_is_said_by_the_connection_that_it_was(
    engine: Engine,
) -> None:
    ann = await listener(engine)
    await ann.leaves()
    again = await resumed(engine, ann)
    await again.says(type="unsubscribe", channel="news")
    assert ann.connection.subscriptions == {}
    assert again.connection.current is ann.connection
    await again.leaves()
    assert engine.connections == {}


async def test_is_lost_and_goes_on_a_second_time(engine: Engine) -> None:
    ann = await listener(engine)
    await ann.leaves()
    again = await resumed(engine, ann)
    await again.leaves()
    await engine.hub.publish("news", "message", 1)
    third = await resumed(engine, ann)
    assert third.heard("event")["payload"] == 1


async def test_somebody_else_ends_it(engine: Engine) -> None:
    ann = await listener(engine)
    await ann.leaves()
    eve = await resumed(engine, ann, "eve")
    assert eve.heard("session-gone")
    assert engine.hub.topics == {}
    again = await resumed(engine, ann)
    assert again.heard("session-gone")


async def test_it_ends_after_its_grace(engine: Engine, time: ManualSchedule) -> None:
    ann = await listener(engine, "presence-room.1")
    await ann.leaves()
    await time.pass_by(GRACE - 1)
    assert [one.id for one in await engine.hub.members("presence-room.1")] == ["ann"]
    await time.pass_by(2)
    assert await engine.hub.members("presence-room.1") == []
    assert (await resumed(engine, ann)).heard("session-gone")


async def test_says_that_something_is_missing_where_too_much_waited(engine: Engine) -> None:
    ann = await listener(engine)
    await ann.leaves()
    for number in range(MOST + 5):
        await engine.hub.publish("news", "message", number)
    again = await resumed(engine, ann)
    events = again.all_heard("event")
    assert (len(events), events[0]["payload"]) == (MOST, 5)
    assert again.frames[-1]["type"] == "replay-gap"


@pytest.mark.parametrize("slow", [Slow.DROP, Slow.CONFLATE], ids=str)
async def test_what_its_transport_did_not_take_is_sent_or_said_to_be_missing(
    engine: Engine, slow: Slow
) -> None:
    class News(Channel):
        pattern = "news"

    News.slow = slow
    engine.hub.channels.add(News)
    ann = await listener(engine)
    ann.sink.room = 0
    for number in (1, 2):
        await engine.hub.publish("news", "message", number)
    await ann.leaves()
    await engine.hub.publish("news", "message", 3)
    again = await resumed(engine, ann)
    kinds = [(one["type"], one.get("payload")) for one in again.frames[2:]]
    missing = ("event", 2) if slow is Slow.CONFLATE else ("replay-gap", None)
    assert kinds == [missing, ("event", 3)]


async def test_is_gone_when_it_was_sent_away_meanwhile(engine: Engine) -> None:
    ann = await listener(engine)
    await ann.leaves()
    await engine.hub.kick(user="ann")
    again = await resumed(engine, ann)
    assert again.heard("session-gone")
    assert len(engine.connections) == 1


async def test_there_is_nothing_to_go_on_with_where_it_listened_to_nothing(engine: Engine) -> None:
    ann = await visitor(engine)
    await ann.leaves()
    assert engine.connections == {}


async def test_other_dialects_do_not_wait(engine: Engine) -> None:
    ann = Participant(engine, NativeDialect())
    await ann.says(type="sub", ch="news")
    await ann.leaves()
    assert engine.connections == {}


async def test_a_hook_that_fails_keeps_nobody_out(engine: Engine, caplog: Any) -> None:
    class Bad(Channel):
        pattern = "bad"

        def resumed(self) -> None:
            raise ValueError("no")

    engine.channels.add(Bad)
    ann = await listener(engine, "bad")
    await ann.leaves()
    again = await resumed(engine, ann)
    await again.sends(json.dumps({"type": "unsubscribe", "channel": "bad"}))
    assert again.heard("unsubscribed")
    assert "Telling 'bad'" in caplog.text
