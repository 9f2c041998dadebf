"""``runner``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.cli.evaluate import evaluate, scope
from velocious.cli.printed import printed_to

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("runner", needs=Needs.OPEN, takes_rest=True)
@click.argument("code")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
async def runner(invocation: Invocation, code: str, arguments: tuple[str, ...]) -> None:
    """Run Python code with the application's models.

    For example: runner 'await Task.count()'

    `await` works anywhere in the code. Every model is known by its name; so are configuration,
    database (the default one) and arguments. What the code prints is shown, then the value of a
    last expression.
    """
    names = scope(invocation.configuration) | {"arguments": list(arguments)}
    with printed_to(invocation.output):
        value = await evaluate(code, names, file="<runner>")
    if value is not None:
        invocation.output.write(repr(value))
