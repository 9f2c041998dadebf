"""``g:model``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.generator.column import parse_columns
from velocious.generator.model import write_model
from velocious.generator.names import class_name
from velocious.generator.writing import GeneratedFiles

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("g:model", needs=Needs.CONFIGURATION, takes_rest=True)
@click.argument("name")
@click.argument("columns", nargs=-1)
@click.option("--force", is_flag=True, help="Replace a model that exists.")
async def generate_model(
    invocation: Invocation, name: str, columns: tuple[str, ...], force: bool
) -> None:
    """Write a model and the migration that makes its table.

    For example: g:model Post title:string! price:decimal:10:2 slug:string:unique author:references

    COLUMNS are name:type, with ! for "never empty", numbers for sizes, and :index or :unique for an
    index. Types: string, text, integer, bigint, float, decimal, boolean, date, time, datetime,
    json, binary, uuid, references.
    """
    configuration = invocation.configuration
    model = class_name(name, "a model", "`g:model Post`")
    written = GeneratedFiles(configuration.files, invocation.output, force=force)
    write_model(configuration, written, model, parse_columns(columns), force=force)
    invocation.output.write(f"Make its table with `{invocation.program} db:migrate`.")
