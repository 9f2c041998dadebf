"""Reading that can be given up: a client that neither reads nor writes would keep it for ever."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Coroutine


class Reading:
    """What waits for a client's messages."""

    __slots__ = ("_is_stopped", "_task")

    def __init__(self) -> None:
        self._task: asyncio.Task[Any] | None = None
        self._is_stopped = False

    async def run(self, read: Coroutine[Any, Any, None]) -> None:
        """Run *read* until it is done, or :meth:`stop` is called."""
        if self._is_stopped:
            read.close()
            return
        self._task = asyncio.current_task()
        try:
            await read
        except asyncio.CancelledError:
            # Somebody else may have cancelled as well, and wants to hear of it.
            if not self._is_stopped or self._task is None or self._task.uncancel() > 0:
                raise
        finally:
            self._task = None

    def stop(self) -> None:
        """Give up."""
        if not self._is_stopped:
            self._is_stopped = True
            if self._task is not None:
                self._task.cancel()
