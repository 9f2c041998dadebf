"""Splits a command line into a chain of commands: ``db:create db:migrate --version 2026…``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.cli.command import global_parameters, take_global_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.cli.command import Call, Command, GlobalOptions
    from velocious.cli.output import Output
    from velocious.cli.registry import Registry


class Overview(Exception):
    """The command line asked for help or the version of the whole program."""

    def __init__(self, wanted: str) -> None:
        self.wanted = wanted
        super().__init__(wanted)


def parse_chain(
    words: Sequence[str], registry: Registry, output: Output, program: str
) -> tuple[GlobalOptions, list[Call]]:
    """The calls that *words* ask for; none where they only asked for a command's help.

    Raises:
        Overview: for ``--help``, ``--version`` and no words at all.
        UnknownCommandError: for a name that is no command.
        click.UsageError: for words that do not fit their command.
    """
    options, rest = _global_options(words, program)
    if not rest:
        raise Overview("help")
    calls: list[Call] = []
    helped = False
    for command, own in split(rest, registry):
        call = command.parse(own, output, program)
        if isinstance(call, int):
            helped = True
        else:
            calls.append(call)
            options = call.options.over(options)
    return options, [] if helped else calls


def split(words: Sequence[str], registry: Registry) -> list[tuple[Command, list[str]]]:
    """Each command with its own words; a word that names a command begins the next one."""
    groups: list[tuple[Command, list[str]]] = []
    for word in words:
        if groups:
            command, own = groups[-1]
            if command.takes_rest or word not in registry or _is_value(command, own):
                own.append(word)
                continue
        groups.append((registry.find(word), []))
    return groups


def _is_value(command: Command, own: Sequence[str]) -> bool:
    """Whether the next word is the value of the option before it."""
    if not own:
        return False
    options = [
        parameter
        for parameter in command.click_command.params
        if isinstance(parameter, click.Option) and not parameter.is_flag
    ]
    return any(own[-1] in option.opts for option in options)


def _global_options(words: Sequence[str], program: str) -> tuple[GlobalOptions, list[str]]:
    parser = click.Command(
        program,
        params=[
            *global_parameters(),
            click.Option(["--help", "-h", "wants_help"], is_flag=True),
            click.Option(["--version", "wants_version"], is_flag=True),
            click.Argument(["rest"], nargs=-1, type=click.UNPROCESSED),
        ],
        add_help_option=False,
        context_settings={"allow_interspersed_args": False},
    )
    parameters = parser.make_context(program, list(words)).params
    if parameters.pop("wants_help"):
        raise Overview("help")
    if parameters.pop("wants_version"):
        raise Overview("version")
    rest = list(parameters.pop("rest"))
    return take_global_options(parameters), rest
