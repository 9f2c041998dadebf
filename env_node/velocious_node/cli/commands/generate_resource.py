"""``g:resource``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.generator.resource import resource_model, write_resource
from velocious_node.cli.generating import force_option, generated_files, pretend_option

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("g:resource", needs=Needs.CONFIGURATION, takes_rest=True)
@click.argument("model")
@force_option
@pretend_option
async def generate_resource(invocation: Invocation, model: str, force: bool, pretend: bool) -> None:
    """Write a resource, in which the rules of a model stand, and a test.

    For example: g:resource Task
    """
    wanted = resource_model(model)
    written = generated_files(invocation, force=force, pretend=pretend)
    write_resource(invocation.configuration, written, wanted)
