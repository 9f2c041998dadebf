"""What kind of statement an SQL text is, remembered by text.

Law: when in doubt a statement counts as a write, because only reads are ever interrupted and run
again.
"""

from __future__ import annotations

import re
from typing import Final

READ: Final = 0
#: A read that went over its time budget the last time.
SLOW_READ: Final = 1
WRITE: Final = 2
#: A write that may touch every row: no WHERE, INSERT … SELECT, DDL.
BULK_WRITE: Final = 3
#: BEGIN, COMMIT and their kin, which belong to transactions alone.
CONTROL: Final = 4

_KEPT = 4096

_SKIPPED = re.compile(r"(?:\s+|;|\(|--[^\n]*(?:\n|\Z)|/\*.*?\*/)*", re.DOTALL)
_WORD = re.compile(r"[A-Za-z]+")
_WRITES = re.compile(
    r"\b(?:(?:INSERT|REPLACE)\s+(?:OR\s+\w+\s+)?INTO|DELETE\s+FROM|UPDATE\b.*?\bSET)\b",
    re.IGNORECASE | re.DOTALL,
)
_WHERE = re.compile(r"\bWHERE\b", re.IGNORECASE)
_SELECT = re.compile(r"\bSELECT\b", re.IGNORECASE)

_READING_PRAGMA = re.compile(r"PRAGMA\s+(?:\w+\.)?(\w+)\s*(?:\([^)]*\))?\s*;?\s*\Z", re.IGNORECASE)
#: Pragmas that change the file although they look like questions.
WORKING_PRAGMAS = frozenset({"wal_checkpoint", "optimize", "incremental_vacuum"})

_READS = frozenset({"SELECT", "VALUES", "EXPLAIN"})
_CONTROLS = frozenset({"BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE"})
_DEFINITIONS = frozenset({"CREATE", "ALTER", "DROP", "VACUUM", "REINDEX", "ANALYZE"})
_CHANGES = _DEFINITIONS | {"INSERT", "UPDATE", "DELETE", "REPLACE"}


class StatementKinds(dict[str, int]):
    """SQL text → kind; fills itself in and forgets the oldest texts beyond a few thousand."""

    def __missing__(self, sql: str) -> int:
        return self.remember(sql, kind_of(sql))

    def remember(self, sql: str, kind: int) -> int:
        """Make *kind* the kind of *sql*, as the text remembered last."""
        self.pop(sql, None)
        if len(self) >= _KEPT:
            del self[next(iter(self))]
        self[sql] = kind
        return kind


def first_word(sql: str) -> str:
    """The first keyword of *sql* in upper case, behind comments and parentheses."""
    start = _SKIPPED.match(sql)
    word = _WORD.match(sql, start.end() if start else 0)
    return word.group().upper() if word else ""


def surely_writes(sql: str) -> bool:
    """Whether the first keyword leaves no doubt that *sql* changes something."""
    return first_word(sql) in _CHANGES


def kind_of(sql: str) -> int:
    """The kind of *sql*, by its text alone."""
    word = first_word(sql)
    if word in _READS:
        return READ
    if word == "WITH":
        return READ if not _WRITES.search(sql) else BULK_WRITE
    if word in _CONTROLS:
        return CONTROL
    if word == "PRAGMA":
        return _pragma_kind(sql)
    if word in _DEFINITIONS:
        return BULK_WRITE
    if word in ("UPDATE", "DELETE"):
        return WRITE if _WHERE.search(sql) else BULK_WRITE
    if word in ("INSERT", "REPLACE"):
        return BULK_WRITE if _SELECT.search(sql) else WRITE
    return WRITE


def _pragma_kind(sql: str) -> int:
    reading = _READING_PRAGMA.search(sql)
    return READ if reading and reading.group(1).lower() not in WORKING_PRAGMAS else WRITE
