"""``db:migrate:redo``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.cli.databases import database_option
from velocious.cli.migrating import lock_option, migrator_for

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("db:migrate:redo", needs=Needs.DATABASES)
@click.option(
    "--steps", type=click.IntRange(min=1), default=1, show_default=True, help="How many to redo."
)
@lock_option
@database_option
async def db_migrate_redo(
    invocation: Invocation, steps: int, lock_timeout: float, database: str | None
) -> None:
    """Undo the newest migration, or the newest few, and run them again."""
    migrator = migrator_for(invocation, database, lock_timeout=lock_timeout)
    if not await migrator.redo(steps):
        invocation.output.write("Nothing to redo: no migrations have been run yet.")
