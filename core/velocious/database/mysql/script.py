"""Scripts: text with several statements, cut where one ends.

Law: quoted text, comments and the bodies of triggers and procedures are opaque; what the statements
say is not changed by a letter.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PARTS = re.compile(
    r"""
      (?P<skip>\s+ | --[^\n]*(?:\n|\Z) | \#[^\n]*(?:\n|\Z) | /\*(?!M?!).*?(?:\*/|\Z))
    | (?P<quoted>'(?:[^']|'')*' | "(?:[^"]|"")*" | `(?:[^`]|``)*`)
    | (?P<word>[^\W\d][\w$]*)
    | (?P<end>;)
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ROUTINES = frozenset({"TRIGGER", "PROCEDURE", "FUNCTION", "EVENT", "PACKAGE"})
#: What opens a block that END closes, where a statement of a body begins (elsewhere IF and REPEAT
#: are functions).
_BLOCKS = frozenset({"IF", "LOOP", "WHILE", "REPEAT"})
#: Behind these a statement of a body begins.
_BEFORE_STATEMENT = frozenset({";", ":", "BEGIN", "THEN", "ELSE", "DO", "LOOP", "REPEAT"})


def split_script(sql: str) -> list[str]:
    """The statements of *sql*, without the semicolons between them and without empty ones."""
    return list(_statements(sql))


def _statements(sql: str) -> Iterator[str]:
    start = 0
    reader = _Reader()
    for part in _PARTS.finditer(sql):
        kind = part.lastgroup
        if kind == "end" and not reader.depth:
            if not reader.empty:
                yield sql[start : part.start()].strip()
            start, reader = part.end(), _Reader()
        elif kind != "skip":
            reader.read(part.group().upper())
    if not reader.empty:
        yield sql[start:].strip()


class _Reader:
    """Follows the words of one statement, to know whether a semicolon belongs to it.

    Attributes:
        empty: whether nothing of it has been read.
        depth: how many blocks of a body are open.
    """

    def __init__(self) -> None:
        self.empty = True
        self.depth = 0
        self._creates = False
        self._routine = False
        self._before = ""

    def read(self, word: str) -> None:
        """Take in the next word or sign."""
        if self.empty:
            self._creates = word == "CREATE"
        self.empty = False
        if self._routine:
            self._follow(word)
        elif self._creates:
            self._routine = word in _ROUTINES
        self._before = word

    def _follow(self, word: str) -> None:
        if word == "END":
            self.depth -= 1
        elif word == "BEGIN" or (
            self.depth
            # END IF, END CASE: one closing, in two words.
            and self._before != "END"
            and (word == "CASE" or (word in _BLOCKS and self._before in _BEFORE_STATEMENT))
        ):
            self.depth += 1
