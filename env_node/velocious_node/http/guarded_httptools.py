"""uvicorn's HTTP protocol on httptools, with the holes closed that its parser leaves open."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from velocious_node.http.guard import Guard
from velocious_node.http.request_head import RefusedRequest, check_head, too_long

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

    from uvicorn.server import ServerState

    from velocious_node.http.config import ServerConfig

#: Where trailers go: after the body, a header is too late to be one.
_NOWHERE: Any = cast("deque[Any]", deque(maxlen=0))
#: How many bytes chunks, their extensions and trailers may have for one byte of a body.
_FRAMING = 16


class GuardedHttpTools(Guard, HttpToolsProtocol):
    """One connection."""

    # None once the connection is lost, which uvicorn's types do not say.
    parser: Any

    def __init__(
        self,
        config: ServerConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: AbstractEventLoop | None = None,
    ) -> None:
        HttpToolsProtocol.__init__(self, config, server_state, app_state, _loop)
        self.prepare(config)
        self._head_is_open = True
        self._head_bytes = 0
        self._framing_bytes = 0
        #: Bytes of the last piece.
        self._size = 0
        self._problem: RefusedRequest | None = None

    def data_received(self, data: bytes) -> None:
        if self.refused:
            return
        self._size = size = len(data)
        self.received += size
        if self._head_is_open:
            self._head_bytes += size
        else:
            self._framing_bytes += size
        HttpToolsProtocol.data_received(self, data)
        cycle = self.cycle
        if self._head_bytes or cycle is None or cycle.more_body or self.patience is not None:
            self._look_at_what_is_missing()

    @property
    def has_begun(self) -> bool:
        return self._head_is_open and self._head_bytes > 0

    def handle_websocket_upgrade(self) -> None:
        self.hand_over()
        super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:
        # What a callback raises comes here as an error of the parser's.
        self.refuse(self._problem or RefusedRequest(400, "The request is no valid HTTP/1.1."))

    # What the parser calls

    def on_headers_complete(self) -> None:
        self._head_is_open = False
        try:
            self._check_head()
        except RefusedRequest as problem:
            self._problem = problem
            raise
        self._head_bytes = self._framing_bytes = 0
        HttpToolsProtocol.on_headers_complete(self)
        if self.parser.should_upgrade():
            self._end_after_this()
        else:
            self.headers = _NOWHERE

    def on_body(self, body: bytes) -> None:
        self._framing_bytes -= _FRAMING * len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._head_is_open = True
        HttpToolsProtocol.on_message_complete(self)

    def _look_at_what_is_missing(self) -> None:
        if self.refused:
            return
        limit = self.settings.head_bytes
        if self._head_is_open:
            if self._head_bytes > limit:
                self.refuse(too_long(limit))
        elif self._framing_bytes > limit:
            self.refuse(RefusedRequest(400, "The body is wrapped in too much."))
        self.watch()

    def _check_head(self) -> None:
        if len(self.headers) > self.settings.head_count:
            raise RefusedRequest(431, f"More than {self.settings.head_count} headers.")
        limit = self.settings.head_bytes
        # A head may come with much else before and behind it: only then it is worth measuring.
        if self._head_bytes + self._size > limit and _length(self.url, self.headers) > limit:
            raise too_long(limit)
        check_head(self.url, self.parser.get_http_version(), self.headers)

    def _end_after_this(self) -> None:
        """The parser reads nothing after an Upgrade, be it one we know or not."""
        if self.cycle is not None and not self._should_upgrade():
            self.cycle.keep_alive = False


def _length(url: bytes, headers: list[tuple[bytes, bytes]]) -> int:
    return len(url) + sum(len(name) + len(value) + 4 for name, value in headers)
