"""SQLite in the browser: the shared engine, always inline, on the OPFS file system.

Law: an acknowledged commit has reached the disk; a tab may be killed at any moment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.database.sqlite.driver import SqliteDriver
from velocious.database.sqlite.factory import SqliteDriverFactory
from velocious_browser.database.replacing import put_back

if TYPE_CHECKING:
    import sqlite3

    from velocious.database.advisory_lock import LockBroker
    from velocious.database.driver import Driver
    from velocious.database.settings import DatabaseSettings
    from velocious_browser.interop import Host


class BrowserSqliteDriver(SqliteDriver):
    """Opens the database that was there before an import which did not get to its end."""

    def _open(self, opened: list[sqlite3.Connection]) -> None:
        if not self.in_memory:
            put_back(self.path)
        super()._open(opened)


class BrowserSqliteDriverFactory(SqliteDriverFactory):
    """Relative paths lie below ``/opfs/<app id>/``, where the environment's files put them."""

    pragmas = {"synchronous": "full"}

    def __init__(self, host: Host) -> None:
        self._host = host

    def make_driver(self, settings: DatabaseSettings, path: str) -> Driver:
        return BrowserSqliteDriver(settings, path, self.pragmas)

    def make_lock_broker(self, path: str) -> LockBroker:
        # Imported here: most pages take no lock.
        from velocious_browser.database.tab_locks import TabLocks

        return TabLocks(self._host, path)
