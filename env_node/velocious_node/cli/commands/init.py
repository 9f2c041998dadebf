"""``init``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.generator.application import application_name, write_application
from velocious.generator.writing import GeneratedFiles
from velocious_node.cli.generating import pretend_option
from velocious_node.files import NodeFiles

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("init", needs=Needs.NOTHING, takes_rest=True)
@click.argument("name")
@click.option("--force", is_flag=True, help="Replace files that exist.")
@pretend_option
async def init(invocation: Invocation, name: str, force: bool, pretend: bool) -> None:
    """Make a new application in the directory NAME, or in this one: init .

    Files that exist are kept as they are.
    """
    place = os.path.abspath(os.path.join(invocation.options.directory or os.curdir, name))
    title = application_name(os.path.basename(place))
    written = GeneratedFiles(NodeFiles(place), invocation.output, force=force, pretend=pretend)
    write_application(written, title)
    _say_what_is_next(invocation, place, name)


def _say_what_is_next(invocation: Invocation, place: str, name: str) -> None:
    write, program = invocation.output.write, invocation.program
    write()
    write(f"The application is in {place}. Next:")
    if place != os.getcwd():
        write(f"  cd {name}")
    write(f"  {program} g:scaffold Post title:string! body:text")
    write(f"  {program} db:migrate")
    write(f"  {program} server")
