"""The ports of a client: sockets, and whether there is a network at all."""

from __future__ import annotations

import asyncio
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

    async def news(self) -> None:
        """Return when trying makes more sense than before: the network has come back, or a person
        looks at the page again.
        """
        ...

    @property
    def is_there(self) -> bool: ...


class AlwaysThere:
    """Nobody knows: so it is tried."""

    is_there = True

    async def wait(self) -> None:
        pass

    async def news(self) -> None:
        await asyncio.get_running_loop().create_future()


class EventAnswer(Protocol):
    """The answer to a GET, read while it comes.

    Attributes:
        status: HTTP's.
        kind: its content type, without parameters.
        retry_after: the header of that name; empty without one.
    """

    status: int
    kind: str
    retry_after: str

    async def read(self) -> bytes:
        """What comes next; empty at the end. Raises SocketClosedError where the network breaks."""
        ...

    async def close(self) -> None:
        """Read no more; safe to call twice."""
        ...


class EventConnector(Protocol):
    """What asks for streams of events."""

    async def get(self, url: str, headers: Mapping[str, str]) -> EventAnswer:
        """Raises ConnectFailedError where nobody answers."""
        ...

    async def post(self, url: str, headers: Mapping[str, str], body: str) -> int:
        """Send JSON; returns the status. Raises ConnectFailedError where nobody answers."""
        ...
