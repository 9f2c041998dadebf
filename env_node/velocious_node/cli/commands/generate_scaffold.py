"""``g:scaffold``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.generator.column import parse_columns
from velocious.generator.names import class_name
from velocious.generator.scaffold import write_scaffold
from velocious_node.cli.generating import force_option, generated_files, pretend_option

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("g:scaffold", needs=Needs.CONFIGURATION, takes_rest=True)
@click.argument("name")
@click.argument("columns", nargs=-1)
@force_option
@pretend_option
async def generate_scaffold(
    invocation: Invocation, name: str, columns: tuple[str, ...], force: bool, pretend: bool
) -> None:
    """Write all that is needed to list, show, make, change and delete rows in a browser: model,
    migration, controller, templates, routes and tests.

    For example: g:scaffold Post title:string! body:text published:boolean author:references

    COLUMNS are written as for g:model.
    """
    model = class_name(name, "a model", "`g:scaffold Post`")
    written = generated_files(invocation, force=force, pretend=pretend)
    write_scaffold(invocation.configuration, written, model, parse_columns(columns))
    invocation.output.write(f"Make its table with `{invocation.program} db:migrate`.")
