"""What a request waits for.

Law: whoever waits goes on in the very turn of the event loop in which the answer came. A turn more
costs as much as a good part of the way to the other tab and back.
"""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextvars import Context


class Answer(asyncio.Future[Any]):
    """A future that wakes its tasks itself.

    Attributes:
        is_due: not even a cancellation ends the waiting; the task is told of it with the answer.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop=loop)
        self.is_due = False
        self._waking: list[tuple[Callable[[asyncio.Future[Any]], object], Context]] = []

    def add_done_callback(
        self, fn: Callable[[asyncio.Future[Any]], object], /, *, context: Context | None = None
    ) -> None:
        if self.done():
            super().add_done_callback(fn, context=context)
        else:
            self._waking.append((fn, context or copy_context()))

    def remove_done_callback(self, fn: Callable[[asyncio.Future[Any]], object], /) -> int:
        kept = [one for one in self._waking if one[0] != fn]
        removed = len(self._waking) - len(kept)
        self._waking = kept
        return removed

    def set_result(self, result: Any, /) -> None:
        super().set_result(result)
        self._wake()

    def set_exception(self, exception: type | BaseException, /) -> None:
        super().set_exception(exception)
        self._wake()

    def cancel(self, msg: Any | None = None) -> bool:
        if self.is_due or not super().cancel(msg):
            return False
        self._wake()
        return True

    def _wake(self) -> None:
        waking, self._waking = self._waking, []
        # A task cannot run inside of another one, nor while it is being cancelled.
        at_once = not self.cancelled() and asyncio.current_task() is None
        for fn, context in waking:
            if at_once:
                context.run(fn, self)
            else:
                self.get_loop().call_soon(fn, self, context=context)
