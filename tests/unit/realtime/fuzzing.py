"""Frames that nobody would send, made from those that somebody would."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.suites.rooms import engine
from velocious.realtime import Admit, Identity, MessageRegistry, RealtimeSettings
from velocious.realtime.parking import GRACE
from velocious.testing.realtime import Participant, settle

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from velocious.realtime import Context
    from velocious.realtime.dialects.base import Dialect

#: What JSON allows, and nobody expects.
ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    2**70,
    1.5,
    "",
    "\x00",
    "\ud800",
    "ä" * 300,
    "__proto__",
    [],
    {},
    [[[]]],
    {"type": "sub"},
]
#: Text that is not JSON, or only nearly.
NOISE = ["", "null", "{", "[" * 1000, "NaN", '{"a":1}{', "2", "3", '"', "\ufeff{}", "{}" * 40]

#: More than any fuzzing needs: what limits do is proved elsewhere.
GENEROUS = RealtimeSettings(
    messages_per_second=1e9,
    message_burst=10**9,
    bad_frames_per_minute=10**9,
    client_events_per_second=1e9,
    subscribes_per_second=1e9,
    connections_per_user=10**6,
)


def mutated(frame: str, chance: random.Random) -> str | bytes:
    """*frame* with something wrong in it."""
    kind = chance.randrange(6)
    if kind == 0:
        return chance.choice(NOISE)
    if kind == 1:
        return chance.randbytes(chance.randrange(40))
    if kind == 2:
        at = chance.randrange(len(frame) + 1)
        return frame[:at] + chance.choice(['"', "{", "]", "\\", "\x00", "9", "é"]) + frame[at:]
    if kind == 3:
        return frame[: chance.randrange(len(frame) + 1)]
    return json.dumps(_changed(json.loads(frame), chance))


def _changed(value: Any, chance: random.Random) -> Any:
    if not isinstance(value, dict) or not value or chance.random() < 0.1:
        return chance.choice(ODD)
    copy: dict[str, Any] = dict(value)  # pyright: ignore[reportUnknownArgumentType]
    key = chance.choice(list(copy))
    if chance.random() < 0.2:
        del copy[key]
    else:
        copy[key] = _changed(copy[key], chance)
    return copy


async def fuzz(dialect: Dialect, frames: Sequence[str], count: int, chance: random.Random) -> int:
    """Send *count* frames to an engine; returns how many connections they took.

    Raises:
        AssertionError: something is left behind, or the engine does not work any more.
    """
    realtime, time = engine(settings=GENEROUS, messages=_messages())
    await realtime.start()
    one = await _connected(realtime, dialect)
    used = 1
    for number in range(count):
        frame = chance.choice(frames)
        realtime.receive(one.connection, frame if number % 3 else mutated(frame, chance))
        if number % 100 == 0:
            one.sink.frames.clear()
            await settle()
        if one.closed is not None or one.connection.is_ending:
            await one.leaves()
            one = await _connected(realtime, dialect)
            used += 1
    await one.leaves()
    # Longer than anybody is waited for.
    await time.pass_by(GRACE + 10)
    assert not realtime.connections
    assert not realtime.hub.topics
    assert not realtime.hub.users
    await realtime.stop()
    return used


async def _connected(realtime: Any, dialect: Dialect) -> Participant:
    # Some dialects leave it to the request to say who somebody is.
    admitted = Admit(Identity("ann")) if dialect.name in ("velox", "actioncable") else None
    made = Participant(realtime, dialect, admitted=admitted)
    await settle()
    return made


def _messages() -> MessageRegistry:
    messages = MessageRegistry()

    @messages.on("echo")
    async def echo(context: Context) -> Any:
        return context.data

    return messages
