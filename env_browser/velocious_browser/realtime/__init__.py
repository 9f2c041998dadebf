"""Sockets of a browser: what the engine of realtime needs of a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.late import late_names

if TYPE_CHECKING:
    from velocious_browser.realtime.websocket_client import WebsocketConnector as WebsocketConnector

__getattr__ = late_names(
    __name__, {"WebsocketConnector": "velocious_browser.realtime.websocket_client"}
)
