"""``routes``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.cli.table import table

if TYPE_CHECKING:
    from velocious.cli.command import Invocation
    from velocious.routing.routes import Route


@command("routes", needs=Needs.CONFIGURATION)
@click.argument("containing", metavar="[TEXT]", default="")
async def routes(invocation: Invocation, containing: str) -> None:
    """List the routes: method, path and controller#action.

    With TEXT, only those that have it in their method, path or action.
    """
    from velocious.routing.resolving import resolve

    drawn = invocation.configuration.routes
    rows = [_row(route) for route in drawn if resolve(route) is not None]
    chosen = [row for row in rows if containing.lower() in " ".join(row).lower()]
    if not chosen:
        invocation.output.write(_nothing(containing if rows else ""))
        return
    for line in table(("Method", "Path", "Action"), chosen):
        invocation.output.write(line)


def _row(route: Route) -> tuple[str, str, str]:
    return "|".join(route.methods), route.path, str(route.target)


def _nothing(containing: str) -> str:
    if containing:
        return f"No route has {containing!r} in it. `velocious routes` lists all of them."
    return "There are no routes yet. Write them in app/config/routes.py."
