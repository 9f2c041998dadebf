"""Connections over ASGI: websockets of any server that speaks it."""

from __future__ import annotations

from velocious.realtime.asgi.websockets import WebSockets as WebSockets
