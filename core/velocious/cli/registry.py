"""The commands by name.

Law: each part of a name between colons may be written short or long (``g`` is ``generate``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.errors import ConfigurationError, NotAvailableHereError, UnknownCommandError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from velocious.cli.command import Command

ALIASES = {"c": "console", "d": "destroy", "g": "generate", "s": "server"}


class Registry:
    """All commands of an environment.

    Arguments:
        environment: its name, for messages.
        elsewhere: names of commands that only the server environment has.
    """

    def __init__(
        self, commands: Iterable[Command], *, environment: str, elsewhere: Iterable[str] = ()
    ) -> None:
        self._environment = environment
        self._elsewhere = {long_name(name) for name in elsewhere}
        self._commands: dict[str, Command] = {}
        for command in commands:
            self._add(command)

    def __iter__(self) -> Iterator[Command]:
        return iter(sorted(self._commands.values(), key=lambda command: command.name))

    def __contains__(self, name: str) -> bool:
        return long_name(name) in self._commands

    def names(self) -> list[str]:
        """The names as their commands spell them, sorted."""
        return [command.name for command in self]

    def find(self, name: str) -> Command:
        """The command called *name*.

        Raises:
            UnknownCommandError: with close matches.
            NotAvailableHereError: only a server process has it.
        """
        found = self._commands.get(long_name(name))
        if found is not None:
            return found
        if long_name(name) in self._elsewhere:
            raise NotAvailableHereError(
                f"The command {name!r}",
                environment=self._environment,
                instead=f"Run `velocious {name}` in a shell, in the application's directory.",
            )
        raise UnknownCommandError(name, self.names())

    def _add(self, command: Command) -> None:
        name = long_name(command.name)
        if name in self._commands:
            raise ConfigurationError(
                f"The command {command.name!r} is registered twice. Rename one of the two."
            )
        self._commands[name] = command


def long_name(name: str) -> str:
    """``"g:model"`` → ``"generate:model"``."""
    return ":".join(ALIASES.get(part, part) for part in name.split(":"))
