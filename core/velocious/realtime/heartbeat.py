"""Clients that say nothing: asked after a while, gone after a while more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.realtime import outputs
from velocious.realtime.close_codes import Close

if TYPE_CHECKING:
    from velocious.realtime.connection import Connection
    from velocious.realtime.engine import Engine
    from velocious.realtime.rechecking import Rechecking
    from velocious.realtime.schedule import Timer

#: Looks in each interval: a silent client is noticed so much later at most.
LOOKS = 5


class Heartbeat:
    """One look at all connections, from time to time, instead of a timer for each."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._timer: Timer | None = None
        self._rechecked = 0.0
        self._rechecking: Rechecking | None = None

    def start(self) -> None:
        self._rechecked = self._engine.schedule.monotonic()
        self._later()

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._rechecking is not None:
            self._rechecking.stop()

    def _later(self) -> None:
        seconds = self._engine.settings.heartbeat_interval / LOOKS
        self._timer = self._engine.schedule.call_later(seconds, self._look)

    def _look(self) -> None:
        now = self._engine.schedule.monotonic()
        for connection in list(self._engine.connections.values()):
            self._look_at(connection, now)
        self._recheck(now)
        self._later()

    def _look_at(self, connection: Connection, now: float) -> None:
        settings = self._engine.settings
        silence = now - connection.last_seen
        if not connection.dialect.mortal:
            return
        if silence >= settings.heartbeat_timeout:
            connection.end(Close.HEARTBEAT_LOST, "Heartbeat timeout")
        elif (
            silence >= settings.heartbeat_interval
            and connection.dialect.pings
            and not connection.pinged
        ):
            connection.pinged = True
            connection.say(outputs.Pinged(self._engine.schedule.epoch_ms()))

    def _recheck(self, now: float) -> None:
        engine = self._engine
        if engine.recheck is None or now - self._rechecked < engine.settings.recheck_interval:
            return
        self._rechecked = now
        if self._rechecking is None:
            # Imported here: few applications ask again.
            from velocious.realtime.rechecking import Rechecking

            self._rechecking = Rechecking(engine)
        self._rechecking.begin()
