"""SQLite in the browser: the shared engine, always inline, on the OPFS file system.

Law: an acknowledged commit has reached the disk; a tab may be killed at any moment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.database.sqlite.factory import SqliteDriverFactory

if TYPE_CHECKING:
    from velocious.database.advisory_lock import LockBroker
    from velocious_browser.interop import Host


class BrowserSqliteDriverFactory(SqliteDriverFactory):
    """Relative paths lie below ``/opfs/<app id>/``, where the environment's files put them."""

    pragmas = {"synchronous": "full"}

    def __init__(self, host: Host) -> None:
        self._host = host

    def make_lock_broker(self, path: str) -> LockBroker:
        # Imported here: most pages take no lock.
        from velocious_browser.database.tab_locks import TabLocks

        return TabLocks(self._host, path)
