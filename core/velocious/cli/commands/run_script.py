"""``run-script``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from velocious.cli.command import Needs, command
from velocious.cli.evaluate import evaluate, scope
from velocious.cli.printed import printed_to

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("run-script", needs=Needs.OPEN, takes_rest=True)
@click.argument("file")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
async def run_script(invocation: Invocation, file: str, arguments: tuple[str, ...]) -> int | None:
    """Run a Python file of the application with its models.

    FILE is relative to the application's directory. It sees the same names as the code of `runner`;
    if it defines `async def main(configuration, arguments)`, that is called, and a number that it
    returns is the exit code.
    """
    configuration = invocation.configuration
    names = scope(configuration) | {"arguments": list(arguments)}
    names["__file__"] = configuration.files.absolute(file)
    with printed_to(invocation.output):
        await evaluate(configuration.files.read_text(file), names, file=names["__file__"])
        main: Any = names.get("main")
        if main is None:
            return None
        answer: object = await main(configuration, list(arguments))
    return answer if isinstance(answer, int) else None
