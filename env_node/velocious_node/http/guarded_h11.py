"""uvicorn's HTTP protocol on h11, for where httptools is not installed.

h11 is generous with line feeds, folded headers and repeated lengths; this is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from velocious_node.http.guard import Guard
from velocious_node.http.request_head import RefusedRequest, check_head, check_raw_head, too_long

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

    from uvicorn.server import ServerState

    from velocious_node.http.config import ServerConfig
    from velocious_node.settings import ServerSettings

_HEAD_ENDS = (b"\r\n\r\n", b"\n\n", b"\n\r\n")


class StrictConnection(h11.Connection):
    """h11's parser, which refuses what it would guess at.

    Attributes:
        problem: why the last request was refused, where it was us who did.
    """

    def __init__(self, settings: ServerSettings) -> None:
        super().__init__(h11.SERVER, settings.head_bytes)
        self._settings = settings
        self.problem: RefusedRequest | None = None

    def next_event(self) -> Any:
        try:
            if self.their_state is h11.IDLE:
                self._check_raw(_head_of(self.trailing_data[0]))
            event = super().next_event()
            if isinstance(event, h11.Request):
                self._check(event)
        except RefusedRequest as problem:
            self.problem = problem
            raise h11.RemoteProtocolError(problem.reason) from problem
        except h11.RemoteProtocolError as error:
            if error.error_status_hint == 431:
                self.problem = too_long(self._settings.head_bytes)
            raise
        return event

    def _check_raw(self, head: bytes) -> None:
        if len(head) > self._settings.head_bytes:
            # h11 counts only those that are not whole yet.
            raise too_long(self._settings.head_bytes)
        check_raw_head(head)

    def _check(self, request: h11.Request) -> None:
        headers = list(request.headers)
        if len(headers) > self._settings.head_count:
            raise RefusedRequest(431, f"More than {self._settings.head_count} headers.")
        if request.method == b"CONNECT":
            raise RefusedRequest(400, "The target must be a path: this server is no proxy.")
        check_head(request.target, request.http_version.decode("ascii"), headers)


class GuardedH11(Guard, H11Protocol):
    """One connection."""

    def __init__(
        self,
        config: ServerConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: AbstractEventLoop | None = None,
    ) -> None:
        H11Protocol.__init__(self, config, server_state, app_state, _loop)
        self.conn: StrictConnection = StrictConnection(config.settings)
        self.prepare(config)

    @property
    def has_begun(self) -> bool:
        return bool(self.conn.trailing_data[0])

    def shutdown(self) -> None:
        # What has come already is answered, too; that answer says that it is the last one.
        if not (self.is_busy and self.has_begun):
            super().shutdown()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        self.hand_over()
        super().handle_websocket_upgrade(event)

    def send_400_response(self, msg: str) -> None:
        problem = self.conn.problem
        self.refuse(problem or RefusedRequest(400, "The request is no valid HTTP/1.1."))


def _head_of(data: bytes) -> bytes:
    """The part of *data* before the first empty line; all of it where there is none."""
    ends = [place for place in map(data.find, _HEAD_ENDS) if place >= 0]
    return data[: min(ends) + 2] if ends else data
