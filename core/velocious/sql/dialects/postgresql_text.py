"""What a text of PostgreSQL's SQL is made of, as far as we must know.

Law: quotes, dollar quotes and comments are skipped, never looked into.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTROLS: Final = frozenset(
    {"BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE", "PREPARE"}
)
READS: Final = frozenset({"SELECT", "VALUES", "TABLE", "EXPLAIN", "SHOW"})

_WORD = re.compile(r"[A-Za-z_]+")
_WRITES = re.compile(r"(?:INSERT\s+INTO|DELETE\s+FROM|UPDATE\s|MERGE\s+INTO)", re.IGNORECASE)
# What is skipped as a whole, a placeholder, the end of a statement, or any other piece of text.
_PIECES = re.compile(
    r"""
      (?P<skipped> [eE]'(?:[^'\\]|''|\\.)*' | '(?:[^']|'')*' | "(?:[^"]|"")*"
                 | (?P<tag>\$(?:[A-Za-z_]\w*)?\$) .*? (?P=tag)
                 | --[^\n]* | /\*.*?\*/ )
    | (?P<place> \$\d+ )
    | (?P<literal> \?\? )
    | (?P<mark> \? )
    | (?P<end> ; )
    | (?P<other> \w+ | . )
    """,
    re.VERBOSE | re.DOTALL,
)


def first_words(sql: str) -> Iterator[str]:
    """The first keyword of each statement in *sql*, in upper case."""
    wanted = True
    # The body of a function that is written in standard SQL has statements of its own.
    atomic = False
    before = ""
    for piece in _PIECES.finditer(sql):
        if piece.lastgroup == "end":
            wanted = True
        elif piece.lastgroup == "other" and not piece.group().isspace():
            text = piece.group().upper()
            atomic = atomic or (before == "BEGIN" and text == "ATOMIC")
            before = text
            if wanted and text != "(":
                word = _WORD.match(text)
                wanted = False
                if not atomic:
                    yield word.group() if word else ""
                elif text == "END":
                    atomic = False


def first_word(sql: str) -> str:
    """The first keyword of *sql* in upper case; "" for none."""
    return next(first_words(sql), "")


def reads(sql: str, word: str) -> bool:
    """Whether *sql*, whose first keyword is *word*, looks as if it only read."""
    return word in READS or (word == "WITH" and not _WRITES.search(sql))


def cut_at_marks(sql: str) -> list[str]:
    """*sql* cut at the ``?`` that are neither quoted nor in a comment; ``??`` is the operator."""
    parts = [""]
    for piece in _PIECES.finditer(sql):
        if piece.lastgroup == "mark":
            parts.append("")
        else:
            parts[-1] += "?" if piece.lastgroup == "literal" else piece.group()
    return parts


def numbered(sql: str, count: int) -> str:
    """*sql* with its ``?`` as ``$1``, ``$2`` …, if they are the placeholders of *count* values.

    Questions marks are operators of JSONB, too: text that has numbered placeholders already, or
    another number of question marks, stays as it is.
    """
    if not count or "?" not in sql:
        return sql
    pieces = list(_PIECES.finditer(sql))
    marks = sum(1 for piece in pieces if piece.lastgroup == "mark")
    if marks != count or any(piece.lastgroup == "place" for piece in pieces):
        return sql
    numbers = iter(range(1, count + 1))
    return "".join(
        f"${next(numbers)}"
        if piece.lastgroup == "mark"
        else "?"
        if piece.lastgroup == "literal"
        else piece.group()
        for piece in pieces
    )
