"""Pauses of tasks that run one statement after another.

Law: where a statement runs on the event loop, it hardly ever waits, and a task that never waits
keeps the page and the other tabs from being heard. Whoever waits by itself is never held up.
"""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

#: Seconds for which a timer may be late: then nothing has waited all that time.
LONGEST: Final = 0.04
#: Seconds of a timer. Pyodide makes one of up to 2 ms without giving the browser a turn.
PAUSE: Final = 0.003
# A timer costs as much as some statements.
_EVERY: Final = 64


async def nap() -> None:
    """A turn of the event loop where nothing gives one sooner."""
    await asyncio.sleep(PAUSE)


class Pace:
    """Says when the tasks of a tab are to make a pause, which is a *turn* of the event loop."""

    __slots__ = ("_is_waiting", "_since", "_statements", "_turn")

    def __init__(self, turn: Callable[[], Awaitable[object]] = nap) -> None:
        self._turn = turn
        self._is_waiting = False
        self._since = 0.0
        self._statements = 0

    def is_due(self) -> bool:
        """Whether a pause is to come before the next statement, which this counts."""
        self._statements += 1
        return self._statements >= _EVERY and self._is_late()

    async def pause(self) -> None:
        """Let everything else run that waits for its turn."""
        await self._turn()
        self._is_waiting = False

    def _is_late(self) -> bool:
        self._statements = 0
        if self._is_waiting:
            return perf_counter() - self._since > LONGEST
        self._is_waiting = True
        self._since = perf_counter()
        asyncio.get_running_loop().call_later(PAUSE, self._had_a_turn)
        return False

    def _had_a_turn(self) -> None:
        self._is_waiting = False
