"""``g:migration``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.cli.complaints import show_complaints
from velocious.generator.migration import write_migration
from velocious.generator.names import class_name
from velocious.generator.steps import steps_for
from velocious_node.cli.generating import force_option, generated_files, pretend_option

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("g:migration", needs=Needs.CONFIGURATION, takes_rest=True)
@click.argument("name")
@click.argument("columns", nargs=-1)
@force_option
@pretend_option
async def generate_migration(
    invocation: Invocation, name: str, columns: tuple[str, ...], force: bool, pretend: bool
) -> None:
    """Write a migration.

    For example: g:migration AddPriorityToTasks priority:integer

    A name says the steps: CreateTasks, DropTasks, AddPriorityToTasks, RemovePriorityFromTasks,
    AddProjectToTasks project:references, AddIndexToTasks project_id name:unique,
    RemoveIndexFromTasks, CreateJoinTable projects tags, RenameTitleToNameInTasks,
    RenameTasksToJobs. COLUMNS are written as for g:model.
    """
    configuration = invocation.configuration
    migration = class_name(name, "a migration", "`g:migration AddPriorityToTasks`")
    steps = steps_for(migration, columns)
    written = generated_files(invocation, force=force, pretend=pretend)
    path = write_migration(configuration, written, migration, steps)
    if not pretend:
        show_complaints(invocation, path)
    invocation.output.write(f"Run it with `{invocation.program} db:migrate`.")
