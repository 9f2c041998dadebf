"""Readers for whom there is no room yet when a channel begins: with what was published while they
were let in, and with what they have missed.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.rooms import engine, subscribed, visitor
from velocious.realtime import Channel, Keep, RealtimeSettings, Slow
from velocious.realtime.providers import MemoryProvider
from velocious.testing.realtime import ManualSchedule, settle

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Hashable

    from velocious.realtime import Engine
    from velocious.realtime.publication import Publication
    from velocious.testing.realtime import Participant


class Board(Channel):
    pattern = "board"


class Ticker(Channel):
    pattern = "ticker"
    slow = Slow.DROP


class Prices(Channel):
    pattern = "prices"
    slow = Slow.CONFLATE

    @classmethod
    def conflate_key(cls, publication: Publication) -> Hashable:
        return publication.data["of"]


class KeptTicker(Ticker):
    pattern = "kept.ticker"
    history = Keep()


class KeptPrices(Prices):
    pattern = "kept.prices"
    history = Keep()


class Door(MemoryProvider):
    """One that takes a while to hear of a channel: until *opens*.

    Attributes:
        late: what was said to other processes, and is still on its way to this one.
    """

    def __init__(self) -> None:
        super().__init__("here", ManualSchedule())
        self.opens = asyncio.Event()
        self.late: list[Callable[[], None]] | None = None

    def interested(self, channel: str) -> Awaitable[None] | None:
        return asyncio.ensure_future(self._hears())

    async def publish(
        self, publication: Publication, keep: Keep | None, local: Callable[[], None]
    ) -> None:
        if self.late is None:
            await super().publish(publication, keep, local)
        else:
            await super().publish(publication, keep, lambda: None)
            self.late.append(local)

    def arrives(self) -> None:
        """What was on its way is here."""
        late, self.late = self.late or [], None
        for local in late:
            local()

    async def _hears(self) -> None:
        await self.opens.wait()


def opened(**more: Any) -> tuple[Engine, Door]:
    door = Door()
    door.opens.set()
    made, _ = engine(
        channels=[Board, Ticker, Prices, KeptTicker, KeptPrices], provider=door, **more
    )
    return made, door


async def told(realtime: Engine, *prices: tuple[str, int], channel: str = "prices") -> None:
    for of, price in prices:
        await realtime.hub.publish(channel, "price", {"of": of, "is": price})


async def held(realtime: Engine, channel: str, *prices: tuple[str, int], room: int) -> Participant:
    """Somebody with *room* for so many frames, who was let in after *prices* were told."""
    door = realtime.provider
    assert isinstance(door, Door)
    door.opens.clear()
    ann = await visitor(realtime)
    await ann.says(type="sub", ch=channel)
    await told(realtime, *prices, channel=channel)
    assert heard(ann) == []
    ann.sink.room = room
    door.opens.set()
    await settle()
    return ann


def heard(who: Participant) -> list[tuple[str, int]]:
    return [(one["data"]["of"], one["data"]["is"]) for one in who.all_heard("event")]


def kinds(who: Participant) -> list[str]:
    return [one["type"] for one in who.frames]


async def reads(who: Participant) -> None:
    who.sink.room = None
    who.connection.outgoing.drained()


async def test_of_what_was_held_they_get_the_newest_of_each_key() -> None:
    realtime, _ = opened()
    ann = await held(realtime, "prices", ("a", 1), ("b", 1), ("b", 2), ("c", 1), room=1)
    await told(realtime, ("c", 2))
    assert heard(ann) == [("a", 1)]
    await reads(ann)
    await told(realtime, ("a", 2))
    assert ann.closed is None
    assert heard(ann) == [("a", 1), ("b", 2), ("c", 2), ("a", 2)]
    assert "resync" not in kinds(ann)
    assert realtime.hub.statistics.evictions == 0


async def test_of_what_was_held_they_miss_some_and_are_told() -> None:
    realtime, _ = opened()
    ann = await held(realtime, "ticker", ("a", 1), ("a", 2), ("a", 3), room=1)
    ann.sink.room = 1
    await told(realtime, ("a", 4), channel="ticker")
    assert heard(ann) == [("a", 1)]
    await reads(ann)
    await told(realtime, ("a", 5), channel="ticker")
    assert ann.closed is None
    assert kinds(ann)[-3:] == ["event", "resync", "event"]
    assert heard(ann) == [("a", 1), ("a", 5)]
    assert realtime.hub.statistics.drops == 2


async def test_of_more_keys_than_may_wait_they_are_told_that_they_missed_something() -> None:
    realtime, _ = opened(settings=RealtimeSettings(queue_messages=2))
    ann = await held(realtime, "prices", *((f"{number}", 0) for number in range(9)), room=0)
    await reads(ann)
    await told(realtime, ("a", 1))
    assert kinds(ann)[-2:] == ["resync", "event"]
    assert heard(ann) == [("a", 1)]


async def test_they_are_sent_away_where_the_channel_wants_all_to_be_heard() -> None:
    realtime, _ = opened()
    ann = await held(realtime, "board", ("a", 1), ("a", 2), room=1)
    assert ann.closed == (4005, "reads too slowly")
    assert heard(ann) == [("a", 1)]


@pytest.mark.parametrize(("channel", "expected"), [("kept.prices", [2]), ("kept.ticker", [])])
async def test_what_they_missed_is_no_reason_to_send_them_away(
    channel: str, expected: list[int]
) -> None:
    realtime, _ = opened()
    ann = await subscribed(realtime, channel)
    await told(realtime, ("a", 0), ("a", 1), ("a", 2), channel=channel)
    position = ann.all_heard("event")[0]["pos"]
    bob = await visitor(realtime, "bob")
    bob.sink.room = 0
    await bob.says(type="sub", ch=channel, since=position)
    await reads(bob)
    await told(realtime, ("a", 3), channel=channel)
    assert bob.closed is None
    assert [price for _, price in heard(bob)] == [*expected, 3]
    assert ("resync" in kinds(bob)) is (channel == "kept.ticker")


@pytest.mark.parametrize("channel", ["kept.prices", "kept.ticker"])
async def test_what_they_got_from_the_history_is_not_told_again_when_it_arrives(
    channel: str,
) -> None:
    realtime, door = opened()
    first = await subscribed(realtime, channel)
    await told(realtime, ("a", 0), channel=channel)
    position = first.heard("event")["pos"]
    door.late = []
    await told(realtime, ("a", 1), ("b", 1), channel=channel)
    ann = await visitor(realtime)
    ann.sink.room = 1
    await ann.says(type="sub", ch=channel, since=position)
    assert heard(ann) == [("a", 1)]
    await reads(ann)
    door.arrives()
    await told(realtime, ("c", 1), channel=channel)
    kept = [("b", 1)] if channel == "kept.prices" else []
    assert heard(ann) == [("a", 1), *kept, ("c", 1)]


@pytest.mark.parametrize("channel", ["prices", "ticker"])
async def test_asking_twice_while_there_is_no_room_changes_nothing(channel: str) -> None:
    realtime, _ = opened()
    ann = await subscribed(realtime, channel)
    ann.sink.room = 0
    await told(realtime, ("a", 1), ("a", 2), channel=channel)
    await ann.says(type="sub", ch=channel)
    ann.sink.room = None
    # There is room for more, but nobody has said so yet: what waits goes first.
    await told(realtime, ("a", 3), channel=channel)
    assert heard(ann) == []
    await reads(ann)
    await told(realtime, ("a", 4), channel=channel)
    after = {"prices": ["event", "event"], "ticker": ["resync", "event"]}
    assert kinds(ann)[-2:] == after[channel]
    assert heard(ann)[-1] == ("a", 4)
    assert ("a", 2) not in heard(ann)
