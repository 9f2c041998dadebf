"""Changes on their way to others: one message for a burst, and no echo of theirs."""

from __future__ import annotations

import asyncio
import json
from contextvars import ContextVar
from typing import TYPE_CHECKING

import pytest

from velocious.database import change_relay
from velocious.database.change_relay import ChangeRelay
from velocious.database.changes import Change, Changes

if TYPE_CHECKING:
    from collections.abc import Callable

PLACE = "sqlite:///x.sqlite3"
kept = ContextVar("kept", default="nothing")


class Wire:
    """Two carriers that reach each other, on the event loop."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.receivers: dict[End, Callable[[str], None]] = {}

    def end(self) -> End:
        return End(self)


class End:
    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    def open(self, receive: Callable[[str], None]) -> None:
        self.wire.receivers[self] = receive

    def send(self, text: str) -> None:
        self.wire.sent.append(text)
        for end, receive in self.wire.receivers.items():
            if end is not self:
                receive(text)

    def close(self) -> None:
        del self.wire.receivers[self]


def change(*tables: str) -> Change:
    return Change("default", frozenset(tables), PLACE)


async def test_a_burst_is_one_message_with_all_tables() -> None:
    wire, here, there = Wire(), Changes(), Changes()
    ChangeRelay(here, wire.end())
    ChangeRelay(there, wire.end())
    heard: list[Change] = []
    there.subscribe(heard.append)
    here.publish(change("tasks"))
    here.publish(change("projects", "tasks"))
    assert wire.sent == []
    await asyncio.sleep(0)
    assert heard == [Change("default", frozenset({"projects", "tasks"}), PLACE, foreign=True)]
    assert len(wire.sent) == 1


async def test_what_follows_at_once_goes_together_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change_relay, "PAUSE", 1000)
    wire, here = Wire(), Changes()
    relay = ChangeRelay(here, wire.end())
    for number in range(5):
        here.publish(change(f"table{number}"))
        await asyncio.sleep(0)
    assert [json.loads(text)[0][2] for text in wire.sent] == [["table0"]]
    relay.close()
    assert json.loads(wire.sent[1])[0][2] == ["table1", "table2", "table3", "table4"]
    assert len(wire.sent) == 2


async def test_the_same_change_is_sent_again_after_it_was_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(change_relay, "PAUSE", 0)
    wire, here = Wire(), Changes()
    ChangeRelay(here, wire.end())
    same = change("tasks")
    for _ in range(3):
        here.publish(same)
        here.publish(same)
        await asyncio.sleep(0)
    assert [json.loads(text)[0][2] for text in wire.sent] == [["tasks"]] * 3


async def test_a_message_follows_when_the_pause_is_over() -> None:
    wire, here, there = Wire(), Changes(), Changes()
    ChangeRelay(here, wire.end())
    ChangeRelay(there, wire.end())
    second = asyncio.Event()
    there.subscribe(lambda one: second.set() if one.tables == frozenset({"second"}) else None)
    here.publish(change("first"))
    await asyncio.sleep(0)
    here.publish(change("second"))
    await asyncio.wait_for(second.wait(), 30)


async def test_anything_takes_the_tables_in() -> None:
    wire, here = Wire(), Changes()
    ChangeRelay(here, wire.end())
    for one in (change("tasks"), Change("default", None, PLACE), change("projects")):
        here.publish(one)
    await asyncio.sleep(0)
    assert json.loads(wire.sent[0]) == [["default", PLACE, None]]


async def test_what_is_for_this_place_alone_is_not_sent() -> None:
    wire, here = Wire(), Changes()
    ChangeRelay(here, wire.end())
    here.everything()
    await asyncio.sleep(0)
    assert wire.sent == []


async def test_the_end_sends_what_waits_and_hears_no_more() -> None:
    wire, here = Wire(), Changes()
    relay = ChangeRelay(here, wire.end())
    here.publish(change("tasks"))
    relay.close()
    assert len(wire.sent) == 1
    assert wire.receivers == {}
    assert not here.listening


@pytest.mark.parametrize("text", ["", "[1]", "{}x", '[["default", "x"]]', "null"])
async def test_what_cannot_be_read_may_be_anything(
    text: str, caplog: pytest.LogCaptureFixture
) -> None:
    wire, here = Wire(), Changes()
    ChangeRelay(here, wire.end())
    heard: list[Change] = []
    here.subscribe(heard.append)
    [receive] = wire.receivers.values()
    receive(text)
    assert heard == [Change(None, None, foreign=True)]
    assert "cannot be read" in caplog.text


async def test_notices_arrive_in_the_context_of_whoever_opened_it() -> None:
    wire, here = Wire(), Changes()
    kept.set("the application's")
    ChangeRelay(here, wire.end())
    seen: list[str] = []
    here.subscribe(lambda one: seen.append(kept.get()))
    kept.set("somebody's")
    [receive] = wire.receivers.values()
    receive(json.dumps([["default", PLACE, ["tasks"]]]))
    assert seen == ["the application's"]
