"""The standard library's sqlite3, as somebody would write it who wants it fast.

Law: :class:`RawWork` runs anywhere, the browser included; what needs threads is in
:class:`RawSide`.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from threading import local

from benchmarks.orm.data import COLUMNS, PRAGMAS, project_name, rows
from benchmarks.orm.workloads import (
    AT_ONCE,
    COUNTS,
    CREATES,
    FINDS,
    FINDS_EACH,
    PRELOADED,
    SEARCHES,
    UPDATES,
)

INSERT = (
    f"INSERT INTO tasks ({', '.join(COLUMNS)}, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)"
)
COLUMNS_OF_TASKS = ", ".join(
    f"tasks.{name}" for name in ("id", *COLUMNS, "created_at", "updated_at")
)
SELECT = f"SELECT {COLUMNS_OF_TASKS} FROM tasks"
PROJECTS = "SELECT id, name, created_at, updated_at FROM projects"


def connect(path: str, pragmas: tuple[str, ...]) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def now() -> str:
    return datetime.now(UTC).isoformat(" ")


class RawWork:
    name = "raw sqlite3"

    def open(self, path: str, pragmas: tuple[str, ...] = PRAGMAS) -> None:
        self.connection = connect(path, pragmas)

    def close(self) -> None:
        self.connection.close()

    def hydrate(self) -> int:
        total = 0
        for row in self.connection.execute(SELECT).fetchall():
            row[0], row[2]
            total += row[5]
        return total

    def lazy(self) -> int:
        return len(self.connection.execute(SELECT).fetchall())

    def stream(self) -> int:
        total = 0
        for row in self.connection.execute(SELECT):
            total += row[5]
        return total

    def preload(self) -> int:
        total = 0
        projects = self.connection.execute(f"{PROJECTS} WHERE id <= ?", (PRELOADED,)).fetchall()
        keys = [project[0] for project in projects]
        sql = f"{SELECT} WHERE project_id IN ({', '.join('?' * len(keys))})"
        by_project: dict[int, list[tuple[int, ...]]] = {key: [] for key in keys}
        for task in self.connection.execute(sql, keys).fetchall():
            by_project[task[1]].append(task)
        for project in projects:
            for task in by_project[project[0]]:
                total += task[5]
        return total

    def search(self) -> int:
        total = 0
        join = "JOIN projects ON projects.id = tasks.project_id WHERE projects.name = ?"
        sql = f"{SELECT} {join}"
        for key in range(1, SEARCHES + 1):
            for row in self.connection.execute(sql, (project_name(key),)).fetchall():
                total += row[5]
        return total

    def find(self) -> int:
        return finds(self.connection, range(1, FINDS + 1))

    def count(self) -> int:
        total = 0
        sql = "SELECT COUNT(*) FROM tasks WHERE project_id = ?"
        for i in range(COUNTS):
            total += self.connection.execute(sql, (i + 1,)).fetchone()[0]
        return total

    def pluck(self) -> int:
        found = self.connection.execute("SELECT id, name, position FROM tasks").fetchall()
        return sum([row[2] for row in found])

    def create(self) -> int:
        last = 0
        self.connection.execute("BEGIN")
        for i in range(CREATES):
            stamp = now()
            values = (1, f"task {i}", "notes", False, i, stamp, stamp)
            last = self.connection.execute(INSERT, values).lastrowid or 0
        self.connection.execute("COMMIT")
        return last

    def update(self) -> int:
        changed = 0
        sql = "UPDATE tasks SET name = ?, updated_at = ? WHERE id = ?"
        self.connection.execute("BEGIN")
        for row in self.connection.execute(f"{SELECT} WHERE id <= ?", (UPDATES,)).fetchall():
            values = (f"{row[2]} renamed", now(), row[0])
            changed += self.connection.execute(sql, values).rowcount
        self.connection.execute("COMMIT")
        return changed

    def insert_multiple(self) -> int:
        stamp = now()
        self.connection.execute("BEGIN")
        given = ((*row, stamp, stamp) for row in ROWS)
        changed = self.connection.executemany(INSERT, given).rowcount
        self.connection.execute("COMMIT")
        return changed

    def at_once(self) -> int:
        return finds(self.connection, range(1, AT_ONCE * FINDS_EACH + 1))


class RawSide(RawWork):
    def open(self, path: str, pragmas: tuple[str, ...] = PRAGMAS) -> None:
        # Imported late: there are no threads in the browser.
        from benchmarks.orm.jobs import Jobs

        super().open(path, pragmas)
        self.path = path
        self.jobs = Jobs()
        self.own = local()

    def close(self) -> None:
        self.jobs.close()
        super().close()

    def at_once(self) -> int:
        return self.jobs.run(self._finds)

    def _finds(self, keys: range) -> int:
        connection: sqlite3.Connection | None = getattr(self.own, "connection", None)
        if connection is None:
            connection = self.own.connection = connect(self.path, PRAGMAS)
        return finds(connection, keys)


def finds(connection: sqlite3.Connection, keys: range) -> int:
    total = 0
    sql = SELECT + " WHERE id = ?"
    for key in keys:
        total += connection.execute(sql, (key,)).fetchone()[5]
    return total


ROWS = rows()
