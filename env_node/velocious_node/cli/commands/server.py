"""``server``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command

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
@click.option("--reload", is_flag=True, help="Start anew whenever a file below app/ changes.")
async def server(invocation: Invocation, host: str, port: int, reload: bool) -> None:
    """Serve the application; Ctrl+C stops it."""
    # Imported here: no other command needs a web server.
    configuration, say = invocation.configuration, invocation.output.write
    if reload:
        from velocious_node.http.reload import serve_with_reload

        options = ["--debug"] if invocation.options.debug else []
        await serve_with_reload(configuration, host, port, options=options, say=say)
    else:
        from velocious_node.http.server import serve

        await serve(configuration, host, port, say=say)
    say("Stopped.")
