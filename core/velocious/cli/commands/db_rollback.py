"""``db:rollback``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.cli.databases import database_option, migrated
from velocious.cli.steps import show_step

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("db:rollback", needs=Needs.DATABASES)
@click.option(
    "--steps", type=click.IntRange(min=1), default=1, show_default=True, help="How many to undo."
)
@database_option
async def db_rollback(invocation: Invocation, steps: int, database: str | None) -> None:
    """Undo the newest migration, or the newest few."""
    from velocious.migration import Migrator

    migrator = Migrator(
        invocation.configuration,
        *migrated(invocation, database),
        on_step=show_step(invocation.output),
    )
    if not await migrator.rollback(steps):
        invocation.output.write("Nothing to roll back: no migrations have been run yet.")
