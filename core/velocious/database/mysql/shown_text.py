"""Definitions as the servers show them, made fit for our sessions.

SHOW CREATE and the views of ``information_schema`` write text with backslashes whatever the
session's sql_mode says, so that a definition sent back as it is would grow backslashes.
"""

from __future__ import annotations

import re

_PARTS = re.compile(r"""'((?:[^'\\]|\\.|'')*)'|"(?:[^"]|"")*"|`(?:[^`]|``)*`""", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)|''", re.DOTALL)
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "0": "\0", "Z": "\x1a"}


def with_standard_text(sql: str) -> str:
    """*sql* with its literals as standard SQL has them: a quote is doubled, nothing else is
    special.
    """
    return _PARTS.sub(_standard, sql)


def _standard(part: re.Match[str]) -> str:
    text = part.group(1)
    if text is None:
        return part.group()
    return "'" + _ESCAPED.sub(_meant, text).replace("'", "''") + "'"


def _meant(escaped: re.Match[str]) -> str:
    letter = escaped.group(1)
    return "'" if letter is None else _LETTERS.get(letter, letter)
