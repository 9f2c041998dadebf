"""Websockets of a server that is a client, on the ``websockets`` package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import ConnectFailedError, SocketClosedError
from velocious_node.missing_package import missing_package

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from websockets.asyncio.client import ClientConnection

#: Bytes of a message that comes in.
LARGEST = 4 * 1024 * 1024


class WebsocketConnector:
    """Opens websockets.

    Arguments:
        options: for ``websockets.asyncio.client.connect``, such as ``ssl=``.

    Raises:
        NotAvailableHereError: the package is not installed.
    """

    def __init__(self, **options: Any) -> None:
        try:
            from websockets.asyncio.client import connect
        except ImportError as error:
            raise missing_package("A client of websockets", "websocket") from error
        self._connect = connect
        # The client asks for signs of life itself: the same ones in a browser.
        self._options: dict[str, Any] = {"ping_interval": None, "max_size": LARGEST, **options}

    async def connect(
        self, url: str, *, subprotocols: Sequence[str], headers: Mapping[str, str]
    ) -> WebsocketSocket:
        from websockets.exceptions import InvalidStatus, WebSocketException

        given: Any = list(subprotocols)
        try:
            connection = await self._connect(
                url, subprotocols=given, additional_headers=headers, **self._options
            )
        except InvalidStatus as error:
            status = error.response.status_code
            raise ConnectFailedError(url, f"the server answers {status}", status) from error
        except (OSError, WebSocketException) as error:
            raise ConnectFailedError(url, str(error) or type(error).__name__) from error
        return WebsocketSocket(connection)


class WebsocketSocket:
    """One open websocket."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    async def send(self, frame: str | bytes) -> None:
        from websockets.exceptions import ConnectionClosed

        try:
            await self._connection.send(frame)
        except ConnectionClosed as closed:
            raise _closed(closed) from None

    async def receive(self) -> str | bytes:
        from websockets.exceptions import ConnectionClosed

        try:
            return await self._connection.recv()
        except ConnectionClosed as closed:
            raise _closed(closed) from None

    async def close(self, code: int = 1000, reason: str = "") -> None:
        await self._connection.close(code, reason)


def _closed(closed: Any) -> SocketClosedError:
    received = closed.rcvd
    if received is None:
        return SocketClosedError(1006)
    return SocketClosedError(received.code, received.reason)
