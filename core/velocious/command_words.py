"""How a message tells a person to run a command.

Law: a message that may be shown in several places never spells a command itself. In a shell it is
``velocious db:migrate``, in a page ``velociousCLI.run("db:migrate")``: the environment knows.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class CommandWords(Protocol):
    """What a person types in one environment."""

    def command(self, line: str, *arguments: str) -> str:
        """What runs *line* (``"db:status"``), with *arguments* that are each one word."""
        ...

    def migrate(self) -> str:
        """All ways to bring a database up to date, to be read after "run"."""
        ...


class ShellWords:
    """What a person types in a shell."""

    def command(self, line: str, *arguments: str) -> str:
        return " ".join(["velocious", line, *map(shlex.quote, arguments)])

    def migrate(self) -> str:
        return f"`{self.command('db:migrate')}`"


def spelled(line: str, *arguments: str) -> str:
    """The command as a person types it here."""
    return _words().command(line, *arguments)


def as_typed(line: str, *arguments: str) -> str:
    """The command for a message, in backticks: ``f"{as_typed('db:status')} lists them."``."""
    return f"`{spelled(line, *arguments)}`"


def to_migrate() -> str:
    """What brings a database up to date, for a message: ``f"Run {to_migrate()}."``."""
    return _words().migrate()


def speak(words: Callable[[], CommandWords]) -> None:
    """Use *words* from now on: those of the configuration that was opened."""
    _spoken.append(words)


def forget(words: Callable[[], CommandWords]) -> None:
    """Use those from before :func:`speak` again."""
    if words in _spoken:
        _spoken.remove(words)


_spoken: list[Callable[[], CommandWords]] = []


def _words() -> CommandWords:
    return _spoken[-1]() if _spoken else ShellWords()
