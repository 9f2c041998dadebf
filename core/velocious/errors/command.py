"""Commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.command_words import as_typed
from velocious.errors.base import VelociousError, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable


class CommandError(VelociousError):
    """A command was called wrongly or could not do its work; the CLI prints it and exits with
    *exit_code*.
    """

    code = "command_error"
    exit_code: int = 1


class WrongUsageError(CommandError):
    """A command line that cannot be understood."""

    code = "wrong_usage"
    exit_code = 2


class UnknownCommandError(CommandError):
    """A command name that nobody registered."""

    code = "unknown_command"
    exit_code = 2

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.known = sorted(known)
        super().__init__(
            f"There is no command {name!r}. {suggestion(name, self.known)} "
            f"{as_typed('--help')} lists all of them."
        )
