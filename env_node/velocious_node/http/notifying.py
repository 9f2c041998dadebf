"""Tells systemd how the service is doing (``Type=notify``); elsewhere nobody listens."""

from __future__ import annotations

import os
import socket


def notify(state: str) -> None:
    """Send *state* (``"READY=1"``) to whoever started us, if it wants to know."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        # "@" stands for the abstract namespace of Linux.
        sender.connect("\0" + address[1:] if address.startswith("@") else address)
        sender.send(state.encode())
