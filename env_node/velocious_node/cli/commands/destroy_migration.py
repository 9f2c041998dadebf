"""``d:migration``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.generator.names import class_name
from velocious.generator.removing import remove_migration
from velocious_node.cli.generating import (
    force_option,
    generated_files,
    keep_what_has_run,
    pretend_option,
)

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("d:migration", needs=Needs.CONFIGURATION, takes_rest=True)
@click.argument("name")
@click.argument("columns", nargs=-1)
@force_option
@pretend_option
async def destroy_migration(
    invocation: Invocation, name: str, columns: tuple[str, ...], force: bool, pretend: bool
) -> None:
    """Remove a migration that g:migration wrote, if it was not changed since.

    For example: d:migration AddPriorityToTasks priority:integer

    One that has run must be undone before: db:rollback.
    """
    migration = class_name(name, "a migration", "`d:migration AddPriorityToTasks`")
    if not force:
        await keep_what_has_run(invocation, migration)
    written = generated_files(invocation, force=force, pretend=pretend)
    remove_migration(invocation.configuration, written, migration, columns)
