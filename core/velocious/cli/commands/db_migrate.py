"""``db:migrate``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.cli.databases import database_option, migrated
from velocious.cli.steps import show_step

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("db:migrate", needs=Needs.DATABASES)
@click.option("--version", metavar="VERSION", help="Go to this version; newer ones are undone.")
@database_option
async def db_migrate(invocation: Invocation, version: str | None, database: str | None) -> None:
    """Run the migrations that have not run yet.

    Each runs in a transaction of its own: one that fails leaves nothing behind.
    """
    from velocious.migration import Migrator

    migrator = Migrator(
        invocation.configuration,
        *migrated(invocation, database),
        on_step=show_step(invocation.output),
    )
    if not await migrator.migrate(version):
        at = await migrator.version()
        invocation.output.write(f"Nothing to migrate: the newest version is {at or 'none yet'}.")
