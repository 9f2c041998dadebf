"""``g:channel``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.generator.channel import channel_name, write_channel
from velocious_node.cli.generating import force_option, generated_files, pretend_option

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("g:channel", needs=Needs.CONFIGURATION, takes_rest=True)
@click.argument("name")
@force_option
@pretend_option
async def generate_channel(invocation: Invocation, name: str, force: bool, pretend: bool) -> None:
    """Write a channel, a test, and the route where connections come in.

    For example: g:channel board
    """
    wanted = channel_name(name)
    written = generated_files(invocation, force=force, pretend=pretend)
    write_channel(invocation.configuration, written, wanted)
