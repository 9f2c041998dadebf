"""``g:frontend-models``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.errors import CommandError
from velocious.generator.frontend_models import FIRST_LINE, FOLDER, frontend_models
from velocious.generator.model_bases import differences, outdated
from velocious.generator.writing import GeneratedFiles

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("g:frontend-models", needs=Needs.OPEN)
@click.option("--check", is_flag=True, help="Write nothing; fail with a diff where files differ.")
async def generate_frontend_models(invocation: Invocation, check: bool) -> None:
    """Write a frontend model for each resource: what clients see of it, typed.

    app/frontend_models/task.py gets Task, with the attributes, relationships and commands that
    TaskResource lists. Files of resources that are gone are removed.
    """
    configuration = invocation.configuration
    wanted = await frontend_models(configuration)
    files = configuration.files
    if check:
        difference = differences(files, wanted, FOLDER, FIRST_LINE)
        if difference:
            raise CommandError(
                f"The frontend models do not fit the resources:\n\n{difference}\n"
                f"Write them anew with `{invocation.program} g:frontend-models`."
            )
        return
    written = GeneratedFiles(files, invocation.output, force=True)
    for path, text in wanted.items():
        written.write(path, text)
    for path in outdated(files, wanted, FOLDER, FIRST_LINE):
        files.remove(path)
        invocation.output.write(f"   remove  {path}")
