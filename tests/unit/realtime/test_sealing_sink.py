"""The way out of an encrypted connection: order, room, and what happens when sealing fails."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from velocious.errors import EncryptionError
from velocious.realtime.encryption.sealing_sink import SealingSink
from velocious.testing.realtime import MemorySink, settle

if TYPE_CHECKING:
    import pytest

    from velocious.realtime.encryption.sealing import Frame


class Slow:
    """Seals when the test says so."""

    def __init__(self) -> None:
        self.gates: dict[str, asyncio.Event] = {}
        self.asked: list[str] = []

    async def seal(self, frame: Frame) -> Frame:
        name = str(frame)
        self.asked.append(name)
        gate = self.gates.get(name)
        if gate is not None:
            await gate.wait()
        if name.startswith("broken"):
            raise EncryptionError("This cannot be sealed. Send something else.")
        return f"<{name}>"


def sink_of(sealer: Slow, *, messages: int = 3, size: int = 100) -> tuple[SealingSink, MemorySink]:
    inner = MemorySink()
    return SealingSink(inner, sealer, messages, size), inner


async def test_what_is_sealed_at_once_is_sent_at_once() -> None:
    sink, inner = sink_of(Slow())
    assert sink.write("a")
    sink.force("b")
    assert inner.frames == ["<a>", "<b>"]


async def test_what_takes_long_to_seal_is_not_overtaken() -> None:
    slow = Slow()
    slow.gates["a"] = asyncio.Event()
    sink, inner = sink_of(slow)
    assert sink.write("a")
    sink.force("b")
    assert sink.write("c")
    await settle()
    assert inner.frames == []
    slow.gates["a"].set()
    await settle()
    assert inner.frames == ["<a>", "<b>", "<c>"]


async def test_a_close_comes_after_all_that_was_taken() -> None:
    slow = Slow()
    slow.gates["a"] = asyncio.Event()
    sink, inner = sink_of(slow)
    sink.write("a")
    sink.force("bye")
    sink.close(1000, "done")
    sink.force("late")
    assert sink.write("late")
    await settle()
    assert inner.closed is None
    slow.gates["a"].set()
    await settle()
    assert inner.frames == ["<a>", "<bye>"]
    assert inner.closed == (1000, "done")


async def test_too_much_that_waits_to_be_sealed_is_refused_until_it_is_gone() -> None:
    slow = Slow()
    slow.gates["a"] = asyncio.Event()
    sink, inner = sink_of(slow)
    told: list[bool] = []
    sink.on_drained = lambda: told.append(True)
    assert [sink.write(name) for name in "abcd"] == [True, True, True, False]
    sink.force("control")
    slow.gates["a"].set()
    await settle()
    assert inner.frames == ["<a>", "<b>", "<c>", "<control>"]
    assert told == [True]
    assert sink.write("e")


async def test_too_many_bytes_are_refused() -> None:
    slow = Slow()
    slow.gates["a" * 60] = asyncio.Event()
    sink, inner = sink_of(slow)
    assert sink.write("a" * 60)
    assert not sink.write("b" * 60)
    # A task that waits for ever would be a failure of whatever test runs when it is collected.
    slow.gates["a" * 60].set()
    await settle()
    assert inner.frames == [f"<{'a' * 60}>"]


async def test_a_sealed_frame_that_the_socket_does_not_take_is_kept() -> None:
    slow = Slow()
    sink, inner = sink_of(slow)
    inner.room = 1
    told: list[bool] = []
    sink.on_drained = lambda: told.append(True)
    assert [sink.write(name) for name in "abcdef"] == [True] * 5 + [False]
    assert inner.frames == ["<a>"]
    # Only what leaves next is sealed: the rest may still be told that it is not needed.
    assert slow.asked == ["a", "b"]
    for _ in range(5):
        assert inner.on_drained is not None
        inner.room = 1
        inner.on_drained()
    assert inner.frames == [f"<{name}>" for name in "abcde"]
    inner.room = 1
    assert inner.on_drained is not None
    inner.on_drained()
    assert told == [True]


async def test_whoever_does_not_read_still_gets_the_last_words_and_the_close() -> None:
    sink, inner = sink_of(Slow())
    inner.room = 0
    sink.write("a")
    sink.write("b")
    sink.force("bye")
    sink.close(4005, "too slow")
    assert inner.frames == ["<a>", "<b>", "<bye>"]
    assert inner.closed == (4005, "too slow")


async def test_after_a_frame_that_cannot_be_sealed_nothing_leaves(
    caplog: pytest.LogCaptureFixture,
) -> None:
    slow = Slow()
    slow.gates["broken secret"] = asyncio.Event()
    sink, inner = sink_of(slow)
    sink.write("a")
    sink.write("broken secret")
    sink.write("c")
    with caplog.at_level(logging.ERROR, "velocious.realtime"):
        slow.gates["broken secret"].set()
        await settle()
    sink.force("bye")
    assert inner.frames == ["<a>"]
    assert inner.closed == (1011, "Encryption failed")
    assert "could not be encrypted" in caplog.text
    assert "secret" not in caplog.text
