"""Realtime on a server: the websocket that writes frames which are made once, and its ciphers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.late import late_names

if TYPE_CHECKING:
    from velocious_node.realtime.events import EventConnector as EventConnector
    from velocious_node.realtime.websocket_client import WebsocketConnector as WebsocketConnector

__getattr__ = late_names(
    __name__,
    {
        "EventConnector": "velocious_node.realtime.events",
        "WebsocketConnector": "velocious_node.realtime.websocket_client",
    },
)
