"""What every provider promises, whatever connects the processes.

A user of it has a fixture ``processes``: engines that share what the provider connects.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

import pytest

from tests.suites.rooms import Board, Room, by_token
from tests.suites.waiting import until
from velocious.realtime import Engine
from velocious.realtime.presence import Change, Member
from velocious.testing.realtime import Participant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.realtime.providers.base import Provider
    from velocious.realtime.publication import Publication

#: Two engines; the same one twice where there is nobody else.
type Processes = Sequence[Engine]


class Lounge(Room):
    pattern = "presence-lounge.{id}"
    leave_grace = 0


def made(provider: Provider | None = None) -> Engine:
    """An engine with channels that remember, and channels that do not."""
    return Engine(channels=[Board, Room, Lounge], authenticate=by_token, provider=provider)


async def listener(of: Engine, channel: str, name: str = "ann", **more: Any) -> Participant:
    """Somebody who hears *channel* from now on."""
    found = Participant(of)
    await found.says(type="auth", token=name)
    await found.says(type="sub", ch=channel, **more)
    await until(lambda: found.all_heard("sub.ok"))
    return found


def events(of: Participant) -> list[Any]:
    """What it was told, in order."""
    return [one["data"] for one in of.all_heard("event") if not one["event"].startswith("member.")]


def changes(of: Participant) -> list[tuple[str, str]]:
    """Who came and who went, in order."""
    found = [one for one in of.all_heard("event") if one["event"].startswith("member.")]
    return [(one["event"], one["data"]["id"]) for one in found]


class ProviderContract:
    async def test_a_listener_of_any_process_is_told(self, processes: Processes) -> None:
        here, there = processes[0], processes[-1]
        ears = [await listener(one, "news") for one in (here, there)]
        await here.hub.publish("news", "said", {"n": 1})
        for one in ears:
            await until(lambda one=one: events(one) == [{"n": 1}])

    async def test_whoever_is_confirmed_misses_nothing(self, processes: Processes) -> None:
        here, there = processes[0], processes[-1]
        for number in range(20):
            ear = await listener(there, f"news:{number}")
            await here.hub.publish(f"news:{number}", "said", number)
            await until(lambda ear=ear, number=number: events(ear) == [number])

    @pytest.mark.parametrize("channel", ["news", "board:1"])
    async def test_what_one_process_says_arrives_in_its_order(
        self, processes: Processes, channel: str
    ) -> None:
        here, there = processes[0], processes[-1]
        ears = [await listener(one, channel) for one in (here, there)]
        for number in range(50):
            await here.hub.publish(channel, "said", number)
        for one in ears:
            await until(lambda one=one: len(events(one)) >= 50)
            assert events(one) == list(range(50))

    async def test_all_processes_hear_one_order_where_something_is_remembered(
        self, processes: Processes
    ) -> None:
        ears = [await listener(one, "board:1") for one in (processes[0], processes[-1])]
        await asyncio.gather(
            *(one.hub.publish("board:1", "said", n) for n in range(25) for one in processes)
        )
        count = 25 * len(processes)
        for one in ears:
            await until(lambda one=one: len(events(one)) >= count)
        assert events(ears[0]) == events(ears[1])
        assert len(events(ears[0])) == count

    async def test_the_same_id_is_delivered_once(self, processes: Processes) -> None:
        here, there = processes[0], processes[-1]
        ears = [await listener(one, "news") for one in (here, there)]
        await here.hub.publish("news", "said", 1, id="order-5")
        await until(lambda: events(ears[1]) == [1])
        await there.hub.publish("news", "said", 1, id="order-5")
        await here.hub.publish("news", "said", 2)
        for one in ears:
            await until(lambda one=one: events(one) == [1, 2])

    async def test_excluded_connections_hear_nothing(self, processes: Processes) -> None:
        here, there = processes[0], processes[-1]
        ears = [await listener(one, "news") for one in (here, there)]
        for left_out in ears:
            await here.hub.publish("news", "said", 1, exclude=[left_out.connection.id])
        await here.hub.publish("news", "said", 2)
        for one in ears:
            await until(lambda one=one: events(one) == [1, 2])

    async def test_users_connections_and_everybody_are_told_wherever_they_are(
        self, processes: Processes
    ) -> None:
        here, there = processes[0], processes[-1]
        bob = await listener(there, "news", "bob")
        await here.hub.to_user("bob", "said", 1)
        await here.hub.to_client(bob.connection.id, "said", 2)
        await here.hub.broadcast("said", 3)
        await until(lambda: events(bob) == [1, 2, 3])

    async def test_whoever_is_signed_out_is_sent_away_by_every_process(
        self, processes: Processes
    ) -> None:
        bob = await listener(processes[-1], "news", "bob")
        await processes[0].hub.kick(user="bob")
        await until(lambda: bob.closed is not None, 2)

    async def test_bytes_and_odd_texts_arrive_as_they_are(self, processes: Processes) -> None:
        here, there = processes[0], processes[-1]
        odd = {"__proto__": {"x": 1}, "text": 'ä€🎈 \u2028 "d":1,\\', "n": 12345678901234567890}
        heard: list[Any] = []
        deliver = there.hub._local

        def noted(publication: Publication) -> None:
            heard.append(publication.data)
            deliver(publication)

        cast("Any", there.hub)._local = noted
        await listener(there, "news")
        await here.hub.publish("news", "said", odd)
        await here.hub.publish("news", "said", b"\x00\xff")
        await until(lambda: len(heard) == 2)
        assert heard == [odd, b"\x00\xff"]

    # History

    async def test_whoever_comes_back_gets_what_was_missed(self, processes: Processes) -> None:
        here, there = processes[0], processes[-1]
        ear = await listener(here, "board:1")
        await here.hub.publish("board:1", "said", 1)
        await until(lambda: events(ear) == [1])
        position = ear.heard("event")["pos"]
        await ear.leaves()
        await here.hub.publish("board:1", "said", 2)
        await there.hub.publish("board:1", "said", 3)
        back = await listener(there, "board:1", since=position)
        assert back.heard("sub.ok")["recovered"] is True
        await until(lambda: events(back) == [2, 3])
        await here.hub.publish("board:1", "said", 4)
        await until(lambda: events(back) == [2, 3, 4])

    async def test_whoever_missed_too_much_is_told_so(self, processes: Processes) -> None:
        ear = await listener(processes[0], "board:1")
        position = ear.heard("sub.ok")["pos"]
        await ear.leaves()
        for number in range(4):
            await processes[0].hub.publish("board:1", "said", number)
        back = await listener(processes[-1], "board:1", since=position)
        assert back.heard("sub.ok")["recovered"] is False
        assert events(back) == []

    @pytest.mark.parametrize("since", ["x", "x-1", "-1", "1-", "x-99999999999999999999999"])
    async def test_positions_of_nobody_recover_nothing(
        self, processes: Processes, since: str
    ) -> None:
        ear = await listener(processes[0], "board:1", since=since)
        assert ear.heard("sub.ok")["recovered"] is False

    async def test_a_position_ahead_of_everything_recovers_nothing(
        self, processes: Processes
    ) -> None:
        ear = await listener(processes[0], "board:1")
        epoch = ear.heard("sub.ok")["pos"].rpartition("-")[0]
        back = await listener(processes[-1], "board:1", since=f"{epoch}-999999999999999999")
        assert back.heard("sub.ok")["recovered"] is False

    # Presence

    async def test_a_member_with_two_connections_comes_and_goes_once(
        self, processes: Processes
    ) -> None:
        here, there = processes[0], processes[-1]
        watcher = await listener(here, "presence-lounge.1", "watcher")
        first = await listener(here, "presence-lounge.1", "bob")
        second = await listener(there, "presence-lounge.1", "bob")
        await until(lambda: changes(watcher) == [("member.added", "bob")])
        members = await there.hub.members("presence-lounge.1")
        assert sorted((one.id, one.connections) for one in members) == [("bob", 2), ("watcher", 1)]
        await first.leaves()
        await here.hub.publish("presence-lounge.1", "mark", 1)
        await until(lambda: events(watcher) == [1])
        assert changes(watcher) == [("member.added", "bob")]
        await second.leaves()
        await until(lambda: len(changes(watcher)) > 1)
        assert changes(watcher)[1:] == [("member.removed", "bob")]

    async def test_transitions_are_answered(self, processes: Processes) -> None:
        here = processes[0].provider.presence
        there = processes[-1].provider.presence
        ann = Member("ann", {"name": "Ann"})
        came = await here.join("presence-x", ann, "c1")
        assert came is not None
        assert (came.change, came.member) == (Change.ADDED, ann)
        assert await there.join("presence-x", ann, "c2") is None
        changed = await here.join("presence-x", Member("ann", {"name": "Anne"}), "c1")
        assert changed is not None
        assert (changed.change, changed.member.connections) == (Change.UPDATED, 2)
        assert await there.leave("presence-x", "c2") is None
        gone = await here.leave("presence-x", "c1")
        assert gone is not None
        assert (gone.change, gone.member.id, gone.member.connections) == (Change.REMOVED, "ann", 0)
        assert await here.leave("presence-x", "c1") is None
        assert await here.members("presence-x") == []

    async def test_a_connection_is_one_member(self, processes: Processes) -> None:
        presence = processes[0].provider.presence
        await presence.join("presence-x", Member("ann"), "c1")
        with pytest.raises(ValueError, match="another member"):
            await presence.join("presence-x", Member("bob"), "c1")

    # Beginning and end

    async def test_it_starts_and_stops_as_often_as_one_likes(self, processes: Processes) -> None:
        provider = processes[0].provider
        await provider.start(processes[0].hub.deliver, processes[0].hub.broken)
        await provider.stop()
        await provider.stop()
