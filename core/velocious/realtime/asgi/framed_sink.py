"""The fast way out: frames are made once and written straight to the transport.

Law: the order of what is written is kept, whichever way it takes: while something waits here,
everything waits behind it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from velocious.realtime.asgi.queued_sink import SEND_SECONDS
from velocious.realtime.ready_frame import binary_frame, text_frame
from velocious.realtime.sink import Form

if TYPE_CHECKING:
    from collections.abc import Callable

    from velocious.realtime.wire_port import FrameWriter

#: Bytes that control frames may take above the limit before the connection is cut.
ABOVE = 256 * 1024


def _framed(frame: str | bytes) -> bytes:
    return text_frame(frame.encode()) if isinstance(frame, str) else binary_frame(frame)


FRAMED = Form(_framed)


class FramedSink:
    """Writes ready frames.

    Arguments:
        limit: bytes that may wait for the client.
        end: closes the connection through ASGI, with a code and a reason.
    """

    __slots__ = (
        "_closing",
        "_deadline",
        "_end",
        "_ended",
        "_waiting",
        "_waiting_bytes",
        "form",
        "on_drained",
        "write",
        "writer",
    )

    def __init__(self, writer: FrameWriter, limit: int, end: Callable[[int, str], None]) -> None:
        self.form = FRAMED
        self.writer = writer
        #: The server's own method: a delivery is one call.
        self.write = writer.write
        self.on_drained: Callable[[], None] | None = None
        self._end = end
        self._ended = False
        self._closing: tuple[int, str] | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0
        writer.set_marks(limit, limit // 2)
        writer.on_drained = self._drained

    @property
    def buffered(self) -> int:
        return self.writer.buffered + self._waiting_bytes

    def force(self, frame: bytes) -> None:
        """Take a control frame; too many of them cut the connection."""
        if self._ended or (not self._waiting and self.writer.write(frame)):
            return
        self._waiting.append(frame)
        self._waiting_bytes += len(frame)
        if self._waiting_bytes > ABOVE:
            self._ended = True
            self.writer.abort(1008)

    def close(self, code: int, reason: str) -> None:
        if self._ended:
            return
        self._ended = True
        if not self._waiting:
            self._end(code, reason)
            return
        # What was said before comes first, if the client reads again in time.
        self._closing = (code, reason)
        loop = asyncio.get_running_loop()
        self._deadline = loop.call_later(SEND_SECONDS, self.writer.abort, code)

    def _drained(self) -> None:
        while self._waiting:
            if not self.writer.write(self._waiting[0]):
                return
            self._waiting_bytes -= len(self._waiting.popleft())
        if self._closing is not None:
            closing, self._closing = self._closing, None
            if self._deadline is not None:
                self._deadline.cancel()
            self._end(*closing)
        elif self.on_drained is not None:
            self.on_drained()
