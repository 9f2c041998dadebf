"""The fast way out of one connection: :class:`velocious.realtime.wire_port.FrameWriter`.

A system call is most of what a delivery costs, and loops write at once. So what is written to a
connection in one turn of the loop is written together, at the turn's end.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

#: Frames that wait for the turn's end, at most.
MOST = 64


class Turn:
    """The writers that have something to write when the loop has gone round."""

    __slots__ = ("_writers",)

    def __init__(self) -> None:
        self._writers: list[DirectWriter] = []

    def add(self, writer: DirectWriter) -> None:
        """Let *writer* write at the turn's end."""
        if not self._writers:
            asyncio.get_running_loop().call_soon(self._end)
        self._writers.append(writer)

    def _end(self) -> None:
        writers, self._writers = self._writers, []
        for writer in writers:
            writer.flush()


class DirectWriter:
    """Writes to the transport of *socket* while that is safe.

    Attributes:
        is_corked: whether somebody will call :meth:`flush` before the turn ends.
        is_over: whether the connection has ended or is ending; then frames are taken and forgotten.
        is_safe: whether a frame may be written now. A closed transport raises under uvloop, and a
            full one keeps what nobody reads, so whoever changes either keeps this true or false.
    """

    __slots__ = (
        "_frames",
        "_socket",
        "_turn",
        "_write",
        "is_corked",
        "is_over",
        "is_safe",
        "on_drained",
        "on_message",
    )

    def __init__(self, socket: Any, turn: Turn) -> None:
        self._socket = socket
        self._turn = turn
        self._write: Callable[[bytes], Any] = socket.transport.write
        self._frames: list[bytes] = []
        self.is_corked = False
        self.is_over = False
        self.is_safe = False
        self.on_message: Callable[[str | bytes], bool] | None = None
        self.on_drained: Callable[[], None] | None = None

    def write(self, frame: bytes) -> bool:
        if self.is_safe:
            frames = self._frames
            if not frames and not self.is_corked:
                self._turn.add(self)
            frames.append(frame)
            if len(frames) == MOST:
                self.flush()
            return True
        return self.is_over

    def flush(self) -> None:
        """Write what waits for the turn's end."""
        frames = self._frames
        if frames:
            data = frames[0] if len(frames) == 1 else b"".join(frames)
            frames.clear()
            self._write(data)

    @property
    def buffered(self) -> int:
        if self.is_over and self._socket.disconnected:
            return 0
        waiting = sum(map(len, self._frames))
        return waiting + self._socket.transport.get_write_buffer_size()

    def set_marks(self, high: int, low: int) -> None:
        self._socket.transport.set_write_buffer_limits(high=high, low=low)

    def abort(self, code: int) -> None:
        self._socket.abort(code)

    def end(self) -> None:
        """Write what has been taken, and nothing from now on."""
        self.flush()
        self.is_safe = False
        self.is_over = True

    def forget(self) -> None:
        """The connection is lost: let go of what is kept for it."""
        self._frames.clear()
        self.end()
        self.on_message = self.on_drained = None
