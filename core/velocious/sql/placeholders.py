"""Question marks in raw SQL: those that are placeholders, and those that are text."""

from __future__ import annotations


def split_placeholders(sql: str) -> list[str]:
    """*sql* cut at its ``?`` placeholders; those inside quotes and comments are text."""
    pieces: list[str] = []
    start = position = 0
    while position < len(sql):
        skipped = _skip_quoted(sql, position)
        if skipped > position:
            position = skipped
            continue
        if sql[position] == "?":
            pieces.append(sql[start:position])
            start = position + 1
        position += 1
    return [*pieces, sql[start:]]


_CLOSERS = {"'": "'", '"': '"', "`": "`", "[": "]"}


def _skip_quoted(sql: str, position: int) -> int:
    """The position behind the quoted text or comment that starts at *position*, or *position*
    itself.
    """
    if sql.startswith("--", position):
        end = sql.find("\n", position)
    elif sql.startswith("/*", position):
        end = sql.find("*/", position + 2)
        end = end + 1 if end >= 0 else end
    else:
        closer = _CLOSERS.get(sql[position])
        if closer is None:
            return position
        end = sql.find(closer, position + 1)
    return len(sql) if end < 0 else end + 1
