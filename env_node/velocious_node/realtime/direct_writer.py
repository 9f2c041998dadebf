"""The fast way out of one connection: :class:`velocious.realtime.wire_port.FrameWriter`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class DirectWriter:
    """Writes to the transport of *socket* while that is safe.

    Attributes:
        is_over: whether the connection has ended or is ending; then frames are taken and forgotten.
        is_safe: whether a frame may be written now. A closed transport raises under uvloop, and a
            full one keeps what nobody reads, so whoever changes either keeps this true or false.
    """

    __slots__ = ("_socket", "_write", "is_over", "is_safe", "on_drained")

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self._write: Callable[[bytes], Any] = socket.transport.write
        self.is_over = False
        self.is_safe = False
        self.on_drained: Callable[[], None] | None = None

    def write(self, frame: bytes) -> bool:
        if self.is_safe:
            self._write(frame)
            return True
        return self.is_over

    @property
    def buffered(self) -> int:
        return 0 if self._socket.disconnected else self._socket.transport.get_write_buffer_size()

    def set_marks(self, high: int, low: int) -> None:
        self._socket.transport.set_write_buffer_limits(high=high, low=low)

    def abort(self, code: int) -> None:
        self._socket.abort(code)

    def end(self) -> None:
        """No frame is written from now on."""
        self.is_safe = False
        self.is_over = True

    def forget(self) -> None:
        """The connection is over: let go of what is kept for it."""
        self.end()
        self.on_drained = None
