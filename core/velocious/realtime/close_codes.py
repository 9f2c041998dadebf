"""Why a connection is closed. A dialect says each in its own number.

The numbers are those of the native dialect: RFC 6455 section 7.4.1 where it has one, and of the
range that it leaves to applications (4000-4999) otherwise.
"""

from __future__ import annotations

from enum import IntEnum


class Close(IntEnum):
    """Reasons to close."""

    NORMAL = 1000
    SHUTDOWN = 1001
    REFUSED = 1008
    TOO_BIG = 1009
    INTERNAL = 1011
    RESTART = 1012
    OVER_CAPACITY = 1013
    AUTH_TIMEOUT = 4001
    HEARTBEAT_LOST = 4002
    AUTH_FAILED = 4003
    ENCRYPTION_REQUIRED = 4004
    TOO_SLOW = 4005
    KICKED = 4006
    RATE_LIMIT = 4008
    ENCRYPTION_VIOLATED = 4400

    @property
    def reconnect(self) -> bool:
        """Whether coming back may help; the others stay away until a person does something."""
        return self in _TRANSIENT


_TRANSIENT = frozenset(
    {
        Close.SHUTDOWN,
        Close.INTERNAL,
        Close.RESTART,
        Close.OVER_CAPACITY,
        Close.HEARTBEAT_LOST,
        Close.TOO_SLOW,
        Close.RATE_LIMIT,
    }
)
