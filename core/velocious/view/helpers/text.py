"""Texts of people, shown in a page."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup, escape

from velocious.naming import humanize as words

_PARAGRAPHS = re.compile(r"\n\s*\n")


def truncate(text: Any, length: int = 80, *, end: str = "…") -> str:
    """*text*, cut between two words so that it has at most *length* characters with *end*."""
    plain = "" if text is None else str(text)
    if len(plain) <= length:
        return plain
    room = max(0, length - len(end))
    cut = plain[:room]
    if not plain[room].isspace() and " " in cut.strip():
        cut = cut.rpartition(" ")[0]
    return f"{cut.rstrip()}{end}"


def humanize(text: Any) -> str:
    """A value of an enum, or another name, as words: ``in_review`` → ``In review``."""
    return "" if text is None else words(str(text))


def simple_format(text: Any) -> Markup:
    """Plain *text* as paragraphs: an empty line begins one, a line break is kept."""
    plain = ("" if text is None else str(text)).replace("\r\n", "\n").strip()
    if not plain:
        return Markup()
    blocks = (str(escape(block)).replace("\n", "<br>\n") for block in _PARAGRAPHS.split(plain))
    return Markup("\n".join(f"<p>{block}</p>" for block in blocks))
