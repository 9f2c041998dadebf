"""``db:migrate:up``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.cli.databases import database_option
from velocious.cli.migrating import lock_option, migrator_for

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("db:migrate:up", needs=Needs.DATABASES)
@click.argument("version")
@lock_option
@database_option
async def db_migrate_up(
    invocation: Invocation, version: str, lock_timeout: float, database: str | None
) -> None:
    """Run one migration, whatever its place among the others."""
    version = version.removeprefix("VERSION=")
    migrator = migrator_for(invocation, database, lock_timeout=lock_timeout)
    if not await migrator.up(version):
        invocation.output.write(f"Nothing to do: {version} has run already.")
