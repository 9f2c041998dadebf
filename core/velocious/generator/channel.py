"""Writes a channel, its test, and the route where connections come in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from velocious.errors import WrongUsageError
from velocious.generator.route_line import with_route
from velocious.generator.template import rendered
from velocious.naming import camelize, humanize, underscore

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.generator.writing import GeneratedFiles

ROUTES = "app/config/routes.py"
ROUTE = 'routes.realtime("/realtime")'
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def channel_name(given: str) -> str:
    """What the channel *given* is called (``"BoardChannel"`` → ``"board"``).

    Raises:
        WrongUsageError: it cannot be the name of a channel.
    """
    name = underscore(given.replace("-", "_")).removesuffix("_channel")
    if not _NAME.fullmatch(name):
        raise WrongUsageError(
            f"{given!r} cannot name a channel. Write for example: `g:channel board`."
        )
    return name


def write_channel(configuration: Configuration, written: GeneratedFiles, name: str) -> None:
    """Write the channel *name*, and let connections in where nothing does yet."""
    routes = configuration.files.read_text(ROUTES)
    for path, text in channel_files(name).items():
        written.write(path, text)
    if "routes.realtime(" not in routes:
        written.edit(ROUTES, with_route(routes, ROUTE), f"  {ROUTE}")


def channel_files(name: str) -> dict[str, str]:
    """Path → text."""
    values = {"title": humanize(name), "class": f"{camelize(name)}Channel", "name": name}
    return {
        f"app/channels/{name}_channel.py": rendered("channel/channel.py", values),
        f"tests/channels/test_{name}_channel.py": rendered(
            "channel/test.py", {"title": values["title"], "name": name}
        ),
    }
