"""Messages of an application's own types, frames that are none, and limits."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.rooms import engine, subscribed, visitor
from tests.suites.waiting import until
from velocious.errors import DuplicateMessageError, Fault
from velocious.realtime import (
    Channel,
    Engine,
    Message,
    MessageRegistry,
    RealtimeSettings,
    Slow,
    SocketRouter,
)
from velocious.testing.realtime import settle

if TYPE_CHECKING:
    from collections.abc import Hashable

    from velocious.realtime import (
        Context,
    )
    from velocious.realtime.publication import Publication
    from velocious.testing.realtime import Participant

MOVE = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "integer"}, "by": {"type": "integer", "default": 1}},
}


class Tasks(SocketRouter):
    """A router with a guard for all, and one for a message."""

    def __init__(self) -> None:
        self.door = asyncio.Event()
        self.asked = 0

    def configure(self, routes: Any) -> None:
        routes.guard(self.counts)
        routes.on("task.move", self.move, MOVE)
        routes.on("task.secret", self.move).guard(self.refuses)
        routes.on("task.slow", self.slow)
        routes.on("task.beside", self.slow, concurrent=True)
        routes.on("task.fails", self.fails)
        routes.on("task.faults", self.faults)
        routes.on("task.unwritable", self.unwritable)
        routes.on("task.nothing", self.nothing)

    async def counts(self, _: Context) -> bool:
        self.asked += 1
        return True

    async def refuses(self, _: Context) -> bool:
        return False

    async def move(self, context: Context) -> Any:
        return context.data

    async def slow(self, context: Context) -> Any:
        if context.data == "wait":
            await self.door.wait()
        return context.data

    async def fails(self, _: Context) -> Any:
        raise ValueError("the password")

    async def faults(self, _: Context) -> Any:
        raise Fault("room_full", "No room.", status=409)

    async def unwritable(self, _: Context) -> Any:
        return object()

    async def nothing(self, _: Context) -> None:
        return None


async def caller(**settings: Any) -> tuple[Participant, Tasks]:
    tasks = Tasks()
    realtime, _ = engine(routers=[tasks], settings=RealtimeSettings(**settings))
    return await visitor(realtime), tasks


class TestCalls:
    async def test_get_the_checked_data_with_defaults(self) -> None:
        ann, _ = await caller()
        await ann.says(type="call", id=1, name="task.move", data={"id": 7})
        assert ann.heard("reply") == {
            "type": "reply",
            "id": 1,
            "name": "task.move",
            "data": {"id": 7, "by": 1},
        }

    async def test_that_do_not_fit_are_told_the_place_never_the_value(self) -> None:
        ann, _ = await caller()
        await ann.says(type="call", id=1, name="task.move", data={"id": "a secret"})
        error = ann.heard("error")
        assert (error["code"], error["status"]) == ("validation_failed", 422)
        assert "id" in error["message"]
        assert "secret" not in error["message"]

    async def test_ask_the_guard_of_the_router_each_time(self) -> None:
        ann, tasks = await caller()
        for _ in range(3):
            await ann.says(type="call", name="task.move", data={"id": 7})
        assert tasks.asked == 3

    async def test_a_guard_of_one_message_is_not_asked_for_others(self) -> None:
        ann, _ = await caller()
        await ann.says(type="call", id=1, name="task.secret")
        assert ann.heard("error")["message"] == "Forbidden"
        await ann.says(type="call", id=2, name="task.move", data={"id": 1})
        assert ann.heard("reply")["id"] == 2

    @pytest.mark.parametrize("name", ["task.fails", "task.unwritable"])
    async def test_that_fail_tell_no_details(self, name: str) -> None:
        ann, _ = await caller()
        await ann.says(type="call", id=1, name=name)
        error = ann.heard("error")
        assert (error["code"], error["status"], error["id"]) == ("internal", 500, 1)
        assert "password" not in error["message"]
        await ann.says(type="call", id=2, name="task.move", data={"id": 1})
        assert ann.heard("reply")["id"] == 2

    async def test_a_fault_is_told_in_its_own_words(self) -> None:
        ann, _ = await caller()
        await ann.says(type="call", id=1, name="task.faults")
        error = ann.heard("error")
        assert (error["code"], error["status"], error["message"]) == ("room_full", 409, "No room.")

    async def test_without_a_result_are_confirmed_where_they_have_an_id(self) -> None:
        ann, _ = await caller()
        await ann.says(type="call", name="task.nothing")
        assert ann.all_heard("reply") == []
        await ann.says(type="call", id=1, name="task.nothing")
        assert ann.heard("reply")["data"] is None

    async def test_run_one_after_the_other(self) -> None:
        ann, tasks = await caller()
        await ann.says(type="call", id=1, name="task.slow", data="wait")
        await ann.says(type="call", id=2, name="task.slow")
        assert ann.all_heard("reply") == []
        tasks.door.set()
        await settle()
        assert [one["id"] for one in ann.all_heard("reply")] == [1, 2]

    async def test_run_side_by_side_where_they_may_up_to_a_limit(self) -> None:
        ann, tasks = await caller(concurrent_calls=2)
        for number in (1, 2, 3):
            data = "wait" if number == 1 else "now"
            await ann.says(type="call", id=number, name="task.beside", data=data)
        assert [one["id"] for one in ann.all_heard("reply")] == [2, 3]
        tasks.door.set()
        await settle()
        assert [one["id"] for one in ann.all_heard("reply")] == [2, 3, 1]

    async def test_that_hang_are_cut(self) -> None:
        ann, _ = await caller(call_timeout=0.01)
        await ann.says(type="call", id=1, name="task.slow", data="wait")
        await until(lambda: ann.all_heard("error"))
        assert ann.heard("error")["status"] == 504

    async def test_a_ping_is_answered_while_one_runs(self) -> None:
        ann, _ = await caller()
        await ann.says(type="call", id=1, name="task.slow", data="wait")
        await ann.says(type="ping")
        assert ann.heard("pong")
        await ann.leaves()

    async def test_of_no_known_type_say_so(self) -> None:
        ann, _ = await caller()
        await ann.says(type="call", id=1, name="task.nope")
        assert ann.heard("error")["code"] == "unknown_type"

    def test_two_handlers_for_one_type_are_a_mistake(self) -> None:
        with pytest.raises(DuplicateMessageError, match="task.move"):
            Engine(routers=[Tasks(), Tasks()])
        messages = MessageRegistry()
        messages.on("one")(Tasks().nothing)
        with pytest.raises(DuplicateMessageError, match="replace=True"):
            messages.on("one")(Tasks().nothing)
        messages.on("one", replace=True)(Tasks().nothing)

    async def test_a_typed_message_is_checked_before_it_is_published(self) -> None:
        realtime, _ = engine()
        ann = await subscribed(realtime, "board:1")
        moved = Message("task.move", MOVE)
        with pytest.raises(Fault, match="lacks `id`"):
            await realtime.hub.emit(moved, "board:1", {})
        assert ann.all_heard("event") == []
        await realtime.hub.emit(moved, "board:1", {"id": 3})
        assert ann.heard("event")["data"] == {"id": 3, "by": 1}


FRAMES = [
    "null",
    "[]",
    "1",
    '"x"',
    "",
    "{",
    "\x00",
    "[" * 10_000,
    '{"type":' * 5_000,
    '{"type":"call","name":"x","data":' + "[" * 100 + "]" * 100 + "}",
    '{"type":null}',
    '{"type":[]}',
    '{"type":{}}',
    '{"type":"nope"}',
    '{"type":"sub"}',
    '{"type":"sub","ch":1}',
    '{"type":"sub","ch":"a","since":1}',
    '{"type":"sub","ch":"a","params":[1]}',
    '{"type":"sub","ch":"a","id":{}}',
    '{"type":"sub","ch":"a","id":NaN}',
    '{"type":"call","name":["x"]}',
    '{"type":"pub","ch":"a"}',
    '{"type":"ping","id":1e999}',
    '{"type":"ping","id":' + "9" * 5000 + "}",
    '{"type":"auth","id":true}',
    '{"type":"ping","id":"\\ud800"}',
    '{"type":"ping","id":1,"\\uDfff":2}',
    '{"type":"ping","id":"' + "x" * 300 + '"}',
]


class TestFramesThatAreNone:
    @pytest.mark.parametrize("frame", FRAMES)
    async def test_are_answered_and_hurt_nobody(self, frame: str) -> None:
        realtime, _ = engine()
        ann = await visitor(realtime)
        await ann.sends(frame)
        assert ann.heard("error")["code"] == "bad_frame"
        await ann.says(type="ping", id=1)
        assert ann.heard("pong")["id"] == 1

    async def test_end_the_connection_when_they_do_not_stop(self) -> None:
        realtime, _ = engine()
        ann = await visitor(realtime)
        for _ in range(11):
            await ann.sends("null")
        assert ann.closed == (1008, "Too many unreadable frames")

    async def test_binary_ones_are_for_the_application(self) -> None:
        got: list[Any] = []

        async def on_message(_: Any, data: Any) -> None:
            got.append(data)
            raise ValueError("a secret")

        realtime, _ = engine(on_message=on_message)
        ann = await visitor(realtime)
        await ann.sends(b"\x00\xff")
        assert got == [b"\x00\xff"]
        assert ann.closed is None

    @pytest.mark.parametrize(
        "name",
        ["", "x" * 201, "a b", "ä", "room<script>", "ws:x", "__all", "private-a:b", "a\n", "a/b"],
    )
    async def test_names_that_no_channel_has_are_refused(self, name: str) -> None:
        realtime, _ = engine()
        ann = await subscribed(realtime, name, id=5)
        error = ann.heard("error")
        assert (error["code"], error["id"]) == ("bad_channel", 5)
        assert realtime.hub.topics == {}


class TestRooms:
    async def test_of_a_handler_are_heard_like_those_that_a_client_asked_for(self) -> None:
        messages = MessageRegistry()

        @messages.on("enter")
        async def enter(context: Context) -> None:
            await context.subscribe("private-hall")

        @messages.on("leave")
        async def leave(context: Context) -> None:
            await context.unsubscribe("private-hall")

        realtime, _ = engine(messages=messages)
        ann = await visitor(realtime)
        await ann.says(type="call", name="enter")
        await ann.says(type="call", name="enter")
        assert realtime.hub.local_count("private-hall") == 1
        await realtime.hub.publish("private-hall", "said", 1)
        await ann.says(type="call", name="leave")
        await realtime.hub.publish("private-hall", "said", 2)
        assert [one["data"] for one in ann.all_heard("event")] == [1]
        assert realtime.hub.topics == {}


class TestLimits:
    async def test_of_the_size_of_a_message(self) -> None:
        realtime, _ = engine()
        ann = await visitor(realtime)
        await ann.says(type="ping", id=1, more="ä" * 30_000)
        assert ann.heard("pong")
        await ann.says(type="ping", id=1, more="ä" * 40_000)
        assert ann.closed == (1009, "A message has at most 65536 bytes")

    async def test_of_messages_in_a_second(self) -> None:
        realtime, time = engine()
        ann = await visitor(realtime)
        for _ in range(101):
            await ann.says(type="ping")
        assert ann.heard("error")["code"] == "rate_limited"
        before = len(ann.all_heard("pong"))
        await time.pass_by(1)
        for _ in range(50):
            await ann.says(type="ping")
        assert len(ann.all_heard("pong")) == before + 50
        for _ in range(200):
            await ann.says(type="ping")
        assert ann.closed == (4008, "Too many messages")

    async def test_of_channels_of_a_connection(self) -> None:
        realtime, _ = engine(settings=RealtimeSettings(channels=2))
        ann = await subscribed(realtime, "board:1")
        await ann.says(type="sub", ch="board:2")
        await ann.says(type="sub", ch="board:1", id="again")
        assert ann.heard("sub.ok")["id"] == "again"
        await ann.says(type="unsub", ch="board:1")
        await ann.says(type="sub", ch="board:3")
        await ann.says(type="sub", ch="board:4")
        assert ann.heard("error")["code"] == "too_many_channels"

    async def test_of_subscriptions_in_a_second(self) -> None:
        settings = RealtimeSettings(messages_per_second=1000, message_burst=1000, channels=50)
        realtime, time = engine(settings=settings)
        ann = await visitor(realtime)
        # Whoever comes back asks for everything at once.
        for number in range(50):
            await ann.says(type="sub", ch=f"board:{number}")
            await ann.says(type="unsub", ch=f"board:{number}")
        assert len(ann.all_heard("sub.ok")) == 50
        await ann.says(type="sub", ch="board:x", id=1)
        assert (ann.heard("error")["code"], ann.heard("error")["id"]) == ("rate_limited", 1)
        await time.pass_by(1)
        for number in range(21):
            await ann.says(type="sub", ch=f"board:{number}")
        assert len(ann.all_heard("sub.ok")) == 70

    async def test_of_events_of_clients(self) -> None:
        realtime, _ = engine()
        ann = await subscribed(realtime, "presence-room.1")
        bob = await subscribed(realtime, "presence-room.1", "bob")
        for _ in range(11):
            await ann.says(type="pub", ch="presence-room.1", event="typing")
        assert len(bob.all_heard("event")) == 10
        assert ann.heard("error")["code"] == "rate_limited"

    async def test_of_a_publication(self) -> None:
        realtime, _ = engine()
        with pytest.raises(Exception, match="65536 are allowed"):
            await realtime.hub.publish("board:1", "moved", "x" * 70_000)

    async def test_of_reading_ahead(self) -> None:
        ann, tasks = await caller(inbound_queue=3)
        inbox = ann.connection.inbox
        for number in range(4):
            await ann.says(type="call", id=number, name="task.slow", data="wait")
        assert inbox.is_full
        room = asyncio.ensure_future(inbox.room())
        await settle()
        assert not room.done()
        tasks.door.set()
        await settle()
        assert room.done()
        assert len(ann.all_heard("reply")) == 4


class Prices(Channel):
    pattern = "prices"
    slow = Slow.CONFLATE

    @classmethod
    def conflate_key(cls, publication: Publication) -> Hashable:
        return publication.data["of"]


class Ticker(Channel):
    pattern = "ticker"
    slow = Slow.DROP


class TestSlowReaders:
    async def test_are_sent_away(self) -> None:
        realtime, _ = engine()
        slow = await subscribed(realtime, "board:1")
        quick = await subscribed(realtime, "board:1", "bob")
        slow.sink.room = 1
        await realtime.hub.publish("board:1", "moved", 1)
        await realtime.hub.publish("board:1", "moved", 2)
        assert slow.closed == (4005, "reads too slowly")
        assert slow.heard("bye")["reconnect"] is True
        assert [one["data"] for one in quick.all_heard("event")] == [1, 2]
        assert realtime.hub.statistics.evictions == 1

    async def test_miss_events_where_the_channel_wants_it_and_are_told(self) -> None:
        realtime, _ = engine(channels=[Ticker])
        slow = await subscribed(realtime, "ticker")
        slow.sink.room = 0
        for price in (1, 2):
            await realtime.hub.publish("ticker", "price", price)
        slow.sink.room = None
        await realtime.hub.publish("ticker", "price", 3)
        assert slow.all_heard("event") == []
        slow.connection.outgoing.drained()
        await realtime.hub.publish("ticker", "price", 4)
        kinds = [one["type"] for one in slow.frames]
        assert kinds[-2:] == ["resync", "event"]
        assert slow.heard("event")["data"] == 4


class TestConflating:
    """Channels in which only the newest of each key matters."""

    async def listener(self, room: int | None = 0, **more: Any) -> tuple[Engine, Participant]:
        realtime, _ = engine(channels=[Prices], **more)
        slow = await subscribed(realtime, "prices")
        slow.sink.room = room
        return realtime, slow

    async def told(self, realtime: Engine, *prices: tuple[str, int]) -> None:
        for of, price in prices:
            await realtime.hub.publish("prices", "price", {"of": of, "is": price})

    def heard(self, who: Participant) -> list[tuple[str, int]]:
        return [(one["data"]["of"], one["data"]["is"]) for one in who.all_heard("event")]

    async def test_keeps_the_newest_of_each_key_in_order_until_there_is_room(self) -> None:
        realtime, slow = await self.listener(room=1)
        await self.told(realtime, ("a", 1), ("a", 2), ("b", 1), ("c", 1), ("b", 2), ("a", 3))
        assert self.heard(slow) == [("a", 1)]
        slow.sink.room = None
        slow.connection.outgoing.drained()
        await self.told(realtime, ("c", 2))
        assert self.heard(slow) == [("a", 1), ("c", 1), ("b", 2), ("a", 3), ("c", 2)]
        assert slow.all_heard("resync") == []
        assert slow.closed is None

    async def test_goes_on_keeping_while_there_is_room_for_some(self) -> None:
        realtime, slow = await self.listener()
        await self.told(realtime, ("a", 1), ("b", 1), ("c", 1))
        slow.sink.room = 1
        slow.connection.outgoing.drained()
        await self.told(realtime, ("b", 2), ("d", 1))
        assert self.heard(slow) == [("a", 1)]
        slow.sink.room = None
        slow.connection.outgoing.drained()
        assert self.heard(slow) == [("a", 1), ("c", 1), ("b", 2), ("d", 1)]

    async def test_of_more_keys_than_may_wait_it_is_told_that_it_missed_something(self) -> None:
        settings = RealtimeSettings(queue_messages=3)
        realtime, slow = await self.listener(settings=settings)
        await self.told(realtime, *((f"{number}", number) for number in range(50)))
        (kept,) = slow.connection.gaps.values()
        assert kept is None
        slow.sink.room = None
        slow.connection.outgoing.drained()
        await self.told(realtime, ("a", 1))
        assert [one["type"] for one in slow.frames][-2:] == ["resync", "event"]
        assert self.heard(slow) == [("a", 1)]
        # And it is kept for again.
        slow.sink.room = 0
        await self.told(realtime, ("a", 2), ("a", 3))
        slow.sink.room = None
        slow.connection.outgoing.drained()
        assert self.heard(slow) == [("a", 1), ("a", 3)]

    async def test_large_ones_are_bounded_by_their_size(self) -> None:
        settings = RealtimeSettings(queue_bytes=1000)
        realtime, slow = await self.listener(settings=settings)
        for number in range(5):
            data = {"of": str(number % 2), "is": "x" * 450}
            await realtime.hub.publish("prices", "price", data)
        assert None not in slow.connection.gaps.values()
        await realtime.hub.publish("prices", "price", {"of": "2", "is": "x" * 450})
        assert list(slow.connection.gaps.values()) == [None]

    async def test_others_are_told_at_once_and_who_is_left_out_hears_nothing(self) -> None:
        realtime, slow = await self.listener()
        quick = await subscribed(realtime, "prices", "bob")
        await self.told(realtime, ("a", 1), ("a", 2))
        await realtime.hub.publish(
            "prices", "price", {"of": "a", "is": 3}, exclude=[slow.connection.id]
        )
        assert self.heard(quick) == [("a", 1), ("a", 2), ("a", 3)]
        slow.sink.room = None
        slow.connection.outgoing.drained()
        assert self.heard(slow) == [("a", 2)]

    async def test_whoever_leaves_meanwhile_hears_nothing_more(self) -> None:
        realtime, slow = await self.listener()
        await self.told(realtime, ("a", 1))
        await slow.says(type="unsub", ch="prices")
        await self.told(realtime, ("a", 2))
        slow.sink.room = None
        slow.connection.outgoing.drained()
        assert self.heard(slow) == []
        assert realtime.hub.topics == {}

    async def test_a_key_that_fails_costs_that_reader_a_resync_and_others_nothing(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        realtime, slow = await self.listener()
        quick = await subscribed(realtime, "prices", "bob")
        await realtime.hub.publish("prices", "price", {"no": "key"})
        assert quick.heard("event")["data"] == {"no": "key"}
        assert "The key of 'price' in prices" in caplog.text
        slow.connection.outgoing.drained()
        assert slow.heard("resync")["ch"] == "prices"

    async def test_who_comes_and_goes_replaces_nobody(self) -> None:
        class Crowd(Channel):
            pattern = "presence-crowd"
            slow = Slow.CONFLATE
            leave_grace = 0

            async def authorize(self) -> bool:
                return True

        realtime, _ = engine(channels=[Crowd])
        ann = await subscribed(realtime, "presence-crowd")
        ann.sink.room = 0
        for name in ("bob", "cid"):
            await subscribed(realtime, "presence-crowd", name)
        ann.sink.room = None
        ann.connection.outgoing.drained()
        assert [one["data"]["id"] for one in ann.all_heard("event")] == ["bob", "cid"]


class TestSayingItTwice:
    async def test_with_the_same_id_is_saying_it_once(self) -> None:
        realtime, time = engine()
        ann = await subscribed(realtime, "board:1")
        for _ in range(3):
            await realtime.hub.publish("board:1", "paid", id="invoice-7")
        assert len(ann.all_heard("event")) == 1
        await time.pass_by(301)
        await realtime.hub.publish("board:1", "paid", id="invoice-7")
        assert len(ann.all_heard("event")) == 2

    async def test_may_be_repeated_where_the_first_time_failed(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        realtime, _ = engine()
        ann = await subscribed(realtime, "board:1")

        async def broken(*_: Any) -> None:
            raise ConnectionError("nobody is there")

        with monkeypatch.context() as patch, pytest.raises(ConnectionError):
            patch.setattr(realtime.provider, "publish", broken)
            await realtime.hub.publish("board:1", "paid", id="invoice-7")
        await realtime.hub.publish("board:1", "paid", id="invoice-7")
        assert len(ann.all_heard("event")) == 1

    async def test_in_two_channels_is_saying_it_twice(self) -> None:
        realtime, _ = engine()
        ann = await subscribed(realtime, "board:1")
        await ann.says(type="sub", ch="board:2")
        await realtime.hub.publish("board:1", "paid", id="invoice-7")
        await realtime.hub.publish("board:2", "paid", id="invoice-7")
        assert len(ann.all_heard("event")) == 2
