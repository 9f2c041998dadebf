"""Which commands a page can run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from velocious.cli.overview import group_title
from velocious_browser.cli.run import browser_registry

if TYPE_CHECKING:
    from velocious.cli.command import Command
    from velocious_browser.devtools.devtools import Devtools


async def commands(devtools: Devtools) -> list[dict[str, Any]]:
    """Every command of a page with one line about it, by group."""
    described = [_described(command) for command in browser_registry()]
    return sorted(described, key=lambda one: (one["group"], one["name"]))


def _described(command: Command) -> dict[str, Any]:
    parameters = command.click_command.params
    return {
        "name": command.name,
        "group": group_title(command),
        "summary": command.summary,
        "arguments": [one.make_metavar(_context(command)) for one in parameters if _is_word(one)],
        "options": [name for one in parameters if not _is_word(one) for name in one.opts],
    }


def _is_word(parameter: click.Parameter) -> bool:
    return isinstance(parameter, click.Argument)


def _context(command: Command) -> click.Context:
    return click.Context(command.click_command)
