"""``db:status``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.cli.command import Needs, command
from velocious.cli.databases import database_option, migrated
from velocious.cli.table import table
from velocious.command_words import as_typed

if TYPE_CHECKING:
    from velocious.cli.command import Invocation
    from velocious.migration.events import MigrationStatus


@command("db:status", needs=Needs.DATABASES)
@database_option
async def db_status(invocation: Invocation, database: str | None) -> None:
    """Show which migrations have run."""
    from velocious.migration import Migrator

    migrator = Migrator(invocation.configuration, *migrated(invocation, database))
    statuses = await migrator.status()
    if not statuses:
        invocation.output.write(f"There are no migrations yet: {as_typed('g:migration NAME')}.")
        return
    heads = ("Database", "State", "Version", "Name", "Applied at")
    for line in table(heads, [_row(status) for status in statuses]):
        invocation.output.write(line)


def _row(status: MigrationStatus) -> tuple[str, ...]:
    applied = status.applied_at.strftime("%Y-%m-%d %H:%M:%S UTC") if status.applied_at else ""
    name = f"{status.name} (edited since it ran)" if status.edited else status.name
    name = f"{name} (out of order)" if status.out_of_order else name
    state = "missing file" if status.state == "missing" else status.state
    return status.database, state, status.version, name, applied
