"""The help of the whole program."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from velocious.command_words import spelled

if TYPE_CHECKING:
    from velocious.cli.command import Command
    from velocious.cli.output import Output
    from velocious.cli.registry import Registry

GROUPS = {"": "Application", "db": "Databases", "g": "Generators"}


def overview(registry: Registry, output: Output) -> str:
    """All commands by group, with their summaries."""
    lines = [
        f"Usage: {spelled('[OPTIONS] COMMAND [ARGUMENTS] [COMMAND [ARGUMENTS]…]')}",
        "",
        "Commands may be chained: " + output.style(spelled("db:drop db:migrate db:seed"), "cyan"),
    ]
    width = max(len(name) for name in registry.names()) + 2
    commands = sorted(registry, key=_group)
    for group, members in groupby(commands, key=_group):
        lines += ["", output.style(_title(group), "bold")]
        lines += [f"  {command.name:<{width}}{command.summary}" for command in members]
    lines += [
        "",
        output.style("Options", "bold"),
        f"  {'--environment NAME':<{width + 6}}in place of VELOCIOUS_ENV (development)",
        f"  {'--directory PATH':<{width + 6}}where the application is (this directory or a parent)",
        f"  {'-d, --debug':<{width + 6}}show tracebacks",
        f"  {'--version':<{width + 6}}show the version of Velocious",
        f"  {'-h, --help':<{width + 6}}show this; after a command: explain the command",
        "",
        "Short and long names are the same: g is generate, c is console, s is server.",
    ]
    return "\n".join(lines)


def group_title(command: Command) -> str:
    """The heading that *command* is listed under."""
    return _title(_group(command))


def _title(group: str) -> str:
    return GROUPS.get(group, group.capitalize())


def _group(command: Command) -> str:
    group, colon, _ = command.name.partition(":")
    return group if colon else ""
