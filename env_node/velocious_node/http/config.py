"""uvicorn's settings for an application of ours: nothing is left to what happens to be installed or
set in the environment.
"""

from __future__ import annotations

import logging
import sys
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import uvicorn

from velocious_node.realtime.compatibility import TESTED, missing_for_direct_websockets
from velocious_node.realtime.direct_writer import Turn
from velocious_node.realtime.heartbeat import LAST_SECONDS

if TYPE_CHECKING:
    from asyncio import Protocol

    from starlette.types import ASGIApp

    from velocious_node.settings import ServerSettings

logger = logging.getLogger("velocious.http")


class ServerConfig(uvicorn.Config):
    """What one process serves, and under which limits.

    Arguments:
        parser: ``"httptools"`` or ``"h11"``; by default the faster one that is installed.
    """

    def __init__(self, app: ASGIApp, settings: ServerSettings, parser: str | None = None) -> None:
        # Known before uvicorn makes the first protocol.
        self.settings = settings
        self.turn = Turn()
        options: dict[str, Any] = {
            "http": http_protocol(parser),
            "ws": websocket_protocol(),
            "ws_max_size": settings.socket_message_bytes,
            "ws_per_message_deflate": settings.socket_deflate,
            # Of uvicorn's own protocol, where ours cannot be used.
            "ws_ping_interval": settings.socket_ping_seconds,
            "ws_ping_timeout": settings.socket_ping_seconds + LAST_SECONDS,
            "loop": "none",
            "lifespan": "on",
            "access_log": False,
            "log_config": None,
            "log_level": logging.WARNING,
            "server_header": False,
            # Whose headers are believed is the application's setting (http.trusted_proxies).
            "proxy_headers": False,
            "timeout_keep_alive": settings.idle_seconds,
            "use_colors": sys.stderr.isatty(),
            "workers": 1,
        }
        super().__init__(app, **options)


def http_protocol(parser: str | None = None) -> type[Protocol]:
    """The protocol class on *parser*."""
    if parser == "httptools" or (parser is None and find_spec("httptools")):
        from velocious_node.http.guarded_httptools import GuardedHttpTools

        return GuardedHttpTools
    from velocious_node.http.guarded_h11 import GuardedH11

    return GuardedH11


def websocket_protocol() -> Any:
    """The websocket protocol class: ours, uvicorn's own where ours does not fit the installed
    version, or ``"none"`` where the package `websockets` is not installed.
    """
    if find_spec("websockets") is None:
        return "none"
    missing = missing_for_direct_websockets()
    if missing is None:
        # Imported here: it is a subclass of what has just been found to fit.
        from velocious_node.realtime.direct_websocket import DirectWebsocket

        return DirectWebsocket
    logger.warning(
        "Websockets are served more slowly: uvicorn %s and websockets %s lack %s. Install the "
        "versions that this Velocious was tested with: pip install 'uvicorn==%s' 'websockets==%s'.",
        *(version("uvicorn"), version("websockets"), missing, *TESTED),
    )
    return "auto"
