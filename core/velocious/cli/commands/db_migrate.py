"""``db:migrate``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.cli.complaints import locks_matter, warn
from velocious.cli.databases import database_option
from velocious.cli.migrating import (
    assigned,
    dry_run_option,
    lock_option,
    migrator_for,
    show_plan,
)

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("db:migrate", needs=Needs.DATABASES)
@click.argument("words", nargs=-1, metavar="[VERSION=…]")
@click.option("--version", metavar="VERSION", help="Go to this version; newer ones are undone.")
@click.option(
    "--strict", is_flag=True, help="Fail where a migration was edited since it ran, or is missing."
)
@dry_run_option
@lock_option
@database_option
async def db_migrate(
    invocation: Invocation,
    words: tuple[str, ...],
    version: str | None,
    strict: bool,
    dry_run: bool,
    lock_timeout: float,
    database: str | None,
) -> None:
    """Run the migrations that have not run yet.

    Each runs in a transaction of its own: one that fails leaves nothing behind.
    """
    target = version or assigned(words, "VERSION")
    migrator = migrator_for(invocation, database, lock_timeout=lock_timeout)
    if dry_run:
        show_plan(invocation, await migrator.plan(target))
        return
    if locks_matter(invocation):
        from velocious.migration.lint import lint

        warn(invocation, lint(await migrator.pending()))
    if not await migrator.migrate(target, strict=strict):
        at = await migrator.version()
        invocation.output.write(f"Nothing to migrate: the newest version is {at or 'none yet'}.")
