"""The ports of a client: sockets, and whether there is a network at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Socket(Protocol):
    """One open websocket."""

    async def send(self, frame: str | bytes) -> None:
        """Raises SocketClosedError where it has ended."""
        ...

    async def receive(self) -> str | bytes:
        """The next message. Raises SocketClosedError, with code and reason, at the end."""
        ...

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """End it; safe to call twice."""
        ...


class Connector(Protocol):
    """What opens websockets."""

    async def connect(
        self, url: str, *, subprotocols: Sequence[str], headers: Mapping[str, str]
    ) -> Socket:
        """Open one.

        Raises:
            ConnectFailedError: there is nobody, or the server refuses; with HTTP's status where it
                is known. Browsers never tell it, and send no headers.
        """
        ...


class Network(Protocol):
    """Whether trying makes sense."""

    async def wait(self) -> None:
        """Return when there is a network; at once where there is one."""
        ...

    @property
    def is_there(self) -> bool: ...


class AlwaysThere:
    """Nobody knows: so it is tried."""

    is_there = True

    async def wait(self) -> None:
        pass
