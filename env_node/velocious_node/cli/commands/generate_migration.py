"""``g:migration``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.cli.complaints import show_complaints
from velocious.generator.column import parse_columns
from velocious.generator.migration import steps_for, write_migration
from velocious.generator.names import class_name
from velocious.generator.writing import GeneratedFiles

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("g:migration", needs=Needs.CONFIGURATION, takes_rest=True)
@click.argument("name")
@click.argument("columns", nargs=-1)
async def generate_migration(invocation: Invocation, name: str, columns: tuple[str, ...]) -> None:
    """Write a migration.

    For example: g:migration AddPriorityToTasks priority:integer

    A name like CreateTasks, AddPriorityToTasks or RemovePriorityFromTasks writes its steps, too.
    COLUMNS are written as for g:model.
    """
    configuration = invocation.configuration
    migration = class_name(name, "a migration", "`g:migration AddPriorityToTasks`")
    steps = steps_for(migration, parse_columns(columns))
    written = GeneratedFiles(configuration.files, invocation.output)
    path = write_migration(configuration, written, migration, steps)
    show_complaints(invocation, path)
    invocation.output.write(f"Run it with `{invocation.program} db:migrate`.")
