"""Actions that a page follows: they run again when what they read has changed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Protocol

from velocious.live import live
from velocious.wire import decode, encode
from velocious_browser.actions import exposed, perform

if TYPE_CHECKING:
    from collections.abc import Callable

    from velocious.live import LiveHandle


class JsWatcher(Protocol):
    """Where a page hears of one watch; both take text of :mod:`velocious.wire`."""

    def result(self, text: str, /) -> object: ...

    def trouble(self, text: str, /) -> object: ...


class Watches:
    """What pages follow, by the number that they gave it."""

    def __init__(self, describe: Callable[[BaseException], str]) -> None:
        self._describe = describe
        self._handles: dict[int, LiveHandle] = {}

    def open(self, number: int, action: str, payload: str, js_watcher: JsWatcher) -> None:
        """Run *action* now and after each change, until :meth:`close`.

        Raises:
            UnknownActionError: nothing of that name was exposed.
        """
        exposed(action)
        last: str | None = None

        async def load() -> Any:
            # Decoded for each run: the function may do with its arguments what it likes.
            return await perform(action, decode(payload))

        def show(value: Any) -> None:
            nonlocal last
            text = encode(value)
            # Another row of the table may have changed, none of those that it returns.
            if text != last:
                js_watcher.result(text)
            last = text

        def tell(error: Exception) -> None:
            nonlocal last
            last = None
            js_watcher.trouble(self._describe(error))

        self._handles[number] = live(load, show, tell)

    def close(self, number: int) -> None:
        """The page follows *number* no longer."""
        handle = self._handles.pop(number, None)
        if handle is not None:
            handle.stop()

    async def close_all(self) -> None:
        """Nobody follows anything any more."""
        handles, self._handles = list(self._handles.values()), {}
        await asyncio.gather(*(handle.aclose() for handle in handles))
