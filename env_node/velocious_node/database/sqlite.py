"""SQLite on a server: the shared engine with a time budget for the event loop."""

from __future__ import annotations

from velocious.database.sqlite.factory import SqliteDriverFactory


class NodeSqliteDriverFactory(SqliteDriverFactory):
    """Database files lie below the application's root, where the environment's files put relative paths."""
