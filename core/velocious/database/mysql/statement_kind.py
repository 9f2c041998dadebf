"""What kind of statement an SQL text is, as far as MySQL's connections treat them differently."""

from __future__ import annotations

import re
from typing import Final

READ: Final = 0
WRITE: Final = 1
#: CREATE, ALTER, DROP and others that commit what is open before they begin.
DEFINITION: Final = 2
#: SET, SHOW, CALL and what else there is: sent as text, because not all of it can be prepared.
OTHER: Final = 3
#: BEGIN, COMMIT and their kin, which belong to transactions alone.
CONTROL: Final = 4

_KEPT = 4096

# What an executable comment holds is run: only its opening is passed over.
_SKIPPED = re.compile(
    r"(?:\s+|;|\(|--[^\n]*(?:\n|\Z)|\#[^\n]*(?:\n|\Z)|/\*M?!\d*|/\*(?!M?!).*?(?:\*/|\Z))*",
    re.DOTALL,
)
_WORDS = re.compile(r"[A-Za-z_]+")
_TEMPORARY = re.compile(r"(?:CREATE(?:\s+OR\s+REPLACE)?|DROP)\s+TEMPORARY\b", re.IGNORECASE)
_WRITES = re.compile(
    r"\b(?:(?:INSERT|REPLACE)\b.*?\bINTO|DELETE\b.*?\bFROM|UPDATE\b.*?\bSET)\b",
    re.IGNORECASE | re.DOTALL,
)
_AUTOCOMMIT = re.compile(r"\bautocommit\b", re.IGNORECASE)

_KINDS = {
    "SELECT": READ,
    "VALUES": READ,
    "EXPLAIN": READ,
    "DESCRIBE": READ,
    "DESC": READ,
    "SHOW": READ,
    "TABLE": READ,
    "INSERT": WRITE,
    "UPDATE": WRITE,
    "DELETE": WRITE,
    "REPLACE": WRITE,
    **dict.fromkeys(
        "CREATE ALTER DROP RENAME TRUNCATE GRANT REVOKE ANALYZE OPTIMIZE REPAIR FLUSH".split(),
        DEFINITION,
    ),
    **dict.fromkeys(
        "BEGIN START COMMIT END ROLLBACK SAVEPOINT RELEASE XA LOCK UNLOCK".split(), CONTROL
    ),
}


class StatementKinds(dict[str, int]):
    """SQL text → kind; fills itself in and forgets the oldest texts beyond a few thousand."""

    def __missing__(self, sql: str) -> int:
        if len(self) >= _KEPT:
            del self[next(iter(self))]
        kind = self[sql] = kind_of(sql)
        return kind


def first_word(sql: str) -> str:
    """The first keyword of *sql* in upper case, behind comments and parentheses."""
    start = _start(sql)
    word = _WORDS.match(sql, start)
    return word.group().upper() if word else ""


def kind_of(sql: str) -> int:
    """The kind of *sql*, by its text alone; what may write counts as a write."""
    word = first_word(sql)
    if word == "WITH":
        return WRITE if _WRITES.search(sql) else READ
    if word == "SET" and _AUTOCOMMIT.search(sql):
        return CONTROL
    kind = _KINDS.get(word, OTHER)
    if kind == DEFINITION and _TEMPORARY.match(sql, _start(sql)):
        return OTHER
    return kind


def _start(sql: str) -> int:
    skipped = _SKIPPED.match(sql)
    return skipped.end() if skipped else 0
