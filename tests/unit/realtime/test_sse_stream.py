"""A stream of an engine, with a clock that the tests move."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from tests.suites.rooms import engine
from velocious.realtime import Admit, Identity, Member, Upgrade, outputs
from velocious.realtime.dialects import native
from velocious.realtime.sse.dialect import SseDialect
from velocious.realtime.sse.encoding import COMMENT
from velocious.realtime.sse.positions import Positions
from velocious.realtime.sse.stream import EventStream
from velocious.testing.realtime import settle

if TYPE_CHECKING:
    import pytest


class Listener:
    """The client's end; it can stop to read."""

    def __init__(self, realtime: Any) -> None:
        self.pieces: list[bytes] = []
        self.reads = asyncio.Event()
        self.reads.set()
        self._gone = asyncio.Event()
        stream = EventStream(realtime, SseDialect(), ["board:1"], Positions())
        admitted = Admit(Identity("ann"))
        running = stream.run(Upgrade(), admitted, self._receive, self._send)
        self.task = asyncio.ensure_future(running)

    async def _receive(self) -> Any:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        await self.reads.wait()
        if message["type"] == "http.response.body":
            self.pieces.append(message["body"])

    async def leaves(self) -> None:
        self._gone.set()
        await asyncio.wait_for(self.task, 5)


async def test_says_how_long_to_wait_first() -> None:
    realtime, _ = engine()
    ann = Listener(realtime)
    await settle()
    assert ann.pieces[0] == b"retry: 3000\n\n"
    await ann.leaves()


async def test_silence_is_filled_every_fifteen_seconds_for_as_long_as_the_client_reads() -> None:
    realtime, time = engine()
    await realtime.start()
    ann = Listener(realtime)
    await settle()
    before = len(ann.pieces)
    await time.pass_by(14)
    assert len(ann.pieces) == before
    await time.pass_by(106)
    # Who reads the comments is there, though it can say nothing.
    assert ann.pieces[before:] == [COMMENT] * 8
    assert len(realtime.connections) == 1
    await ann.leaves()
    await realtime.stop()


async def test_a_client_that_does_not_read_the_comments_is_gone_after_a_minute() -> None:
    realtime, time = engine()
    await realtime.start()
    ann = Listener(realtime)
    await settle()
    ann.reads.clear()
    await time.pass_by(20)
    assert len(realtime.connections) == 1
    await time.pass_by(70)
    assert realtime.hub.statistics.closed["heartbeat_lost"] == 1
    ann.reads.set()
    await ann.leaves()
    assert not realtime.connections
    await realtime.stop()


def test_a_long_list_of_members_goes_on_in_events_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(native, "MEMBERS_PAGE", 2)
    members = [Member(name) for name in ("ann", "bob", "cleo", "dan", "eve")]
    confirmed = outputs.Subscribed("presence-a", "presence-a", members=members, position="e-1")
    frames = [frame.split("\n", 1) for frame in SseDialect().subscribed(confirmed)]
    assert [head.split("\t")[:3] for head, _ in frames] == [
        ["sub.ok", "presence-a", "e-1"],
        ["members", "presence-a", "="],
        ["members", "presence-a", "="],
    ]
    assert [json.loads(body).get("more") for _, body in frames] == [True, True, None]
    listed = [one["id"] for _, body in frames for one in json.loads(body)["members"]]
    assert listed == ["ann", "bob", "cleo", "dan", "eve"]
