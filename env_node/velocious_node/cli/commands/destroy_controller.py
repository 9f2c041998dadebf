"""``d:controller``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.generator.controller import check_actions, controller_path, remove_controller
from velocious_node.cli.generating import force_option, generated_files, pretend_option

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("d:controller", needs=Needs.CONFIGURATION, takes_rest=True)
@click.argument("name")
@click.argument("actions", nargs=-1)
@force_option
@pretend_option
async def destroy_controller(
    invocation: Invocation, name: str, actions: tuple[str, ...], force: bool, pretend: bool
) -> None:
    """Remove what g:controller wrote with the same ACTIONS, if nothing of it was changed since."""
    path = controller_path(name)
    check_actions(actions)
    written = generated_files(invocation, force=force, pretend=pretend)
    remove_controller(invocation.configuration, written, path, actions)
