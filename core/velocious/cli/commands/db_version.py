"""``db:version``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.cli.command import Needs, command
from velocious.cli.databases import database_option, migrated

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("db:version", needs=Needs.DATABASES)
@database_option
async def db_version(invocation: Invocation, database: str | None) -> None:
    """Show the newest version that has run on each database."""
    from velocious.migration import Migrator

    for identifier in migrated(invocation, database):
        at = await Migrator(invocation.configuration, identifier).version()
        invocation.output.write(f"{identifier}: {at or 'none yet'}")
