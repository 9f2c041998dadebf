"""A command: a name, what it needs, click's parameters, and an async body.

::

    @command("db:status", needs=Needs.OPEN)
    @click.option("--database", default="default")
    async def db_status(invocation: Invocation, database: str) -> None:
        \"\"\"Show which migrations have run.\"\"\"

Law: click parses, we await: parsing makes a :class:`Call` and runs nothing, so that a chain of
commands is checked as a whole before its first command starts.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

import click

from velocious.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from velocious.cli.output import Output
    from velocious.configuration import Configuration

    type Body = Callable[..., Awaitable[int | None]]


class Needs(Enum):
    """What a command must be given before it can start."""

    NOTHING = "nothing"
    CONFIGURATION = "configuration"  # made, but not opened
    DATABASES = "databases"  # opened, but no table has been read
    OPEN = "open"  # opened, and the models know their tables


class Invocation:
    """What a running command works with."""

    def __init__(
        self,
        output: Output,
        configuration: Configuration | None = None,
        *,
        options: GlobalOptions | None = None,
        program: str = "velocious",
        services: dict[str, Any] | None = None,
    ) -> None:
        self.output = output
        self.options = options or GlobalOptions()
        self.program = program
        #: What an environment gives to the commands that it contributes itself.
        self.services = services or {}
        self._configuration = configuration

    @property
    def configuration(self) -> Configuration:
        """The application's configuration; only for commands that need one."""
        if self._configuration is None:
            raise CommandError(
                "This command was started without a configuration. Declare it with "
                "needs=Needs.CONFIGURATION or Needs.OPEN."
            )
        return self._configuration


@dataclass(frozen=True, slots=True)
class GlobalOptions:
    """Options that every command takes.

    Attributes:
        environment: in place of VELOCIOUS_ENV.
        directory: where to look for the application.
        debug: whether errors show their traceback.
    """

    environment: str | None = None
    directory: str | None = None
    debug: bool = False

    def over(self, other: GlobalOptions) -> GlobalOptions:
        """These options, and those of *other* where nothing was said here."""
        return GlobalOptions(
            self.environment or other.environment,
            self.directory or other.directory,
            self.debug or other.debug,
        )


@dataclass(frozen=True, slots=True)
class Call:
    """A command with its parsed parameters, ready to run."""

    command: Command
    parameters: dict[str, Any]
    options: GlobalOptions

    async def run(self, invocation: Invocation) -> int:
        """Run it; the exit code."""
        return await self.command.body(invocation, **self.parameters) or 0


@dataclass(frozen=True, slots=True)
class Command:
    """A command that a registry can hold.

    Attributes:
        name: with colons (``"db:migrate"``).
        needs: what it must be given.
        body: ``async (invocation, **parameters) -> exit code or None``.
        takes_rest: all words after its name are its own, so nothing can be chained after it.
    """

    name: str
    needs: Needs
    body: Body
    takes_rest: bool = False
    parameters: tuple[click.Parameter, ...] = ()
    help: str = ""
    click_command: click.Command = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "click_command", _click_command(self))

    @property
    def summary(self) -> str:
        """The first sentence of its help."""
        return self.help.partition("\n")[0]

    def parse(self, words: Sequence[str], output: Output, program: str) -> Call | int:
        """The call that *words* ask for, or an exit code where they only asked for help.

        Raises:
            click.UsageError: for words that do not fit.
        """
        parsed = self.click_command.main(
            list(words), f"{program} {self.name}".strip(), standalone_mode=False, obj=output
        )
        return parsed if isinstance(parsed, (Call, int)) else 0


def command(
    name: str, *, needs: Needs = Needs.OPEN, takes_rest: bool = False
) -> Callable[[Body], Command]:
    """Make a :class:`Command` of an async function and the click options above… below it."""

    def decorate(body: Body) -> Command:
        parameters: list[click.Parameter] = getattr(body, "__click_params__", [])
        return Command(
            name=name,
            needs=needs,
            body=body,
            takes_rest=takes_rest,
            parameters=tuple(reversed(parameters)),
            help=inspect.cleandoc(body.__doc__ or ""),
        )

    return decorate


def global_parameters() -> list[click.Parameter]:
    """Options that stand before a command or among its own."""
    return [
        click.Option(["--environment"], metavar="NAME", help="In place of VELOCIOUS_ENV."),
        click.Option(["--directory"], metavar="PATH", help="Where the application is."),
        click.Option(["--debug", "-d"], is_flag=True, help="Show tracebacks and debug logs."),
    ]


def take_global_options(parameters: dict[str, Any]) -> GlobalOptions:
    """Take the global options out of parsed *parameters*."""
    return GlobalOptions(
        parameters.pop("environment"), parameters.pop("directory"), parameters.pop("debug")
    )


class _ClickCommand(click.Command):
    """Writes its help to our output, for in a browser there is no standard output to print to."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        return click.Option(
            ["--help", "-h"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_show_help,
            help="Show this and exit.",
        )


def _show_help(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        output: Output = context.obj
        output.write(context.get_help())
        context.exit()


def _click_command(described: Command) -> click.Command:
    def call(**parameters: Any) -> Call:
        options = take_global_options(parameters)
        return Call(described, parameters, options)

    made = _ClickCommand(
        described.name,
        callback=call,
        params=[*described.parameters, *global_parameters()],
        help=described.help,
        context_settings={"max_content_width": 100},
    )
    # A script's own options are not ours: after its first argument everything belongs to it.
    made.allow_interspersed_args = not described.takes_rest or _has_only_our_options(described)
    return made


def _has_only_our_options(described: Command) -> bool:
    return not any(
        isinstance(parameter, click.Argument) and parameter.type is click.UNPROCESSED
        for parameter in described.parameters
    )
