"""Finds out that a client is gone whose network has not said so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from velocious_node.realtime.direct_websocket import DirectWebsocket

#: How many pings may stay without an answer.
MISSES = 2
#: Seconds that the last of them is waited for, at most.
LAST_SECONDS = 10.0
#: The application is told what a lost connection is told by.
LOST = 1006


class Heartbeat:
    """Pings *socket* every *seconds*, and ends it where nothing at all comes from it.

    A client that has died is found after two intervals and :data:`LAST_SECONDS` at the latest.
    """

    __slots__ = ("_buffered", "_seconds", "_socket", "_timer", "_unanswered")

    def __init__(self, socket: DirectWebsocket, seconds: float) -> None:
        self._socket = socket
        self._seconds = seconds
        self._unanswered = 0
        self._buffered = 0
        self._timer: Any = socket.loop.call_later(seconds, self._beat)

    def stop(self) -> None:
        self._timer.cancel()

    def _beat(self) -> None:
        socket = self._socket
        buffered, before = socket.writer.buffered, self._buffered
        self._buffered = buffered
        # Who takes what waits for him is busy, not dead.
        if socket.heard or buffered < before:
            socket.heard = False
            self._unanswered = 0
        if self._unanswered == MISSES:
            socket.abort(LOST)
            return
        socket.ping()
        self._unanswered += 1
        is_last = self._unanswered == MISSES
        seconds = min(self._seconds, LAST_SECONDS) if is_last else self._seconds
        self._timer = socket.loop.call_later(seconds, self._beat)
