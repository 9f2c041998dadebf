"""Listening, in the native dialect, with a clock that the tests move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from velocious.realtime import Channel, Engine, Identity, Keep
from velocious.testing.realtime import ManualSchedule, Participant

if TYPE_CHECKING:
    from velocious.realtime import Member


class Board(Channel):
    pattern = "board:{id}"
    history = Keep(count=3, seconds=60)


class Room(Channel):
    pattern = "presence-room.{id}"
    client_events = True
    leave_grace = 5

    async def authorize(self) -> bool | Member:
        return self.user is not None


async def by_token(_: Any, credentials: dict[str, Any]) -> Identity | None:
    name = credentials.get("token")
    return Identity(name, info={"name": name}) if name else None


def engine(**more: Any) -> tuple[Engine, ManualSchedule]:
    time = ManualSchedule()
    made = Engine(channels=[Board, Room], schedule=time, authenticate=by_token, **more)
    return made, time


async def visitor(of: Engine, name: str = "ann") -> Participant:
    made = Participant(of)
    await made.says(type="auth", token=name)
    return made


async def subscribed(of: Engine, channel: str, name: str = "ann", **more: Any) -> Participant:
    made = await visitor(of, name)
    await made.says(type="sub", ch=channel, **more)
    return made


class TestHistory:
    async def test_gives_what_was_missed_after_a_position(self) -> None:
        realtime, _ = engine()
        ann = await subscribed(realtime, "board:1")
        await realtime.hub.publish("board:1", "moved", 1)
        position = ann.heard("event")["pos"]
        await realtime.hub.publish("board:1", "moved", 2)
        bob = await subscribed(realtime, "board:1", "bob", since=position)
        assert bob.heard("sub.ok")["recovered"] is True
        assert [one["data"] for one in bob.all_heard("event")] == [2]

    async def test_says_when_it_does_not_reach_back_far_enough(self) -> None:
        realtime, _ = engine()
        ann = await subscribed(realtime, "board:1")
        for number in range(5):
            await realtime.hub.publish("board:1", "moved", number)
        first = ann.all_heard("event")[0]["pos"]
        bob = await subscribed(realtime, "board:1", "bob", since=first)
        assert bob.heard("sub.ok")["recovered"] is False
        assert bob.all_heard("event") == []

    async def test_forgets_after_its_time(self) -> None:
        realtime, time = engine()
        ann = await subscribed(realtime, "board:1")
        await realtime.hub.publish("board:1", "moved", 1)
        await realtime.hub.publish("board:1", "moved", 2)
        first = ann.all_heard("event")[0]["pos"]
        await time.pass_by(61)
        bob = await subscribed(realtime, "board:1", "bob", since=first)
        assert bob.heard("sub.ok")["recovered"] is False

    @pytest.mark.parametrize("position", ["", "x", "-1", "other-1", "99-99", "e-" + "9" * 40])
    async def test_takes_no_position_that_it_did_not_give(self, position: str) -> None:
        realtime, _ = engine()
        await realtime.hub.publish("board:1", "moved", 1)
        ann = await subscribed(realtime, "board:1", since=position)
        assert ann.heard("sub.ok")["recovered"] is False


class TestPresence:
    async def test_a_member_with_two_connections_is_there_once(self) -> None:
        realtime, time = engine()
        ann = await subscribed(realtime, "presence-room.1", "ann")
        first = await subscribed(realtime, "presence-room.1", "bob")
        second = await subscribed(realtime, "presence-room.1", "bob")
        assert [one["id"] for one in second.heard("sub.ok")["members"]] == ["ann", "bob"]
        await first.leaves()
        await time.pass_by(10)
        assert [one["event"] for one in ann.all_heard("event")] == ["member.added"]
        await second.leaves()
        await time.pass_by(10)
        assert [one["event"] for one in ann.all_heard("event")] == [
            "member.added",
            "member.removed",
        ]

    async def test_a_reload_is_not_seen(self) -> None:
        realtime, time = engine()
        ann = await subscribed(realtime, "presence-room.1", "ann")
        bob = await subscribed(realtime, "presence-room.1", "bob")
        await bob.leaves()
        await time.pass_by(2)
        again = await subscribed(realtime, "presence-room.1", "bob")
        await time.pass_by(10)
        assert [one["event"] for one in ann.all_heard("event")] == ["member.added"]
        await again.leaves()
        await time.pass_by(10)
        assert ann.heard("event")["event"] == "member.removed"
