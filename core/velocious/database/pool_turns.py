"""Those who wait for a connection, in the order they came.

Law: a turn that was given is used or handed on, even if the task it was for is cancelled meanwhile.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Turns[C]:
    """Hands out connections, or None: a place where one may be opened.

    Attributes:
        waited: how many tasks had to wait.
        timeouts: how many of them waited in vain.
        longest: the longest wait so far, in seconds.
    """

    def __init__(self) -> None:
        self._waiting: OrderedDict[asyncio.Future[C | None], None] = OrderedDict()
        self.waited = 0
        self.timeouts = 0
        self.longest = 0.0

    def __len__(self) -> int:
        return len(self._waiting)

    async def wait(
        self,
        timeout: float,
        too_long: Callable[[], Exception],
        hand_on: Callable[[C | None], None],
    ) -> C | None:
        """Wait for a turn. After *timeout* seconds raise what *too_long* makes; a cancelled task
        gives what it was given to *hand_on*.
        """
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[C | None] = loop.create_future()
        self._waiting[turn] = None
        self.waited += 1
        started = monotonic()
        alarm = loop.call_later(timeout, self._give_up, turn, too_long)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                hand_on(turn.result())
            raise
        finally:
            alarm.cancel()
            self._waiting.pop(turn, None)
            self.longest = max(self.longest, monotonic() - started)

    def give(self, found: C | None) -> bool:
        """Give *found* to who waits longest; False where nobody waits."""
        while self._waiting:
            turn, _ = self._waiting.popitem(last=False)
            if not turn.done():
                turn.set_result(found)
                return True
        return False

    def send_away(self, why: Callable[[], Exception]) -> None:
        """Raise what *why* makes in every task that waits."""
        while self._waiting:
            turn, _ = self._waiting.popitem(last=False)
            if not turn.done():
                turn.set_exception(why())

    def _give_up(self, turn: asyncio.Future[C | None], too_long: Callable[[], Exception]) -> None:
        if not turn.done():
            self.timeouts += 1
            self._waiting.pop(turn, None)
            turn.set_exception(too_long())
