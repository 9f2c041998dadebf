"""``db:drop``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.cli.command import Needs, command
from velocious.cli.databases import chosen, database_option, force_option, may_destroy

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("db:drop", needs=Needs.DATABASES)
@database_option
@force_option
async def db_drop(invocation: Invocation, database: str | None, force: bool) -> None:
    """Remove the databases with all their data (development and test only)."""
    may_destroy(invocation, "db:drop", force=force)
    for identifier in chosen(invocation, database):
        one = invocation.configuration.databases[identifier]
        gone = await one.drop()
        state = "dropped" if gone else "was not there"
        invocation.output.write(f"Database {identifier} ({one.settings.safe_url}): {state}.")
