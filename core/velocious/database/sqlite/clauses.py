"""The constraints in a column's or table's definition, each with its place in the text.

Law: the grammar of CREATE TABLE is followed word by word, because the same words start clauses
and end others: the NULL of ``ON DELETE SET NULL`` and the NOT of ``NOT DEFERRABLE`` belong to
REFERENCES.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.database.sqlite.tokens import Token

_OPENING = frozenset(
    "CONSTRAINT PRIMARY UNIQUE CHECK FOREIGN REFERENCES NOT NULL DEFAULT COLLATE GENERATED "
    "AS".split()
)
#: What may stand before an opening word without it opening anything.
_INSIDE = frozenset({"SET", "ALWAYS"})


class Clause(NamedTuple):
    """A constraint: its kind, its tokens, and where it starts and ends in the text."""

    kind: str
    tokens: tuple[Token, ...]
    start: int
    end: int


def clauses(words: Sequence[Token]) -> list[Clause]:
    """The constraints in *words*, which belong to one definition and begin behind its name."""
    found: list[Clause] = []
    depth = words[0].depth if words else 0
    openings = _openings(words, depth)
    for place, following in pairwise([*openings, len(words)]):
        part = tuple(words[place:following])
        found.append(Clause(_kind(part), part, part[0].start, part[-1].end))
    return found


def _openings(words: Sequence[Token], depth: int) -> list[int]:
    places: list[int] = []
    place = 0
    while place < len(words):
        if words[place].depth == depth and _opens(words, place, places):
            places.append(place)
            place += _head(words, place)
        else:
            place += 1
    return places


def _opens(words: Sequence[Token], place: int, places: list[int]) -> bool:
    keyword = words[place].keyword
    if keyword not in _OPENING:
        return False
    before = words[place - 1].keyword if place else ""
    if before in _INSIDE or (keyword == "NOT" and _keyword(words, place + 1) == "DEFERRABLE"):
        return False
    # FOREIGN KEY (…) REFERENCES … is one clause.
    return not (keyword == "REFERENCES" and places and _is_foreign(words, places[-1], place))


def _is_foreign(words: Sequence[Token], opening: int, place: int) -> bool:
    return any(word.keyword == "FOREIGN" for word in words[opening:place])


def _head(words: Sequence[Token], place: int) -> int:
    """How many words after an opening cannot open another clause."""
    keyword = words[place].keyword
    if keyword == "CONSTRAINT":
        # CONSTRAINT, its name, and the word that says which constraint it is.
        return 2 + _head(words, place + 2) if place + 2 < len(words) else 2
    if keyword == "DEFAULT":
        return 3 if words[place + 1].text in "+-" else 2
    return 2 if keyword == "NOT" else 1


def _kind(part: Sequence[Token]) -> str:
    words = part[2:] if part[0].keyword == "CONSTRAINT" else part
    kind = words[0].keyword if words else "CONSTRAINT"
    return "NOT NULL" if kind == "NOT" else kind


def _keyword(words: Sequence[Token], place: int) -> str:
    return words[place].keyword if place < len(words) else ""


def named_in(clause: Clause) -> list[str]:
    """The names in the clause's first parentheses: its columns."""
    inside = clause.tokens[0].depth + 1
    names: list[str] = []
    for token in clause.tokens:
        if token.text == ")" and names:
            break
        # The first word of each entry; COLLATE and DESC may follow it.
        if token.depth == inside and token.name and _starts_entry(clause.tokens, token):
            names.append(token.name)
    return names


def _starts_entry(words: Sequence[Token], token: Token) -> bool:
    return words[words.index(token) - 1].text in ("(", ",")
