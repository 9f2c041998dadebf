"""``db:vacuum`` in a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.cli.vacuuming import vacuum

if TYPE_CHECKING:
    from velocious.cli.command import Invocation
    from velocious_browser.interop import Host


@command("db:vacuum", needs=Needs.DATABASES)
@click.option("--database", default="default", help="Which database, by its identifier.")
async def db_vacuum(invocation: Invocation, database: str) -> None:
    """Give the room of deleted rows back to the browser.

    The database is rewritten, for which there must be room; db:export keeps a copy first.
    """
    host: Host = invocation.services["host"]

    async def free_bytes(path: str) -> int | None:
        status = await host.storage_status()
        quota = status.get("quota")
        return quota - status["usage"] if quota else None

    await vacuum(invocation, database, free_bytes)
