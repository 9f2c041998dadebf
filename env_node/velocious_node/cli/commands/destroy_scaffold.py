"""``d:scaffold``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.generator.column import parse_columns
from velocious.generator.model import migration_of
from velocious.generator.names import class_name
from velocious.generator.removing import remove_model
from velocious.generator.scaffold import remove_scaffold
from velocious_node.cli.generating import (
    force_option,
    generated_files,
    keep_what_has_run,
    pretend_option,
)

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("d:scaffold", needs=Needs.CONFIGURATION, takes_rest=True)
@click.argument("name")
@click.argument("columns", nargs=-1)
@force_option
@pretend_option
async def destroy_scaffold(
    invocation: Invocation, name: str, columns: tuple[str, ...], force: bool, pretend: bool
) -> None:
    """Remove what g:scaffold wrote, if nothing of it was changed since.

    For example: d:scaffold Post title:string!

    A migration that has run must be undone before: db:rollback.
    """
    model = class_name(name, "a model", "`d:scaffold Post`")
    if not force:
        await keep_what_has_run(invocation, migration_of(model))
    written = generated_files(invocation, force=force, pretend=pretend)
    remove_scaffold(invocation.configuration, written, model, parse_columns(columns))
    remove_model(invocation.configuration, written, model, columns)
