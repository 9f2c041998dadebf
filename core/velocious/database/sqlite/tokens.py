"""The words of an SQL text as SQLite reads them, each with its place.

Law: quoted text and comments are opaque, and nothing is lost: a caller edits the text at the
places of the tokens.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    r"""
      (?P<space>\s+ | --[^\n]*(?:\n|\Z) | /\*.*?(?:\*/|\Z))
    | (?P<text>[xX]?'(?:[^']|'')*')
    | (?P<quoted>"(?:[^"]|"")*" | `(?:[^`]|``)*` | \[[^\]]*\])
    | (?P<word>[^\W\d][\w$]*)
    | (?P<number>[\d.][\w.]*)
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A word, name, literal or sign of an SQL text.

    Attributes:
        kind: ``"word"``, ``"quoted"``, ``"text"``, ``"number"`` or ``"sign"``.
        depth: how many parentheses are open around it; a parenthesis itself counts as outside.
    """

    kind: str
    text: str
    start: int
    end: int
    depth: int

    @property
    def keyword(self) -> str:
        """The word in upper case; empty for anything else."""
        return self.text.upper() if self.kind == "word" else ""

    @property
    def name(self) -> str | None:
        """What it names, without quotes; None for literals and signs."""
        if self.kind == "word":
            return self.text
        if self.kind == "quoted":
            return unquoted(self.text)
        return None


def tokens(sql: str) -> list[Token]:
    """The tokens of *sql*, without spaces and comments."""
    return list(_read(sql))


def _read(sql: str) -> Iterator[Token]:
    depth = 0
    for match in _TOKEN.finditer(sql):
        kind, text = str(match.lastgroup), match.group()
        if kind == "space":
            continue
        if text == ")":
            depth -= 1
        yield Token(kind, text, match.start(), match.end(), depth)
        if text == "(":
            depth += 1


def unquoted(name: str) -> str:
    """*name* without its quotes, if it has any."""
    opening = name[:1]
    if opening == "[":
        return name[1:-1]
    if opening in ('"', "`"):
        return name[1:-1].replace(opening * 2, opening)
    return name


def same_name(one: str | None, other: str) -> bool:
    """Whether two names mean the same thing; SQLite folds ASCII letters only."""
    return one is not None and _fold(one) == _fold(other)


def _fold(name: str) -> str:
    return "".join(letter.lower() if letter.isascii() else letter for letter in name)


def mentions(sql: str, name: str) -> bool:
    """Whether *sql* uses *name* outside of literals and comments."""
    return any(same_name(token.name, name) for token in tokens(sql))


def where_of(index_sql: str) -> str | None:
    """The condition of a partial index."""
    for token in tokens(index_sql):
        if token.depth == 0 and token.keyword == "WHERE":
            return index_sql[token.end :].strip().rstrip(";").rstrip()
    return None
