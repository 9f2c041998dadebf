"""``g:base-models``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.errors import CommandError
from velocious.generator.model_bases import differences, model_bases, outdated
from velocious.generator.writing import GeneratedFiles

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("g:base-models", needs=Needs.OPEN)
@click.option("--check", is_flag=True, help="Write nothing; fail with a diff where files differ.")
async def generate_base_models(invocation: Invocation, check: bool) -> None:
    """Write a typed base class for each model, from the tables as they are.

    app/model_bases/task.py gets TaskBase, with a type for each column and relationship of Task.
    Files of models that are gone are removed.
    """
    configuration = invocation.configuration
    wanted = model_bases(configuration)
    if check:
        difference = differences(configuration.files, wanted)
        if difference:
            raise CommandError(
                f"The base classes do not fit the tables:\n\n{difference}\n"
                f"Write them anew with `{invocation.program} g:base-models`."
            )
        return
    written = GeneratedFiles(configuration.files, invocation.output, force=True)
    for path, text in wanted.items():
        written.write(path, text)
    for path in outdated(configuration.files, wanted):
        configuration.files.remove(path)
        invocation.output.write(f"   remove  {path}")
