"""``server``."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.errors import WrongUsageError

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("server", needs=Needs.CONFIGURATION, takes_rest=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    "-p",
    type=click.IntRange(0, 65535),
    default=3006,
    show_default=True,
    help="The port to listen on; 0 takes a free one.",
)
@click.option("--uds", metavar="PATH", help="Listen at a Unix socket instead.")
@click.option(
    "--workers",
    "-w",
    type=click.IntRange(1, 512),
    help="Serve in so many processes; what crashes is started again, SIGHUP replaces them.",
)
@click.option("--reload", is_flag=True, help="Start anew whenever a file below app/ changes.")
@click.option("--access-log/--no-access-log", default=True, help="Log a line for each request.")
async def server(
    invocation: Invocation,
    host: str,
    port: int,
    uds: str | None,
    workers: int | None,
    reload: bool,
    access_log: bool,
) -> int:
    """Serve the application; Ctrl+C stops it."""
    # Imported here: no other command needs a web server.
    from velocious_node.http.server import Place, serve, serve_with_workers
    from velocious_node.http.worker import QUIET

    if reload and workers is not None:
        raise WrongUsageError("--reload is for one process: leave out --workers, or --reload.")
    configuration, output = invocation.configuration, invocation.output
    say = _silent if os.environ.pop(QUIET, None) else output.write
    place = Place(host, port, uds)
    options = ["--debug"] if invocation.options.debug else []
    options += ["server", *([] if access_log else ["--no-access-log"])]
    if not access_log:
        logging.getLogger("velocious.http").setLevel(logging.WARNING)
    if reload:
        from velocious_node.http.reload import serve_with_reload

        finished = await serve_with_reload(configuration, place, options=options, say=say)
    elif workers is not None:
        finished = await serve_with_workers(configuration, place, workers, options=options, say=say)
    else:
        finished = await serve(configuration, place, say=say)
    say("Stopped." if finished else "Stopped; some requests were cut short.")
    return 0 if finished else 1


def _silent(_: str) -> None:
    """The supervisor speaks for all of its workers."""
