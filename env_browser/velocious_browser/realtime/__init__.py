"""Sockets of a browser: what the engine of realtime needs of a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.late import late_names

if TYPE_CHECKING:
    from velocious_browser.realtime.events import EventConnector as EventConnector
    from velocious_browser.realtime.network import BrowserNetwork as BrowserNetwork
    from velocious_browser.realtime.websocket_client import WebsocketConnector as WebsocketConnector

__getattr__ = late_names(
    __name__,
    {
        "BrowserNetwork": "velocious_browser.realtime.network",
        "EventConnector": "velocious_browser.realtime.events",
        "WebsocketConnector": "velocious_browser.realtime.websocket_client",
    },
)
