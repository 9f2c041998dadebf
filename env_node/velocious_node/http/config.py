"""uvicorn's settings for an application of ours: nothing is left to what happens to be installed or
set in the environment.
"""

from __future__ import annotations

import logging
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import uvicorn

if TYPE_CHECKING:
    from asyncio import Protocol

    from starlette.types import ASGIApp

    from velocious_node.settings import ServerSettings


class ServerConfig(uvicorn.Config):
    """What one process serves, and under which limits.

    Arguments:
        parser: ``"httptools"`` or ``"h11"``; by default the faster one that is installed.
    """

    def __init__(self, app: ASGIApp, settings: ServerSettings, parser: str | None = None) -> None:
        # Known before uvicorn makes the first protocol.
        self.settings = settings
        options: dict[str, Any] = {
            "http": http_protocol(parser),
            "ws": websocket_protocol(),
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
    """The websocket protocol class, or ``"none"`` where wsproto is not installed."""
    if find_spec("wsproto") is None:
        return "none"
    from velocious_node.http.guarded_websocket import GuardedWebsocket

    return GuardedWebsocket
