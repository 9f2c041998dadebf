"""A command line without an application: the output, and what commands were given."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.cli.main import run
from velocious.cli.output import TextOutput
from velocious.cli.registry import Registry
from velocious.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.cli.command import Command, GlobalOptions, Invocation
    from velocious.configuration import Configuration


@command("echo", needs=Needs.NOTHING)
@click.option("--times", type=click.IntRange(min=1), default=1, help="How often.")
@click.option("--word", default="echo", help="What to say.")
async def echo(invocation: Invocation, times: int, word: str) -> None:
    """Say something.

    It is said once for each time.
    """
    for _ in range(times):
        invocation.output.write(word)


@command("g:thing", needs=Needs.NOTHING, takes_rest=True)
@click.argument("name")
@click.argument("rest", nargs=-1, type=click.UNPROCESSED)
async def generate_thing(invocation: Invocation, name: str, rest: tuple[str, ...]) -> int:
    """Make a thing."""
    invocation.output.write(f"{name} {list(rest)}")
    return 0


@command("fail", needs=Needs.NOTHING)
async def fail(invocation: Invocation) -> None:
    """Never work."""
    raise CommandError("It did not work. Try another one: `velocious echo`.")


@command("crash", needs=Needs.NOTHING)
async def crash(invocation: Invocation) -> None:
    """Hit a bug."""
    raise ZeroDivisionError("by nothing")


@command("count", needs=Needs.NOTHING)
async def count(invocation: Invocation) -> int:
    """Answer with a number."""
    return 7


@command("leave", needs=Needs.NOTHING)
@click.argument("code")
async def leave(invocation: Invocation, code: str) -> None:
    """Call sys.exit."""
    sys.exit(int(code) if code.isdigit() else code)


COMMANDS: tuple[Command, ...] = (echo, generate_thing, fail, crash, count, leave)


def registry() -> Registry:
    """The commands of these tests."""
    return Registry(COMMANDS, environment="test", elsewhere=["server"])


async def line(arguments: str | Sequence[str]) -> tuple[int, str]:
    """Run a command line; its exit code and all of its text."""
    output = TextOutput()

    def load(options: GlobalOptions) -> Configuration:
        raise AssertionError("none of these commands needs a configuration")

    return await run(load, arguments, output, registry=registry()), output.text
