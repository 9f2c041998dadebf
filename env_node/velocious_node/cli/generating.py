"""What the commands that generate files share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.generator.writing import GeneratedFiles

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from velocious.cli.command import Invocation


def force_option[BodyT: Callable[..., Any]](body: BodyT) -> BodyT:
    """``--force``: also what was changed."""
    help = "Also replace or remove files that differ from what is generated."
    return click.option("--force", is_flag=True, help=help)(body)


def pretend_option[BodyT: Callable[..., Any]](body: BodyT) -> BodyT:
    """``--pretend`` or ``--dry-run``: nothing is written."""
    help = "Only say what would be done."
    return click.option("--pretend", "--dry-run", is_flag=True, help=help)(body)


def generated_files(invocation: Invocation, *, force: bool, pretend: bool) -> GeneratedFiles:
    """The application's files, to be written and removed."""
    if pretend:
        invocation.output.write("Nothing is written; this would be done:")
    files = invocation.configuration.files
    return GeneratedFiles(files, invocation.output, force=force, pretend=pretend)
