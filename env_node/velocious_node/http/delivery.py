"""What becomes of an answer on its way to the client: squeezed, or ended when the server stops.

Law: one look at the request's headers decides; who asks for neither pays for nothing more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.routing.probes import STOPPING
from velocious_node.http.codings import chosen_coding
from velocious_node.http.compression import Compressed
from velocious_node.http.event_stream import EventStream

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from velocious_node.http.stopping import Stopping


class Delivery:
    """ASGI middleware around the application, on a server."""

    def __init__(self, app: ASGIApp, stopping: Stopping) -> None:
        self._app = app
        self._stopping = stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            self._tell(scope)
            await self._app(scope, receive, send)
            return
        encodings = None
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                encodings = value if encodings is None else encodings + b"," + value
            elif name == b"accept" and b"text/event-stream" in value:
                self._tell(scope)
                await EventStream(receive, send, self._stopping).run(self._app, scope)
                return
        if encodings is not None:
            coding = chosen_coding(encodings)
            send = Compressed(send, coding, is_head=scope["method"] == "HEAD")
        await self._app(scope, receive, send)

    def _tell(self, scope: Scope) -> None:
        """Let who has connections that never end by themselves know when the server stops."""
        extensions: Any = scope.get("extensions") or {}
        scope["extensions"] = {**extensions, STOPPING: self._stopping}
