"""``db:abort_if_pending``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.cli.command import Needs, command
from velocious.cli.databases import database_option, migrated

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("db:abort_if_pending", needs=Needs.DATABASES)
@database_option
async def db_abort_if_pending(invocation: Invocation, database: str | None) -> None:
    """Fail where a migration has not run: for the start of a deployment."""
    from velocious.migration import Migrator

    await Migrator(invocation.configuration, *migrated(invocation, database)).require_current()
