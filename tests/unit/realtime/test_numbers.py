"""The numbers that are promised: what is shipped, and what things cost."""

from __future__ import annotations

import random
import tracemalloc
from typing import Any

import pytest

from tests.suites.rooms import engine, subscribed, visitor
from velocious.realtime import Channel, Keep, RealtimeSettings, once, tickets
from velocious.realtime.asgi import queued_sink
from velocious.realtime.client.backoff import Backoff
from velocious.realtime.dialects.json_frames import DEEPEST
from velocious.realtime.names import LONGEST
from velocious.realtime.sse import stream
from velocious.testing.realtime import Participant, settle

KIB = 1024
SHIPPED: dict[str, Any] = {
    "upgrade_timeout": 5,
    "guard_timeout": 5,
    "auth_timeout": 5,
    "auth_total": 15,
    "heartbeat_interval": 25,
    "heartbeat_timeout": 60,
    "recheck_interval": 60,
    "expiry_warning": 30,
    "message_limit": 64 * KIB,
    "early_message_limit": 8 * KIB,
    "publish_limit": 64 * KIB,
    "queue_messages": 256,
    "queue_bytes": 1024 * KIB,
    "inbound_queue": 32,
    "channels": 128,
    "connections_per_user": 20,
    "connections_per_ip": 100,
    "connections": 10_000,
    "messages_per_second": 50,
    "message_burst": 100,
    "client_events_per_second": 10,
    "subscribes_per_second": 20,
    "bad_frames_per_minute": 10,
    "concurrent_calls": 8,
    "call_timeout": 30,
    "drain_seconds": 30,
}


@pytest.mark.parametrize("name", SHIPPED)
def test_a_limit_is_shipped_as_promised(name: str) -> None:
    assert getattr(RealtimeSettings(), name) == SHIPPED[name]


def test_numbers_that_are_no_settings_are_as_promised() -> None:
    assert (Keep().count, Keep().seconds) == (100, 300)
    assert Channel.leave_grace == 5
    assert (once.WINDOW, tickets.SECONDS) == (300, 30)
    assert (LONGEST, DEEPEST) == (200, 32)
    assert (stream.SILENCE, stream.RETRY) == (15, 3000)
    assert queued_sink.SEND_SECONDS == 5


async def test_an_idle_connection_costs_little_memory() -> None:
    realtime, _ = engine()
    kept = [await visitor(realtime, f"user {number}") for number in range(50)]
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    count = 300
    for number in range(count):
        one = Participant(realtime)
        await one.says(type="auth", token=f"guest {number}")
        one.sink.frames.clear()
        kept.append(one)
    each = (tracemalloc.get_traced_memory()[0] - before) / count
    tracemalloc.stop()
    assert len(realtime.hub.connections) == len(kept)
    # Of 40 KiB in all, with what the server and the kernel keep.
    assert each < 12 * KIB


async def test_of_a_thousand_members_each_one_is_told_of_once_and_alone() -> None:
    settings = RealtimeSettings(connections=2000)
    realtime, _ = engine(settings=settings)
    ann = await subscribed(realtime, "presence-room.1", "ann")
    for number in range(1000):
        await subscribed(realtime, "presence-room.1", f"user{number}")
    told = ann.all_heard("event")
    assert [one["data"]["id"] for one in told] == [f"user{number}" for number in range(1000)]
    assert max(len(str(one)) for one in told) < 300
    assert len(await realtime.hub.members("presence-room.1")) == 1001


def test_five_thousand_clients_are_back_in_a_minute_and_not_all_at_once() -> None:
    chance = random.Random(5)
    back: list[float] = []
    for _ in range(5000):
        backoff, now = Backoff(chance.random), 0.0
        # The process died, and another one is there eight seconds later.
        while True:
            now += backoff.next()
            if now >= 8:
                break
        back.append(now)
    assert max(back) <= 60
    busiest = max(sum(second <= one < second + 1 for one in back) for second in range(60))
    assert busiest < 5000 / 4


async def test_a_goodbye_spreads_those_who_come_back_over_its_window() -> None:
    realtime, _ = engine(settings=RealtimeSettings(connections_per_ip=500))
    await realtime.start()
    crowd = [await visitor(realtime, f"user{number}") for number in range(100)]
    await realtime.stop()
    delays = [one.heard("bye")["retry_after"] for one in crowd]
    assert 0 <= min(delays) < 5
    assert 25 < max(delays) <= 30
    assert len({round(one) for one in delays}) > 15
    assert {one.closed for one in crowd} == {(1001, "Server shutting down")}
    await settle()
