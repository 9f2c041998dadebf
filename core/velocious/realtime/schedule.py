"""The port for time that passes: deadlines and sweeps of the engine.

Law: the engine asks nothing else what time it is, so that a test moves it without sleeping.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Timer(Protocol):
    """Something that will be called."""

    def cancel(self) -> None: ...


class Schedule(Protocol):
    """Seconds that never go back, wall-clock time, and calls in the future."""

    def monotonic(self) -> float: ...

    def epoch_ms(self) -> int:
        """Milliseconds since 1970, for people and for positions, never for deadlines."""
        ...

    def call_later(self, seconds: float, callback: Callable[[], object]) -> Timer: ...


class LoopSchedule:
    """The event loop's own time."""

    __slots__ = ("_loop", "_time")

    def __init__(self) -> None:
        # Imported here: the page of an application without realtime does not need it.
        from time import time

        self._time = time
        self._loop: asyncio.AbstractEventLoop | None = None

    def monotonic(self) -> float:
        return (self._loop or self._running()).time()

    def epoch_ms(self) -> int:
        return int(self._time() * 1000)

    def call_later(self, seconds: float, callback: Callable[[], object]) -> Timer:
        return self._running().call_later(seconds, callback)

    def _running(self) -> asyncio.AbstractEventLoop:
        loop = self._loop
        if loop is None:
            loop = self._loop = asyncio.get_running_loop()
        return loop
