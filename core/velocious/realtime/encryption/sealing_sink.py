"""The way out of an encrypted connection: it stands before the socket's own, which nobody else can
reach any more.

Law: nothing passes that is not sealed. Frames leave in the order in which they came, however long
the sealing of one of them takes; where one cannot be sealed, none leaves after it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING

from velocious.realtime.close_codes import Close
from velocious.realtime.sink import PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from velocious.realtime.encryption.sealing import Frame, Sealer
    from velocious.realtime.sink import Sink

logger = logging.getLogger("velocious.realtime")


class SealingSink:
    """Seals frames, one after the other, and hands them on.

    Arguments:
        inner: the socket's own way out.
        messages: how many frames may wait to be sealed.
        size: how many bytes of them.
    """

    def __init__(self, inner: Sink, sealer: Sealer, messages: int, size: int) -> None:
        self.form = PLAIN
        self.on_drained: Callable[[], None] | None = inner.on_drained
        inner.on_drained = self._inner_drained
        self._inner = inner
        self._sealer = sealer
        self._messages = messages
        self._size = size
        self._waiting: deque[tuple[Frame, bool]] = deque()
        self._bytes = 0
        #: Sealed, and not taken by *inner* yet: it has a number, so it is never dropped.
        self._held: Any = None
        self._end: tuple[int, str] | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_sealing = False
        self._refused = False

    @property
    def buffered(self) -> int:
        return self._inner.buffered + self._bytes

    def write(self, frame: Frame) -> bool:
        if self._end is not None:
            return True
        if self._waiting and (
            len(self._waiting) >= self._messages or self._bytes + len(frame) > self._size
        ):
            self._refused = True
            return False
        self._put(frame, force=False)
        return True

    def force(self, frame: Frame) -> None:
        if self._end is None:
            self._put(frame, force=True)

    def close(self, code: int, reason: str) -> None:
        if self._end is not None:
            return
        self._end = (code, reason)
        if self._held is not None:
            held, self._held = self._held, None
            self._hand_on(held, force=True)
        self._go_on()

    def _put(self, frame: Frame, *, force: bool) -> None:
        self._waiting.append((frame, force))
        self._bytes += len(frame)
        self._go_on()

    def _go_on(self) -> None:
        if self._is_sealing or self._held is not None:
            return
        # A cipher that answers at once is done before this returns.
        task = asyncio.Task(self._seal_all(), loop=asyncio.get_running_loop(), eager_start=True)
        if not task.done():
            # The loop itself keeps tasks alive only weakly.
            self._task = task

    async def _seal_all(self) -> None:
        self._is_sealing = True
        try:
            while self._waiting and self._held is None:
                frame, force = self._waiting[0]
                sealed = self._inner.form.prepare(await self._sealer.seal(frame))
                self._waiting.popleft()
                self._bytes -= len(frame)
                self._hand_on(sealed, force=force)
            if self._end is not None and self._held is None:
                self._inner.close(*self._end)
        except Exception:
            logger.exception("A frame could not be encrypted: the connection is closed")
            self._give_up()
        finally:
            self._is_sealing = False
            self._task = None
        self._drained()

    def _hand_on(self, sealed: Any, *, force: bool) -> None:
        # The last words of a connection do not wait for a client that does not read.
        if force or self._end is not None:
            self._inner.force(sealed)
        elif not self._inner.write(sealed):
            self._held = sealed

    def _give_up(self) -> None:
        self._waiting.clear()
        self._end = (Close.INTERNAL, "Encryption failed")
        self._inner.close(*self._end)

    def _inner_drained(self) -> None:
        held, self._held = self._held, None
        if held is not None and not self._inner.write(held):
            self._held = held
            return
        self._go_on()

    def _drained(self) -> None:
        if self._refused and not self._waiting and self._held is None and self._end is None:
            self._refused = False
            if self.on_drained is not None:
                self.on_drained()
