"""How a person at a page is told to run a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from velocious.command_words import ShellWords, as_typed, forget, speak, to_migrate
from velocious_browser.command_words import ConsoleWords, ScriptWords

if TYPE_CHECKING:
    from velocious.command_words import CommandWords


@pytest.mark.parametrize(
    ("words", "line", "arguments", "expected"),
    [
        (ShellWords(), "db:status", (), "velocious db:status"),
        (ShellWords(), "runner", ("await Task.count()",), "velocious runner 'await Task.count()'"),
        (ConsoleWords(), "db:status --json", (), 'velociousCLI.run("db:status --json")'),
        (ConsoleWords(), "runner", ("1 + 1",), 'velociousCLI.run("runner", "1 + 1")'),
        (ConsoleWords(), "--help", (), "velociousCLI.help()"),
        (ConsoleWords(), "db:migrate --help", (), 'velociousCLI.help("db:migrate")'),
        (ConsoleWords(), "g:model NAME", (), "velocious g:model NAME"),
        (ScriptWords(), "db:status", (), 'velociousCLI.run("db:status")'),
    ],
)
def test_a_command_is_spelled_as_its_place_takes_it(
    words: CommandWords, line: str, arguments: tuple[str, ...], expected: str
) -> None:
    assert words.command(line, *arguments) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (ShellWords(), "`velocious db:migrate`"),
        (ConsoleWords(), "or `start({ migrate: true })` in the page"),
        (ScriptWords(), "`await mount()` of velocious_browser.pyscript"),
    ],
)
def test_each_place_has_its_own_way_to_migrate(words: CommandWords, expected: str) -> None:
    assert words.migrate().endswith(expected)


def test_messages_use_the_words_of_the_configuration_that_was_opened_last() -> None:
    speak(ConsoleWords)
    try:
        assert as_typed("routes") == '`velociousCLI.run("routes")`'
        assert to_migrate().startswith('`velociousCLI.run("db:migrate")`')
    finally:
        forget(ConsoleWords)
    assert as_typed("routes") == "`velocious routes`"
