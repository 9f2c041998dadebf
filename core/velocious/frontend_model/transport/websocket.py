"""Batches over a websocket that is open anyway."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

from velocious.errors import (
    BackendUnreachableError,
    NotConnectedError,
    RemoteFault,
    SendBufferFullError,
)
from velocious.frontend_model.received import RECORDS
from velocious.frontend_model.transport.http import refusal_in
from velocious.wire import decode, encode

if TYPE_CHECKING:
    from velocious.frontend_model.settings import BackendSettings
    from velocious.realtime.client.client import RealtimeClient
    from velocious.realtime.throttle import Throttle

#: Batches a second, and at once, by one websocket: fewer than a server takes by default. What is
#: more goes over HTTP.
RATE, BURST = 40.0, 80.0
#: What a server says that answers no requests by this socket, or not this one.
_NOT_HERE = frozenset({"no_requests", "too_big", "binary", "bad_frame", "unknown_message"})


class WebsocketRoad:
    """The way over a realtime client."""

    def __init__(self, settings: BackendSettings) -> None:
        self._settings = settings
        self._throttle: Throttle | None = None

    def client(self) -> RealtimeClient | None:
        """The client, while it is connected and takes another message."""
        given: Any = self._settings.websocket
        if given is None:
            return None
        client: Any = given() if callable(given) else given
        # Imported late: many backends have no websocket.
        from velocious.realtime.client.state import ClientState

        if client is None or client.state is not ClientState.CONNECTED:
            return None
        return client if self._takes() else None

    def _takes(self) -> bool:
        # A server drops what is too much for one connection, and does not say what that was.
        if self._throttle is None:
            from velocious.realtime.throttle import Throttle

            self._throttle = Throttle(RATE, BURST, monotonic())
        return self._throttle.takes(monotonic())

    async def send(
        self, client: RealtimeClient, entries: dict[str, Any], *, safe: bool
    ) -> Any | None:
        """What the backend says to a batch; None where it has to be asked over HTTP.

        Raises:
            BackendUnreachableError: nothing.
        """
        path = f"{self._prefix()}{self._settings.path}"
        headers = {"content-type": "application/json", "accept": "application/json"}
        body = encode(entries, exact=True)
        try:
            answer = await client.request(
                "POST", path, headers, body, timeout=self._settings.timeout
            )
        except RemoteFault as fault:
            # An answer that is too long for a socket was made already: only reading may be asked
            # for again.
            if fault.fault in _NOT_HERE and (safe or fault.fault in ("no_requests", "bad_frame")):
                return None
            raise BackendUnreachableError(self._settings.shown, str(fault), sent=True) from fault
        except SendBufferFullError:
            return None
        except (NotConnectedError, TimeoutError) as error:
            problem = str(error) or "it took too long"
            raise BackendUnreachableError(self._settings.shown, problem, sent=True) from error
        said = decode(answer.body, RECORDS)
        return refusal_in(said, answer.status) or said

    def _prefix(self) -> str:
        prefix = self._settings.prefix
        inner = prefix.strip("/") if isinstance(prefix, str) else ""
        return f"/{inner}" if inner else ""
