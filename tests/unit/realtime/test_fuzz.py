"""Whatever arrives: an answer or a close, and nothing left behind."""

from __future__ import annotations

import logging
import random
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.realtime.conformance.speech import text
from tests.unit.realtime.conformance.speeches import SPEECHES
from tests.unit.realtime.fuzzing import fuzz
from velocious.realtime.dialects import NativeDialect

if TYPE_CHECKING:
    from tests.unit.realtime.conformance.speech import Speech
    from velocious.realtime.dialects.base import Dialect


#: What only some dialects say.
MORE = {
    "velocious": [
        '{"type":"channel-subscribe","subscriptionId":"s1","channelType":"board:1","params":{}}',
        '{"type":"channel-unsubscribe","subscriptionId":"s1"}',
        '{"type":"connection-open","connectionId":"c1","connectionType":"board:2","params":{}}',
        '{"type":"connection-message","connectionId":"c1","body":{"a":1}}',
        '{"type":"connection-close","connectionId":"c1"}',
        '{"type":"metadata","data":{"theme":"dark"}}',
        '{"type":"session-resume","sessionId":"00"}',
        '{"type":"request","id":"r1","method":"GET","path":"/","headers":{"a":"b"},"body":{}}',
        '{"type":"subscribe","channel":"board:1","lastEventId":"x-1","params":{"page":1}}',
    ],
}


def spoken(speech: Speech) -> tuple[Dialect, list[str]]:
    """The dialect of *speech*, and what can be said in it."""
    said: list[Any] = [
        speech.subscribe("board:1"),
        speech.unsubscribe("board:1"),
        speech.ping or {},
    ]
    for name in ("presence-room.1", "private-diary.ann"):
        said.append(speech.subscribe(name, "key:0", '{"user_id":"ann"}'))
        said.append(speech.subscribe(name))
    if speech.tell is not None:
        said.append(speech.tell("presence-room.1", "client-typing", {"at": 1}))
    if speech.call is not None:
        said.append(speech.call("echo", {"a": [1, 2, {"b": None}]}))
    if speech.authenticate is not None:
        said.append(speech.authenticate("ann"))
    frames = [text(frame) for frame in said]
    return speech.dialect, [*map(str, frames), *MORE.get(speech.name, ())]


#: A dialect, and frames that it understands.
SPOKEN: list[tuple[Dialect, list[str]]] = [
    (
        NativeDialect(),
        [
            '{"type":"auth","id":1,"token":"ann"}',
            '{"type":"sub","id":2,"ch":"board:1","since":"x-1"}',
            '{"type":"sub","id":3,"ch":"presence-room.1"}',
            '{"type":"sub","id":4,"ch":"private-diary.ann","token":"v1.5.x","member":"{}"}',
            '{"type":"unsub","id":5,"ch":"board:1"}',
            '{"type":"call","id":6,"name":"echo","data":{"a":[1,2,{"b":null}]}}',
            '{"type":"pub","ch":"presence-room.1","event":"typing","data":{"at":1}}',
            '{"type":"ping","id":7}',
            '{"type":"pong"}',
        ],
    ),
    *(spoken(speech) for speech in SPEECHES if speech.name != "native"),
]


@pytest.mark.parametrize(("dialect", "frames"), SPOKEN, ids=[one.name for one, _ in SPOKEN])
class TestFrames:
    async def test_never_raise(
        self, dialect: Dialect, frames: list[str], caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.ERROR)
        await fuzz(dialect, frames, 3_000, random.Random(7))
        assert caplog.records == []

    @pytest.mark.drill
    async def test_never_raise_however_many_and_memory_stays_flat(
        self, dialect: Dialect, frames: list[str], caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.ERROR)
        seed = random.randrange(2**32)
        count = -(-1_000_000 // len(SPOKEN))
        chance = random.Random(seed)
        await fuzz(dialect, frames, count // 10, chance)
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        await fuzz(dialect, frames, count - count // 10, chance)
        after = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        assert caplog.records == [], seed
        assert after - before < 8_000_000, seed
