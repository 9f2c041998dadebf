"""Runs an SQL statement that somebody typed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from velocious.cli.tabular import rows_text

if TYPE_CHECKING:
    from velocious.database.database import Database

_READS = frozenset(
    {"SELECT", "VALUES", "EXPLAIN", "PRAGMA", "SHOW", "DESCRIBE", "DESC", "TABLE", "WITH"}
)
_CHANGES = re.compile(r"\b(INSERT|UPDATE|DELETE|REPLACE|MERGE)\b", re.IGNORECASE)
_START = re.compile(r"(?:\s+|\(|--[^\n]*(?:\n|\Z)|/\*.*?\*/)*([A-Za-z]*)", re.DOTALL)
_TEXTS = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/", re.DOTALL)


async def run_statement(database: Database, sql: str, format: str = "table") -> str:
    """Run *sql*; its rows, or how many it changed, as text."""
    sql = sql.strip().rstrip(";")
    if is_read(sql):
        names, rows = await database.fetch_described(sql)
        return rows_text(format, names, rows)
    result = await database.execute(sql, unbounded=True)
    database.forget_schema()
    if result.rows:
        names = [f"column {place}" for place in range(1, len(result.rows[0]) + 1)]
        return rows_text(format, names, result.rows)
    if result.rowcount < 0:
        return "Done."
    return f"{result.rowcount:,} row{'' if result.rowcount == 1 else 's'} changed."


def is_read(sql: str) -> bool:
    """Whether *sql* asks for rows and changes none."""
    found = _START.match(sql)
    word = found[1].upper() if found else ""
    if word not in _READS:
        return False
    if word == "PRAGMA":
        return "=" not in sql
    return word not in ("WITH", "EXPLAIN") or _CHANGES.search(_TEXTS.sub("", sql)) is None
