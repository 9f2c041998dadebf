"""``db:migrate:resolve``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.cli.databases import database_option
from velocious.cli.migrating import migrator_for
from velocious.errors import WrongUsageError

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("db:migrate:resolve", needs=Needs.DATABASES)
@click.argument("version")
@click.option("--applied", is_flag=True, help="All of it is done now.")
@click.option("--rolled-back", is_flag=True, help="Nothing of it is left.")
@database_option
async def db_migrate_resolve(
    invocation: Invocation, version: str, applied: bool, rolled_back: bool, database: str | None
) -> None:
    """Say what became of a migration that was killed outside of a transaction.

    The error of db:migrate says which statement it was in: look in the database, finish the
    migration by hand or take back what it did, and say which of the two.
    """
    if applied is rolled_back:
        raise WrongUsageError(
            "Say what became of the migration: --applied (all of it is done now) or "
            "--rolled-back (nothing of it is left)."
        )
    await migrator_for(invocation, database).resolve(version, applied=applied)
    state = "counts as run" if applied else "counts as not run"
    invocation.output.write(f"The migration {version} {state}.")
