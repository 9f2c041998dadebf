"""``g:model``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.generator.column import parse_columns
from velocious.generator.model import write_model
from velocious.generator.names import class_name
from velocious_node.cli.generating import force_option, generated_files, pretend_option

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("g:model", needs=Needs.CONFIGURATION, takes_rest=True)
@click.argument("name")
@click.argument("columns", nargs=-1)
@force_option
@pretend_option
async def generate_model(
    invocation: Invocation, name: str, columns: tuple[str, ...], force: bool, pretend: bool
) -> None:
    """Write a model, the migration that makes its table, and a test.

    For example: g:model Post title:string! price:decimal:10:2 slug:string:unique author:references

    COLUMNS are name:type, with ! for "never empty", numbers for sizes, and :index or :unique for an
    index. Types: string, text, integer, bigint, float, decimal, boolean, date, time, datetime,
    json, binary, uuid, references (also references{polymorphic} and references{optional}), and
    enum with its values (state:enum:open:done).
    """
    model = class_name(name, "a model", "`g:model Post`")
    written = generated_files(invocation, force=force, pretend=pretend)
    write_model(invocation.configuration, written, model, parse_columns(columns))
    invocation.output.write(f"Make its table with `{invocation.program} db:migrate`.")
