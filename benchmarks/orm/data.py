"""The tables that every side works on, and the rows in them.

Law: rows are put there and looked at by ``sqlite3`` alone, so that no side checks its own work.
"""

from __future__ import annotations

import sqlite3

#: How many rows the table of tasks holds, and how many projects they belong to.
ROWS = 20_000
PROJECTS = 1_000

COLUMNS = ("project_id", "name", "notes", "done", "position")
STAMP = "2026-01-01 00:00:00.000000"
PRAGMAS = ("journal_mode=wal", "synchronous=normal", "foreign_keys=on")

TABLES = """
CREATE TABLE projects (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    name VARCHAR(255) NOT NULL,
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL
);
CREATE INDEX projects_by_name ON projects (name);
CREATE TABLE tasks (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    project_id INTEGER NOT NULL REFERENCES projects (id),
    name VARCHAR(255) NOT NULL,
    notes TEXT,
    done BOOLEAN NOT NULL DEFAULT 0,
    position INTEGER,
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL
);
CREATE INDEX tasks_by_project ON tasks (project_id);
"""


def project_name(key: int) -> str:
    """What the project with this key is called."""
    return f"project {key}"


def rows() -> list[tuple[int, str, str, bool, int]]:
    """The tasks, in the order of COLUMNS: as many for each project."""
    return [
        (i % PROJECTS + 1, f"task number {i}", "some notes about it", i % 2 == 0, i)
        for i in range(ROWS)
    ]


def make(path: str) -> None:
    """A database at *path* with projects and without tasks."""
    connection = _connect(path)
    connection.executescript(TABLES)
    named = [(project_name(key), STAMP, STAMP) for key in range(1, PROJECTS + 1)]
    sql = "INSERT INTO projects (name, created_at, updated_at) VALUES (?, ?, ?)"
    _write(connection, sql, named)


def fill(path: str) -> None:
    """Put all tasks there anew."""
    clear(path)
    names = (*COLUMNS, "created_at", "updated_at")
    sql = f"INSERT INTO tasks ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
    _write(_connect(path), sql, [(*row, STAMP, STAMP) for row in rows()])


def clear(path: str) -> None:
    """Leave no task."""
    connection = _connect(path)
    connection.execute("DELETE FROM tasks")
    connection.execute("DELETE FROM sqlite_sequence WHERE name = 'tasks'")
    connection.close()


def digest(path: str) -> tuple[object, ...]:
    """What is in the table of tasks, in a few numbers."""
    connection = _connect(path)
    sql = (
        "SELECT count(*), min(id), max(id), sum(project_id), sum(length(name)), sum(done), "
        f"sum(position), sum(created_at >= '{STAMP[:10]}'), sum(updated_at > '{STAMP}') FROM tasks"
    )
    found = connection.execute(sql).fetchone()
    connection.close()
    return found


def _connect(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _write(connection: sqlite3.Connection, sql: str, values: list[tuple[object, ...]]) -> None:
    connection.execute("BEGIN")
    connection.executemany(sql, values)
    connection.execute("COMMIT")
    # A long log would slow down whoever reads first.
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
