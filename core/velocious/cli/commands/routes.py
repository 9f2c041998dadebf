"""``routes``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.cli.command import Needs, command
from velocious.cli.table import table

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("routes", needs=Needs.CONFIGURATION)
async def routes(invocation: Invocation) -> None:
    """List the routes: method, path and controller#action."""
    drawn = invocation.configuration.routes
    if drawn is None or not drawn.entries:
        invocation.output.write("There are no routes yet. Write them in app/config/routes.py.")
        return
    rows = [(route.method, route.path, route.to) for route in drawn.entries]
    for line in table(("Method", "Path", "Action"), rows):
        invocation.output.write(line)
