"""The port to a server's fast socket: a frame that is ready goes straight to the transport.

Law: it is offered, never required. A server that has it says so in the ASGI scope; whoever finds
nothing there, or is told no, sends through ASGI and gets the same on the wire.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

#: Where a server offers it: ``scope["extensions"][EXTENSION]``.
EXTENSION = "velocious.websocket"


class FrameWriter(Protocol):
    """One connection's fast way out.

    What was written by it and what was sent through ASGI arrives in the order of the calls.

    Attributes:
        on_message: called with each message, text or bytes, in place of waking up whoever receives;
            False: it cannot be taken now, and is received. So are all that come while one waits
            to be received: their order is kept. What is written meanwhile to the connection itself
            is written at once, together.
        on_drained: called without arguments when :meth:`write`, having said no because the client
            does not read, takes frames again.
    """

    on_message: Callable[[str | bytes], bool] | None
    on_drained: Callable[[], None] | None

    def write(self, frame: bytes) -> bool:
        """Write *frame*, as ``velocious.realtime.ready_frame`` makes them; whether it was taken.

        It is not taken before the connection is open, while more than the high mark waits for the
        client, or while something that was sent before waits for it. A connection that has ended,
        or is ending, takes every frame and forgets it: whoever receives is told.
        """
        ...

    @property
    def buffered(self) -> int:
        """The bytes that wait for the client."""
        ...

    def set_marks(self, high: int, low: int) -> None:
        """No frame is taken while more than *high* bytes wait, until at most *low* do."""
        ...

    def abort(self, code: int) -> None:
        """End the connection now; whatever waits for the client is lost.

        The application is told *code*; the client is, too, where nothing waits before it.
        """
        ...


def frame_writer(scope: Mapping[str, Any]) -> FrameWriter | None:
    """What the server of the websocket *scope* offers; None where it has nothing."""
    extensions: Any = scope.get("extensions")
    return cast("FrameWriter | None", extensions.get(EXTENSION)) if extensions else None
