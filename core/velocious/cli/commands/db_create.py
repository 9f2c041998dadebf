"""``db:create``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.cli.command import Needs, command
from velocious.cli.databases import chosen, database_option

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("db:create", needs=Needs.DATABASES)
@database_option
async def db_create(invocation: Invocation, database: str | None) -> None:
    """Make the databases that are missing."""
    for identifier in chosen(invocation, database):
        one = invocation.configuration.databases[identifier]
        made = await one.create()
        state = "created" if made else "exists already"
        invocation.output.write(f"Database {identifier} ({one.settings.safe_url}): {state}.")
