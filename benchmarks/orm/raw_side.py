"""The standard library's sqlite3, as somebody would write it who wants it fast."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

from benchmarks.orm.work import COLUMNS, CREATES, FINDS, PRAGMAS, TABLE, rows

INSERT = (
    f"INSERT INTO tasks ({', '.join(COLUMNS)}, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)"
)
SELECT = "SELECT id, project_id, name, notes, done, position, created_at, updated_at FROM tasks"


class RawSide:
    name = "raw sqlite3"

    def open(self, path: str) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        for pragma in PRAGMAS:
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.execute(TABLE)

    def close(self) -> None:
        self.connection.close()

    def clear(self) -> None:
        self.connection.execute("DELETE FROM tasks")
        self.connection.execute("DELETE FROM sqlite_sequence")

    def insert_multiple(self) -> int:
        now = datetime.now(UTC).isoformat(" ")
        self.connection.execute("BEGIN")
        given = ((*row, now, now) for row in ROWS)
        changed = self.connection.executemany(INSERT, given).rowcount
        self.connection.execute("COMMIT")
        return changed

    def hydrate(self) -> int:
        total = 0
        for row in self.connection.execute(SELECT).fetchall():
            row[1], row[2]
            total += row[5]
        return total

    def find(self) -> int:
        total = 0
        sql = SELECT + " WHERE id = ?"
        for key in range(1, FINDS + 1):
            total += self.connection.execute(sql, (key,)).fetchone()[5]
        return total

    def create(self) -> int:
        last = 0
        self.connection.execute("BEGIN")
        for i in range(CREATES):
            now = datetime.now(UTC).isoformat(" ")
            values = (1, f"task {i}", "notes", False, i, now, now)
            last = self.connection.execute(INSERT, values).lastrowid or 0
        self.connection.execute("COMMIT")
        return last

    def count(self) -> int:
        return self.connection.execute("SELECT COUNT(*) FROM tasks").fetchone()[0]


ROWS = rows()
