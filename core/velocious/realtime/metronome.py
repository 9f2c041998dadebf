"""Dialects whose clients wait for a beat of the server: one timer for all connections of each.

Law: a beat is worth nothing later. Whoever has too much waiting misses it, and nobody waits.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from velocious.realtime import outputs

if TYPE_CHECKING:
    from velocious.realtime.connection import Connection
    from velocious.realtime.dialects.base import Dialect
    from velocious.realtime.schedule import Schedule, Timer


class Metronome:
    """Beats for the connections whose dialect has a ``beat``."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._connections: dict[Dialect, dict[Connection, None]] = {}
        self._timers: dict[Dialect, Timer] = {}

    def add(self, connection: Connection) -> None:
        """*connection* hears the beat from now on, where its dialect has one."""
        dialect = connection.dialect
        if dialect.beat is None:
            return
        self._connections.setdefault(dialect, {})[connection] = None
        if dialect not in self._timers:
            self._later(dialect, dialect.beat)

    def remove(self, connection: Connection) -> None:
        dialect = connection.dialect
        left = self._connections.get(dialect, {})
        left.pop(connection, None)
        if not left:
            self._connections.pop(dialect, None)
            timer = self._timers.pop(dialect, None)
            if timer is not None:
                timer.cancel()

    def _later(self, dialect: Dialect, seconds: float) -> None:
        self._timers[dialect] = self._schedule.call_later(seconds, partial(self._beat, dialect))

    def _beat(self, dialect: Dialect) -> None:
        assert dialect.beat is not None
        self._later(dialect, dialect.beat)
        frames = dialect.encode(outputs.Pinged(self._schedule.epoch_ms()))
        if frames is None:
            return
        for frame in (frames,) if isinstance(frames, str | bytes) else frames:
            for connection in list(self._connections[dialect]):
                if not connection.is_ending:
                    connection.sink.write(connection.sink.form.prepare(frame))
