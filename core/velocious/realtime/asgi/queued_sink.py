"""The way out through ASGI's ``send``, for every server: a bounded queue, written by one task.

Law: a client that reads has nothing waiting here: what can be sent at once is.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING

from velocious.realtime.sink import PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Message, Send

    from velocious.realtime.sink import Form

logger = logging.getLogger("velocious.realtime")

#: Seconds that one message may take to be sent.
SEND_SECONDS = 5.0
#: Messages that control frames may take above the limit before the connection is cut.
ABOVE = 64


class QueuedSink:
    """Sends messages in order.

    Arguments:
        send: ASGI's.
        messages: how many may wait.
        size: how many bytes may wait.
        cut: ends the connection at once.
    """

    def __init__(self, send: Send, messages: int, size: int, cut: Callable[[], None]) -> None:
        self.form: Form = PLAIN
        self.on_drained: Callable[[], None] | None = None
        self._send = send
        self._messages = messages
        self._size = size
        self._cut = cut
        self._waiting: deque[tuple[Message, int]] = deque()
        self._bytes = 0
        self._task: asyncio.Task[None] | None = None
        self._refused = False
        self._ended = False

    @property
    def buffered(self) -> int:
        return self._bytes

    def write(self, frame: str | bytes) -> bool:
        if self._ended:
            return True
        if self._waiting and (
            len(self._waiting) >= self._messages or self._bytes + len(frame) > self._size
        ):
            self._refused = True
            return False
        self._put(self._message(frame), len(frame))
        return True

    def force(self, frame: str | bytes) -> None:
        if self._ended:
            return
        if len(self._waiting) > self._messages + ABOVE:
            self._ended = True
            self._cut()
            return
        self._put(self._message(frame), len(frame))

    def close(self, code: int, reason: str) -> None:
        if not self._ended:
            self._ended = True
            self._put(self._closing(code, reason), 0)

    def _put(self, message: Message, size: int) -> None:
        self._waiting.append((message, size))
        self._bytes += size
        if self._task is None:
            task = asyncio.Task(self._write(), loop=asyncio.get_running_loop(), eager_start=True)
            if not task.done():
                self._task = task

    async def _write(self) -> None:
        try:
            while self._waiting:
                message, size = self._waiting[0]
                async with asyncio.timeout(SEND_SECONDS):
                    await self._send(message)
                self._waiting.popleft()
                self._bytes -= size
        except Exception:
            # Gone, or stuck: nothing more can be said on this connection, whoever reads it is told.
            logger.info("A connection takes nothing more", exc_info=True)
            self._ended = True
            self._waiting.clear()
            self._cut()
        finally:
            self._task = None
        self._drained()

    def _drained(self) -> None:
        if self._refused and not self._ended:
            self._refused = False
            if self.on_drained is not None:
                self.on_drained()

    def _message(self, frame: str | bytes) -> Message:
        key = "text" if isinstance(frame, str) else "bytes"
        return {"type": "websocket.send", key: frame}

    def _closing(self, code: int, reason: str) -> Message:
        return {"type": "websocket.close", "code": code, "reason": reason}
