"""What the protocol of velocious for JavaScript has of its own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.suites.rooms import Board
from velocious.realtime import Admit, Engine, Identity
from velocious.realtime.dialects import VelociousDialect
from velocious.testing.realtime import ManualSchedule, Participant

DIALECT = VelociousDialect([Board])


@pytest.fixture
def engine() -> Engine:
    return Engine(channels=[Board], schedule=ManualSchedule())


def visitor(engine: Engine) -> Participant:
    return Participant(engine, DIALECT, admitted=Admit(Identity("ann")))


async def listens(ann: Participant, kind: str, last: str | None = None) -> None:
    more: dict[str, Any] = {} if last is None else {"lastEventId": last}
    if kind == "event":
        await ann.says(type="subscribe", channel="board:1", **more)
    elif kind == "channel-message":
        params = {"id": "1"}
        named = {"subscriptionId": "s", "channelType": "Board", "params": params}
        await ann.says(type="channel-subscribe", **named, **more)


@pytest.mark.parametrize("kind", ["event", "channel-message"])
async def test_what_was_missed_is_marked_as_replayed_and_what_comes_is_not(
    engine: Engine, kind: str
) -> None:
    ann = visitor(engine)
    await listens(ann, kind)
    await engine.hub.publish("board:1", "message", 1)
    last = ann.heard(kind)["eventId"]
    await ann.leaves()
    for number in (2, 3):
        await engine.hub.publish("board:1", "message", number)
    again = visitor(engine)
    await listens(again, kind, last)
    await engine.hub.publish("board:1", "message", 4)
    heard = again.all_heard(kind)
    body = "payload" if kind == "event" else "body"
    assert [one[body] for one in heard] == [2, 3, 4]
    assert [one.get("replayed") for one in heard] == [True, True, None]
    assert "replayed" not in ann.heard(kind)


async def test_what_two_classes_of_listeners_share_is_never_marked_for_both(engine: Engine) -> None:
    ann = visitor(engine)
    await listens(ann, "event")
    await engine.hub.publish("board:1", "message", 1)
    last = ann.heard("event")["eventId"]
    await engine.hub.publish("board:1", "message", 2)
    # The frames of a publication are shared: one who missed it must not change the others'.
    await listens(visitor(engine), "event", last)
    assert [json.loads(one).get("replayed") for one in map(str, ann.sink.frames[2:])] == [None] * 2
