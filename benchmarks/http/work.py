"""What every framework is asked for, and what it has to answer."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import Any

#: Twenty of these are answered as JSON.
ROWS = [
    {"id": number, "name": f"Task number {number}", "done": number % 3 == 0, "position": number * 7}
    for number in range(1, 21)
]


@dataclass(frozen=True, slots=True)
class Work:
    """One request.

    Attributes:
        name: on the command line.
        title: in the table.
        answer: what has to come, as JSON.
        aim: the ratio to Starlette's that Velocious aims at.
    """

    name: str
    title: str
    method: str
    path: str
    body: bytes
    answer: Any
    aim: float

    def request(self, port: int) -> bytes:
        """The bytes that are sent."""
        lines = [
            f"{self.method} {self.path} HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            "User-Agent: benchmark",
            "Accept: */*",
        ]
        if self.body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(self.body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


ALL = (
    Work("ping", "JSON ping", "GET", "/ping", b"", {"pong": True}, 1.15),
    Work(
        "echo",
        "JSON echo: path, query, body",
        "POST",
        "/echo/7?q=tea",
        b'{"n": 3, "note": "a cup of tea"}',
        {"id": 7, "q": "tea", "n": 3, "note": "a cup of tea"},
        1.15,
    ),
    Work("rows", "20 rows of SQLite", "GET", "/rows", b"", ROWS, 0.8),
)


def write_database(path: str) -> None:
    """A file with the rows that are asked for."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(
            "CREATE TABLE tasks (id INTEGER PRIMARY KEY, name VARCHAR(255) NOT NULL,"
            " done BOOLEAN NOT NULL, position INTEGER NOT NULL)"
        )
        connection.executemany(
            "INSERT INTO tasks VALUES (:id, :name, :done, :position)",
            ROWS,
        )
