"""Beats of the server for clients that wait for them."""

from __future__ import annotations

from velocious.realtime import Engine
from velocious.realtime.dialects import ActionCableDialect
from velocious.testing.realtime import ManualSchedule, Participant


async def test_beats_every_three_seconds_until_the_last_one_has_gone() -> None:
    time = ManualSchedule()
    engine, dialect = Engine(schedule=time), ActionCableDialect()
    ann, bob = Participant(engine, dialect), Participant(engine, dialect)
    await time.pass_by(6.5)
    assert len(ann.all_heard("ping")) == len(bob.all_heard("ping")) == 2
    assert ann.heard("ping")["message"] == time.epoch_ms() // 1000
    await ann.leaves()
    await time.pass_by(3)
    assert (len(ann.all_heard("ping")), len(bob.all_heard("ping"))) == (2, 3)
    await bob.leaves()
    await time.pass_by(3)
    assert len(bob.all_heard("ping")) == 3


async def test_whoever_does_not_read_misses_beats_and_stays() -> None:
    time = ManualSchedule()
    engine = Engine(schedule=time)
    ann = Participant(engine, ActionCableDialect())
    ann.sink.room = 0
    await time.pass_by(10)
    ann.sink.room = 5
    await time.pass_by(3)
    assert len(ann.all_heard("ping")) == 1
    assert ann.closed is None


async def test_clients_that_need_not_speak_are_not_taken_for_gone() -> None:
    time = ManualSchedule()
    engine = Engine(schedule=time)
    await engine.start()
    ann, native = Participant(engine, ActionCableDialect()), Participant(engine)
    await time.pass_by(100)
    assert ann.closed is None
    assert native.closed is not None
    await engine.stop()
