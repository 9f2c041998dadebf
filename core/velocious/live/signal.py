"""Whether a result may be out of date, and who waits for that.

Law: it knows nothing of who waits, so that a walk that nobody holds any more can end.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from velocious.database.changes import Change
    from velocious.database.reading import Reading


class Signal:
    """Hears of changes.

    Attributes:
        due: whether what was read may be different now, or nothing was read yet.
        stopped: whether it is over.
        reading: what the last run has read, or the running one has so far.
    """

    __slots__ = ("_waiter", "due", "reading", "stopped")

    def __init__(self) -> None:
        self.due = True
        self.stopped = False
        self.reading: Reading | None = None
        self._waiter: asyncio.Future[None] | None = None

    def hear(self, change: Change) -> None:
        """*change* was committed somewhere."""
        if not self.due and self.reading is not None and self.reading.is_touched_by(change):
            self.due = True
            self._wake()

    def stop(self) -> None:
        """End it: whoever waits goes on."""
        self.stopped = True
        self._wake()

    async def wait(self) -> None:
        """Until it is due or stopped."""
        while not (self.due or self.stopped):
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
