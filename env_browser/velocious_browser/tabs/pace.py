"""Pauses of tasks that run one statement after another.

Law: where a statement runs on the event loop, it hardly ever waits, and a task that never waits
keeps the page and the other tabs from being heard. Whoever waits by itself is never held up.
"""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import Final

#: Seconds for which a timer may be late: then nothing has waited all that time.
LONGEST: Final = 0.04
#: Seconds of a pause. Pyodide makes one of up to 2 ms without giving the browser a turn.
PAUSE: Final = 0.003
# A timer costs as much as some statements.
_EVERY: Final = 64


class Pace:
    """Says when the tasks of a tab are to make a pause."""

    __slots__ = ("_is_waiting", "_since", "_statements")

    def __init__(self) -> None:
        self._is_waiting = False
        self._since = 0.0
        self._statements = 0

    def is_due(self) -> bool:
        """Whether a pause is to come before the next statement, which this counts."""
        self._statements += 1
        return self._statements >= _EVERY and self._is_late()

    async def pause(self) -> None:
        """Let everything else run that waits for its turn."""
        await asyncio.sleep(PAUSE)
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
