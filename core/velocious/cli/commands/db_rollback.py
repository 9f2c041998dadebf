"""``db:rollback``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.cli.databases import database_option
from velocious.cli.migrating import dry_run_option, lock_option, migrator_for, show_plan

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("db:rollback", needs=Needs.DATABASES)
@click.option(
    "--steps", type=click.IntRange(min=1), default=1, show_default=True, help="How many to undo."
)
@dry_run_option
@lock_option
@database_option
async def db_rollback(
    invocation: Invocation, steps: int, dry_run: bool, lock_timeout: float, database: str | None
) -> None:
    """Undo the newest migration, or the newest few."""
    migrator = migrator_for(invocation, database, lock_timeout=lock_timeout)
    if dry_run:
        show_plan(invocation, await migrator.plan(kind="rollback", steps=steps))
    elif not await migrator.rollback(steps):
        invocation.output.write("Nothing to roll back: no migrations have been run yet.")
