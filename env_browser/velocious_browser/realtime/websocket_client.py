"""Websockets of a browser.

Law: as in ``interop.py``, a name that holds a JavaScript value starts with ``js_``.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from velocious.errors import ConnectFailedError, SocketClosedError
from velocious_browser.realtime.network import BrowserNetwork

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class WebsocketConnector:
    """Opens websockets with the browser's own class.

    Browsers send cookies along, and no headers of ours; why a server refused, they never tell.

    Arguments:
        while_hidden: whether a page that nobody looks at connects, too.

    Attributes:
        network: what the browser knows of it.
    """

    def __init__(self, *, while_hidden: bool = False) -> None:
        self.network = BrowserNetwork(while_hidden=while_hidden)

    async def connect(
        self, url: str, *, subprotocols: Sequence[str], headers: Mapping[str, str]
    ) -> WebsocketSocket:
        import js
        from pyodide.ffi import to_js

        if headers:
            raise ConnectFailedError(url, f"browsers send no headers ({', '.join(headers)})")
        js_class: Any = getattr(js, "WebSocket")  # noqa: B009
        js_socket = js_class.new(url, to_js(list(subprotocols)))
        socket = WebsocketSocket(js_socket)
        if not await socket.opened:
            raise ConnectFailedError(url, "the server is not there, or refuses")
        return socket


class WebsocketSocket:
    """One websocket.

    Attributes:
        opened: whether it was opened, once that is known.
    """

    def __init__(self, js_socket: Any) -> None:
        from pyodide.ffi import create_proxy

        self.opened: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._js_socket = js_socket
        self._messages: asyncio.Queue[str | bytes | SocketClosedError] = asyncio.Queue()
        self._closed: SocketClosedError | None = None
        js_socket.binaryType = "arraybuffer"
        self._proxies: dict[str, Any] = {
            "open": create_proxy(self._on_open),
            "message": create_proxy(self._on_message),
            "close": create_proxy(self._on_close),
        }
        for event, proxy in self._proxies.items():
            js_socket.addEventListener(event, proxy)

    async def send(self, frame: str | bytes) -> None:
        from pyodide.ffi import to_js

        if self._closed is not None:
            raise self._closed
        self._js_socket.send(frame if isinstance(frame, str) else to_js(frame))

    async def receive(self) -> str | bytes:
        message = await self._messages.get()
        if isinstance(message, SocketClosedError):
            # For whoever asks again.
            self._messages.put_nowait(message)
            raise message
        return message

    async def close(self, code: int = 1000, reason: str = "") -> None:
        # Browsers let pages use 1000 and the applications' own codes only.
        self._js_socket.close(code if code == 1000 or code >= 3000 else 1000, reason)
        if self._closed is None:
            # The other end may be gone without a word: nobody waits for its answer.
            self._end(SocketClosedError(code, reason))

    def _on_open(self, _: Any) -> None:
        if not self.opened.done():
            self.opened.set_result(True)

    def _on_message(self, js_event: Any) -> None:
        js_data = js_event.data
        self._messages.put_nowait(js_data if isinstance(js_data, str) else js_data.to_bytes())

    def _on_close(self, js_event: Any) -> None:
        self._end(SocketClosedError(js_event.code, js_event.reason))

    def _end(self, closed: SocketClosedError) -> None:
        if self._closed is not None:
            return
        self._closed = closed
        self._messages.put_nowait(closed)
        if not self.opened.done():
            self.opened.set_result(False)
        for event, proxy in self._proxies.items():
            self._js_socket.removeEventListener(event, proxy)
            proxy.destroy()
