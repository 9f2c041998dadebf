"""Serves an application with uvicorn until it is told to stop."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from velocious.errors import CommandError, VelociousError
from velocious.migration.currency import applied_versions, is_current, migrated_databases
from velocious.version import __version__
from velocious_node.handler import NodeEnvironmentHandler
from velocious_node.http.capacity import Capacity
from velocious_node.http.config import ServerConfig
from velocious_node.http.delivery import Delivery
from velocious_node.http.door import Door
from velocious_node.http.listening import activated, listen, listen_at_path
from velocious_node.http.notifying import notify
from velocious_node.http.process import Server
from velocious_node.http.production import check_for_production
from velocious_node.http.stopping import Stopping
from velocious_node.http.supervised import Supervisor, handed_down
from velocious_node.http.workers import Workers
from velocious_node.settings import ServerSettings

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Generator, Sequence

    from starlette.types import ASGIApp

    from velocious.configuration import Configuration

logger = logging.getLogger("velocious.server")

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 3006


@dataclass(frozen=True, slots=True)
class Place:
    """Where to listen: at *host* and *port* (0: any free one), or at the Unix socket *path*."""

    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    path: str | None = None


async def serve(
    configuration: Configuration, place: Place | None = None, *, say: Callable[[str], None]
) -> bool:
    """Serve *configuration* until SIGINT or SIGTERM; running requests are finished first.

    Arguments:
        say: is told where to look, once the server answers.

    Returns whether every request could be finished.

    Raises:
        BindError: it cannot listen there.
        VelociousError: the application cannot be opened.
    """
    check_for_production(configuration)
    with listening(place or Place()) as door, Supervisor() as supervisor:
        # Opened here, for an error inside uvicorn's lifespan would be a traceback in a log.
        async with configuration:
            await warn_of_migrations(configuration)

            def started() -> None:
                say(welcome(configuration, door.listener))
                supervisor.report_ready()
                notify("READY=1")

            server = make_server(configuration, started, shut=door.shut)
            supervisor.watch(server.stop)
            await server.serve(sockets=[door.listener])
            if not server.started:
                raise CommandError("The server did not start. The log above says why.")
            return server.cut == 0


async def warn_of_migrations(configuration: Configuration) -> None:
    """Log which migrations have not run: pages that need them will fail."""
    if configuration.directory is None:
        return
    try:
        if not await is_current(configuration) and await _needs_tables(configuration):
            # Imported here: most servers start with everything done.
            from velocious.migration import Migrator

            await Migrator(configuration).require_current()
    except VelociousError as error:
        # Whatever it is, pages that need no database can be served.
        logger.warning("%s", error)


async def _needs_tables(configuration: Configuration) -> bool:
    """Whether pages of this server may need its database: not where nothing has ever run on it and
    nothing but a start page is routed, for then the rows are those of browsers.
    """
    if any(route.path != "/" for route in configuration.routes.drawn):
        return True
    for database in migrated_databases(configuration):
        if await applied_versions(database):
            return True
    return False


def make_server(
    configuration: Configuration,
    started: Callable[[], None],
    *,
    shut: Callable[[], None],
    parser: str | None = None,
) -> Server:
    """The server of *configuration*, which must be open.

    Arguments:
        started: called when it answers.
        shut: called when it shall let nobody new in.
        parser: as for ``ServerConfig``.
    """
    settings, stopping = server_settings(configuration), Stopping()
    app: ASGIApp = Delivery(configuration.asgi(), stopping)
    if settings.max_requests is not None:
        http = configuration.http
        app = Capacity(app, settings.max_requests, {http.health, http.readiness} - {None})
    return Server(ServerConfig(app, settings, parser), stopping, started, shut)


async def serve_with_workers(
    configuration: Configuration,
    place: Place,
    count: int,
    *,
    options: Sequence[str] = (),
    say: Callable[[str], None],
) -> bool:
    """Serve *configuration*'s application in *count* processes until SIGINT or SIGTERM.

    Arguments:
        options: words for the processes' own command lines, beside `server`.

    Returns whether every request could be finished.

    Raises:
        BindError: it cannot listen there.
        CommandError: the application cannot be opened.
    """
    check_for_production(configuration)
    with listening(place) as door:
        words = worker_words(configuration, options)
        workers = Workers(count, words, door, server_settings(configuration), say)
        processes = "One process" if count == 1 else f"{count} processes"
        text = f"{welcome(configuration, door.listener)}\n{processes}; SIGHUP replaces them."
        return await workers.run(lambda: say(text))


def worker_words(configuration: Configuration, options: Sequence[str]) -> list[str]:
    """The command line of a process that serves *configuration*'s application."""
    if configuration.directory is None:
        raise CommandError(
            "Other processes find the application in its directory, but the configuration has "
            "none. Give it one: Configuration(directory=…)."
        )
    words = ["--directory", configuration.directory, "--environment", configuration.environment]
    return [*words, *options]


def server_settings(configuration: Configuration) -> ServerSettings:
    """The limits that *configuration* sets."""
    handler = configuration.environment_handler
    return handler.server if isinstance(handler, NodeEnvironmentHandler) else ServerSettings()


@contextmanager
def listening(place: Place) -> Generator[Door]:
    """A listening socket: the supervisor's, systemd's, or one of our own at *place*."""
    given = handed_down() or activated()
    door = Door(given or _listen(place), is_ours=given is None)
    try:
        yield door
    finally:
        door.close()


def _listen(place: Place) -> socket.socket:
    return listen_at_path(place.path) if place.path else listen(place.host, place.port)


def welcome(configuration: Configuration, listener: socket.socket) -> str:
    """What a person needs to know: version, environment and what to open."""
    return (
        f"Velocious {__version__} · {configuration.environment} · {address(listener)}\n"
        "Open it in a browser; Ctrl+C stops the server."
    )


def address(listener: socket.socket) -> str:
    """The URL that leads to *listener* from this machine."""
    name = listener.getsockname()
    if isinstance(name, str):
        return f"unix:{name}"
    host, port = name[:2]
    if host in ("0.0.0.0", "::"):
        host = "127.0.0.1" if host == "0.0.0.0" else "::1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
