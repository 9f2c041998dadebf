"""SQLite in the browser: the shared engine, always inline, on the OPFS file system.

Law: an acknowledged commit has reached the disk; a tab may be killed at any moment.
"""

from __future__ import annotations

from velocious.database.sqlite.factory import SqliteDriverFactory


class BrowserSqliteDriverFactory(SqliteDriverFactory):
    """Relative paths lie below ``/opfs/<app id>/``, where the environment's files put them."""

    pragmas = {"synchronous": "full"}
