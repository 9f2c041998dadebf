"""How a client stands with its server."""

from __future__ import annotations

from enum import StrEnum


class ClientState(StrEnum):
    """What a client is doing.

    - ``DISCONNECTED``: nothing; nobody wants it to, or the server said not to come back.
    - ``CONNECTING``: opening a socket, and saying who it is.
    - ``CONNECTED``: everything that was said arrives.
    - ``WAITING``: until it is time for the next try.
    - ``OFFLINE``: until there is a network.
    """

    DISCONNECTED = "disconnected"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    WAITING = "waiting"
    OFFLINE = "offline"
