"""``channels:stats``."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.parse import urlsplit

import click

from velocious.cli.command import Needs, command
from velocious.errors import CommandError
from velocious.realtime.metrics import read_metrics
from velocious.routing.realtime.metrics import metrics_token
from velocious.routing.realtime.mount import RealtimeMount
from velocious.routing.route import Mount

if TYPE_CHECKING:
    from velocious.cli.command import Invocation
    from velocious.configuration import Configuration

SECONDS = 5.0


@command("channels:stats", needs=Needs.CONFIGURATION)
@click.option("--url", default="http://127.0.0.1:8000", help="Where the server answers.")
@click.option("--token", "shows_token", is_flag=True, help="Show the token for other programs.")
async def channels_stats(invocation: Invocation, url: str, shows_token: bool) -> None:
    """Show what a running server does in realtime.

    It is the process that happens to answer: with several workers, each counts its own.
    """
    configuration = invocation.configuration
    token = metrics_token(configuration)
    if shows_token:
        invocation.output.write(token)
        return
    if urlsplit(url).scheme not in ("http", "https"):
        raise CommandError(f"--url {url!r} is no address like http://127.0.0.1:8000.")
    address = f"{url.rstrip('/')}{_path(configuration)}/metrics"
    found = read_metrics(await asyncio.to_thread(_fetch, address, token))
    width = max(map(len, found), default=0)
    for name, value in found.items():
        invocation.output.write(f"{name:<{width}}  {value:,.0f}")


def _path(configuration: Configuration) -> str:
    """Where the application's first entrance is. Raises CommandError."""
    for drawn in configuration.routes.drawn:
        if isinstance(drawn, Mount) and isinstance(drawn.app, RealtimeMount):
            return drawn.path.rstrip("/")
    raise CommandError(
        "The application has no realtime. Draw it in app/config/routes.py: "
        'routes.realtime("/realtime").'
    )


def _fetch(address: str, token: str) -> str:
    # Imported here: no other command asks a server.
    from urllib.request import Request, urlopen

    request = Request(address, headers={"Authorization": f"Bearer {token}"})
    try:
        answer: Any = urlopen(request, timeout=SECONDS)
        with answer:
            return answer.read().decode()
    except URLError as error:
        raise CommandError(
            f"{address} did not answer: {error}. Start `velocious server`, say with --url where it "
            "answers, and run this with the same VELOCIOUS_SECRET."
        ) from error
