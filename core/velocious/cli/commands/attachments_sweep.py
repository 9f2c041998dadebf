"""``attachments:sweep``."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("attachments:sweep", needs=Needs.OPEN)
@click.option(
    "--older-than",
    metavar="HOURS",
    type=click.FloatRange(min=0),
    default=24,
    help="Keep younger files: their rows may be on their way (24).",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
async def attachments_sweep(invocation: Invocation, older_than: float, dry_run: bool) -> None:
    """Remove stored files that no record has.

    Crashes between storing and saving leave them behind, and rows deleted without callbacks.
    """
    swept = await invocation.configuration.attachments.sweep(
        older_than=timedelta(hours=older_than), dry_run=dry_run
    )
    verb = "Would remove" if dry_run else "Removed"
    for one in swept:
        invocation.output.write(f"{verb} {one.key} from {one.storage}.")
    if not swept:
        invocation.output.write("Every stored file belongs to a record, or is too young to tell.")
