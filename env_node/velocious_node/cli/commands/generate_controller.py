"""``g:controller``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.generator.controller import check_actions, controller_path, write_controller
from velocious_node.cli.generating import force_option, generated_files, pretend_option

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("g:controller", needs=Needs.CONFIGURATION, takes_rest=True)
@click.argument("name")
@click.argument("actions", nargs=-1)
@force_option
@pretend_option
async def generate_controller(
    invocation: Invocation, name: str, actions: tuple[str, ...], force: bool, pretend: bool
) -> None:
    """Write a controller with ACTIONS, a template and a route for each, and a test.

    For example: g:controller pages index about, or g:controller admin/reports index
    """
    path = controller_path(name)
    check_actions(actions)
    written = generated_files(invocation, force=force, pretend=pretend)
    write_controller(invocation.configuration, written, path, actions)
