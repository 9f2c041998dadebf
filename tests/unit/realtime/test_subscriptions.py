"""Listening, in the native dialect, with a clock that the tests move."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from tests.suites.rooms import engine, subscribed
from velocious.realtime import Channel, Keep

if TYPE_CHECKING:
    from velocious.realtime.history import MemoryHistory


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

    async def test_is_for_those_who_may_listen_now(self) -> None:
        welcome = {"ann"}

        class Minutes(Channel):
            pattern = "private-minutes.{id}"
            history = Keep()

            async def authorize(self) -> bool:
                return self.user in welcome

        realtime, _ = engine(channels=[Minutes])
        ann = await subscribed(realtime, "private-minutes.1")
        position = ann.heard("sub.ok")["pos"]
        await ann.leaves()
        await realtime.hub.publish("private-minutes.1", "said", "a secret")
        welcome.clear()
        again = await subscribed(realtime, "private-minutes.1", since=position)
        assert again.heard("error")["code"] == "forbidden"
        assert "a secret" not in str(again.sink.frames)
        assert realtime.hub.topics == {}

    async def test_forgets_after_its_time(self) -> None:
        realtime, time = engine()
        ann = await subscribed(realtime, "board:1")
        await realtime.hub.publish("board:1", "moved", 1)
        await realtime.hub.publish("board:1", "moved", 2)
        first = ann.all_heard("event")[0]["pos"]
        await time.pass_by(61)
        bob = await subscribed(realtime, "board:1", "bob", since=first)
        assert bob.heard("sub.ok")["recovered"] is False

    async def test_of_channels_where_nothing_is_left_does_not_pile_up(self) -> None:
        realtime, time = engine()
        for number in range(200):
            await realtime.hub.publish(f"board:{number}", "moved", number)
        await time.pass_by(61)
        for number in range(200):
            await realtime.hub.publish("board:new", "moved", number)
        kept = cast("MemoryHistory", realtime.provider.history)._channels
        assert list(kept) == ["board:new"]

    async def test_of_a_channel_that_was_forgotten_is_never_mixed_up_with_its_next_life(
        self,
    ) -> None:
        realtime, time = engine()
        ann = await subscribed(realtime, "board:1")
        await realtime.hub.publish("board:1", "moved", "then")
        position = ann.heard("event")["pos"]
        await realtime.hub.publish("board:1", "moved", "missed")
        await time.pass_by(61)
        for number in range(5):
            await realtime.hub.publish("board:2", "moved", number)
        await realtime.hub.publish("board:1", "moved", "now")
        bob = await subscribed(realtime, "board:1", "bob", since=position)
        assert bob.heard("sub.ok")["recovered"] is False
        assert ann.heard("event")["pos"] not in (position, None)
        assert bob.all_heard("event") == []

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
