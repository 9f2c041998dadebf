"""Results that are handed to a function: for pages and other user interfaces.

Law: an error is told and ends nothing: the next change brings another run.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, cast

from velocious.database.transaction import innermost

if TYPE_CHECKING:
    from collections.abc import Callable

    from velocious.live.results import LiveResults

_log = logging.getLogger("velocious.live")


class LiveHandle:
    """Results on their way to a function, until :meth:`stop`; the configuration's end is theirs
    too.
    """

    def __init__(
        self,
        results: LiveResults[Any],
        on_result: Callable[[Any], object],
        on_error: Callable[[Exception], object] | None,
    ) -> None:
        self._results = results
        self._on_result = on_result
        self._on_error = on_error
        context = copy_context()
        context.run(innermost.set, None)
        self._task = asyncio.create_task(self._follow(), context=context)

    @property
    def stopped(self) -> bool:
        """Whether no result follows any more."""
        return self._task.done()

    def stop(self) -> None:
        """Ask for no more results. What is called with one now may finish."""
        self._results.stop()

    async def aclose(self) -> None:
        """:meth:`stop`, and wait for what is called now."""
        self.stop()
        if self._task is not asyncio.current_task():
            await asyncio.wait([self._task])

    async def _follow(self) -> None:
        while True:
            try:
                await _call(self._on_result, await anext(self._results))
            except StopAsyncIteration:
                return
            except Exception as error:
                await self._tell(error)

    async def _tell(self, error: Exception) -> None:
        if self._on_error is None:
            _log.error("A live function, or what is called with its result, failed", exc_info=error)
            return
        try:
            await _call(self._on_error, error)
        except Exception:
            _log.exception("The on_error of a live function failed: %r", self._on_error)


async def _call(function: Callable[[Any], object], value: Any) -> None:
    answer = function(value)
    if isinstance(answer, Awaitable):
        await cast("Awaitable[object]", answer)
