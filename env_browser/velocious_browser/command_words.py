"""How messages tell a person at a page to run a command."""

from __future__ import annotations

import json

from velocious.cli.elsewhere import SERVER_ONLY
from velocious.command_words import ShellWords

_HELP = "--help"


class ConsoleWords:
    """What a person types in a page's developer console; what only a server has, in a shell."""

    def command(self, line: str, *arguments: str) -> str:
        names = line.split()
        if names[0] in SERVER_ONLY:
            return ShellWords().command(line, *arguments)
        if names[-1] == _HELP:
            return f"velociousCLI.help({', '.join(map(json.dumps, names[:-1]))})"
        return f"velociousCLI.run({', '.join(map(_literal, (line, *arguments)))})"

    def migrate(self) -> str:
        return f"`{self.command('db:migrate')}`, or `start({{ migrate: true }})` in the page"


class ScriptWords(ConsoleWords):
    """The same for a script of PyScript, whose page has no such console."""

    def migrate(self) -> str:
        return "`await mount()` of velocious_browser.pyscript"


def _literal(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
