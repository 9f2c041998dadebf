"""``routes``."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import click

from velocious.cli.command import Needs, command
from velocious.cli.table import table
from velocious.command_words import as_typed

if TYPE_CHECKING:
    from velocious.cli.command import Invocation
    from velocious.routing.route import Drawn

HEADS = ("Name", "Method", "Path", "Action", "On")


@command("routes", needs=Needs.CONFIGURATION)
@click.argument("containing", metavar="[TEXT]", default="")
@click.option("--grep", "-g", default="", help="Only those with this in any column, as TEXT.")
@click.option("--controller", "-c", default="", help="Only those of this controller.")
@click.option("--method", default="", help="Only those that answer this method.")
@click.option(
    "--on",
    type=click.Choice(["server", "browser"]),
    help="Only those that run in the server, or in the browser.",
)
async def routes(
    invocation: Invocation,
    containing: str,
    grep: str,
    controller: str,
    method: str,
    on: str | None,
) -> None:
    """List the routes: name, method, path and where they lead.

    With TEXT, only those that have it in one of these. `On` is shown where not all routes run in
    both places.
    """
    wanted = _Wanted((containing.lower(), grep.lower()), controller, method.upper(), on)
    drawn = [one for one in invocation.configuration.routes.drawn if _is_there(one, invocation)]
    chosen = [_row(one) for one in drawn if wanted.takes(one)]
    if not chosen:
        invocation.output.write(_nothing(bool(drawn), grep or containing))
        return
    everywhere = all(one.on == "both" for one in drawn)
    width = len(HEADS) - 1 if everywhere else len(HEADS)
    for line in table(HEADS[:width], [row[:width] for row in chosen]):
        invocation.output.write(line)


class _Wanted(NamedTuple):
    """What the options ask for."""

    texts: tuple[str, ...]
    controller: str
    method: str
    on: str | None

    def takes(self, drawn: Drawn) -> bool:
        from velocious.routing.route import Route, places

        text = " ".join(_row(drawn)).lower()
        if not all(one in text for one in self.texts):
            return False
        if self.controller and not (
            isinstance(drawn, Route) and _is_of(drawn.target.controller, self.controller)
        ):
            return False
        if self.on is not None and self.on not in places(drawn):
            return False
        return not self.method or self.method in _answered(drawn)


def _is_there(drawn: Drawn, invocation: Invocation) -> bool:
    """Whether a route leads to an action; those of another place are believed."""
    from velocious.errors import MissingControllerError
    from velocious.routing.resolving import resolve
    from velocious.routing.route import Route, runs_in

    here = invocation.configuration.environment_handler.name
    if not isinstance(drawn, Route) or not runs_in(drawn, here):
        return True
    try:
        return resolve(drawn) is not None
    except MissingControllerError:
        if here == "browser":
            return True
        raise


def _row(drawn: Drawn) -> tuple[str, ...]:
    from velocious.routing.route import Route

    end = str(drawn.target) if isinstance(drawn, Route) else str(drawn)
    return drawn.name or "", "|".join(drawn.methods) or "ANY", drawn.path, end, drawn.on


def _answered(drawn: Drawn) -> tuple[str, ...]:
    from velocious.routing.methods import METHODS

    methods = drawn.methods or METHODS
    return (*methods, "HEAD") if "GET" in methods else methods


def _is_of(controller: str, asked: str) -> bool:
    """Whether *asked* ("tasks", "api/tasks", "TasksController") names *controller*."""
    return _short(asked) in (_short(controller), _short(controller.rpartition("/")[2]))


def _short(name: str) -> str:
    return name.lower().removesuffix("controller").replace("_", "")


def _nothing(any_routes: bool, containing: str) -> str:
    if not any_routes:
        return "There are no routes yet. Write them in app/config/routes.py."
    if containing:
        return f"No route has {containing!r} in it. {as_typed('routes')} lists all of them."
    return f"No route is like that. {as_typed('routes')} lists all of them."
