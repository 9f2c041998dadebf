"""Commits on a scratch file; JavaScript counts whether the commit reached the disk."""

from __future__ import annotations

import os
import sqlite3


def commit(path: str) -> None:
    """Make a table in a new database at *path*, and delete the file again."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE flush(id INTEGER)")
    finally:
        connection.close()
        os.unlink(path)
