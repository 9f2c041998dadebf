"""The work that every side does, and the data it does it with.

Law: a workload returns a checksum, so that nobody wins by doing less.
"""

from __future__ import annotations

from typing import Protocol

ROWS = 20_000
FINDS = 5_000
CREATES = 2_000

COLUMNS = ("project_id", "name", "notes", "done", "position")
STAMP = "2026-01-01 00:00:00.000000"

TABLE = """
CREATE TABLE tasks (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    project_id INTEGER,
    name VARCHAR(255) NOT NULL,
    notes TEXT,
    done BOOLEAN NOT NULL DEFAULT 0,
    position INTEGER,
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL
)
"""
PRAGMAS = ("journal_mode=wal", "synchronous=normal", "foreign_keys=on")


def rows() -> list[tuple[int, str, str, bool, int]]:
    """The rows to insert, in the order of COLUMNS."""
    return [
        (i % 200, f"task number {i}", "some notes about it", i % 2 == 0, i) for i in range(ROWS)
    ]


class Side(Protocol):
    """One contestant, on a database file of its own."""

    name: str

    def open(self, path: str) -> None: ...

    def close(self) -> None: ...

    def clear(self) -> None:
        """Empty the table; not measured."""
        ...

    def insert_multiple(self) -> int:
        """Insert rows() in one transaction, timestamps included; returns how many."""
        ...

    def hydrate(self) -> int:
        """Load every row as an object and read three attributes; returns the sum of position."""
        ...

    def find(self) -> int:
        """FINDS lookups by primary key; returns the sum of position."""
        ...

    def create(self) -> int:
        """CREATES single inserts in one transaction, as the ORM does them; returns the last key."""
        ...

    def count(self) -> int:
        """Rows in the table, to check the work."""
        ...
