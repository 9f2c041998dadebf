"""Serves an application with uvicorn until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

import uvicorn
from starlette.middleware.gzip import GZipMiddleware

from velocious.errors import CommandError
from velocious.version import __version__
from velocious_node.http.listening import inherited, listen

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Generator

    from velocious.configuration import Configuration

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 3006
#: How long requests that are running may take after the server was told to stop.
GRACE_SECONDS = 10

#: Bytes below which an answer fits into one packet anyway, and how hard larger ones are squeezed.
WORTH_COMPRESSING, COMPRESSION = 1400, 4

SIGNALS = (signal.SIGINT, signal.SIGTERM)
#: Where a process that serves for a supervisor finds its socket.
INHERITED_SOCKET = "VELOCIOUS_SERVER_SOCKET"

logger = logging.getLogger("velocious.http")


async def serve(
    configuration: Configuration,
    host: str = DEFAULT_HOST,
    port: int = DEFAULT_PORT,
    *,
    say: Callable[[str], None],
) -> None:
    """Serve *configuration* until SIGINT or SIGTERM; running requests are finished first.

    Arguments:
        port: 0 takes any free one; *say* gets the one it became.
        say: is told where to look, once the server answers.

    Raises:
        BindError: it cannot listen there.
        VelociousError: the application cannot be opened.
    """
    listener = _handed_down() or listen(host, port)
    try:
        # Opened here, for an error inside uvicorn's lifespan would be a traceback in a log.
        async with configuration:
            server = _Server(
                _settings(configuration), lambda: say(welcome(configuration, listener))
            )
            await server.serve(sockets=[listener])
            if not server.started:
                raise CommandError("The server did not start. The log above says why.")
    finally:
        listener.close()


def _handed_down() -> socket.socket | None:
    number = os.environ.pop(INHERITED_SOCKET, None)
    return None if number is None else inherited(int(number))


def welcome(configuration: Configuration, listener: socket.socket) -> str:
    """What a person needs to know: version, environment and what to open."""
    return (
        f"Velocious {__version__} · {configuration.environment} · {address(listener)}\n"
        "Open it in a browser; Ctrl+C stops the server."
    )


def address(listener: socket.socket) -> str:
    """The URL that leads to *listener* from this machine."""
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):
        host = "127.0.0.1" if host == "0.0.0.0" else "::1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Server(uvicorn.Server):
    """uvicorn, stopping quietly: a signal ends :meth:`serve`, not the process."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce()

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        loop = asyncio.get_running_loop()
        try:
            for number in SIGNALS:
                loop.add_signal_handler(number, self.handle_exit, number, None)
        except (NotImplementedError, RuntimeError, ValueError):
            # Windows, or not the main thread: the caller stops us in its own way.
            logger.debug("signals are left to the caller")
            yield
            return
        try:
            yield
        finally:
            for number in SIGNALS:
                loop.remove_signal_handler(number)


def _settings(configuration: Configuration) -> uvicorn.Config:
    return uvicorn.Config(
        GZipMiddleware(configuration.asgi(), WORTH_COMPRESSING, COMPRESSION),
        # uvicorn's own choice among its websocket protocols differs by what is installed.
        ws="wsproto" if find_spec("wsproto") else "none",
        loop="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        log_level=logging.WARNING,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        reload=False,
        use_colors=sys.stderr.isatty(),
    )
