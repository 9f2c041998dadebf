"""What a client of a realtime server meets."""

from __future__ import annotations

from velocious.errors.realtime import RealtimeError


class SocketClosedError(RealtimeError):
    """A socket has ended.

    Attributes:
        close_code: RFC 6455 section 7.4; 1006 where no close came.
        reason: what the other end said.
    """

    code = "socket_closed"

    def __init__(self, close_code: int, reason: str = "") -> None:
        self.close_code = close_code
        self.reason = reason
        super().__init__(f"The connection was closed with {close_code} ({reason or 'no reason'}).")


class ConnectFailedError(RealtimeError):
    """No connection could be opened.

    Attributes:
        status: HTTP's, where it is known.
    """

    code = "connect_failed"

    def __init__(self, url: str, problem: str, status: int | None = None) -> None:
        self.status = status
        # The query may hold a ticket.
        super().__init__(f"No connection to {url.partition('?')[0]}: {problem}")


class NotConnectedError(RealtimeError):
    """Something needed a connection, and there was none, or it ended before the answer."""

    code = "not_connected"


class SendBufferFullError(RealtimeError):
    """Too much waits for a connection."""

    code = "send_buffer_full"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"{most} messages wait for a connection already. Send fewer while the client is not "
            "connected (`client.state`), or give it a longer `send_buffer`."
        )


class RemoteFault(RealtimeError):
    """The server's answer is a problem.

    Attributes:
        fault: its stable name.
        status: what HTTP would say.
    """

    code = "remote_fault"

    def __init__(self, fault: str, message: str, status: int = 400) -> None:
        self.fault = fault
        self.status = status
        super().__init__(message)
