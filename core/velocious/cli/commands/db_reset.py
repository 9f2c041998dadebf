"""``db:reset``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.cli.databases import database_option, force_option, may_destroy, migrated
from velocious.cli.seeding import seed
from velocious.cli.steps import show_step

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("db:reset", needs=Needs.DATABASES)
@click.option("--seed", "with_seed", is_flag=True, help="Run db:seed afterwards.")
@database_option
@force_option
async def db_reset(
    invocation: Invocation, with_seed: bool, database: str | None, force: bool
) -> None:
    """Drop the databases, make them again and migrate (development and test only)."""
    from velocious.migration import Migrator

    may_destroy(invocation, "db:reset", force=force)
    configuration = invocation.configuration
    identifiers = migrated(invocation, database)
    migrator = Migrator(configuration, *identifiers, on_step=show_step(invocation.output))
    await migrator.pending()  # a migration that cannot be read must not cost the data
    for identifier in identifiers:
        await configuration.databases[identifier].drop()
        await configuration.databases[identifier].create()
        invocation.output.write(f"Database {identifier}: emptied.")
    await migrator.migrate()
    await configuration.models.load()
    if with_seed:
        await seed(configuration, invocation.output)
