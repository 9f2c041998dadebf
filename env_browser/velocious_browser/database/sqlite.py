"""SQLite in the browser: the shared engine, always inline, on the OPFS file system.

Law: an acknowledged commit has reached the disk; a tab may be killed at any moment. All tabs share
what lies on the durable storage; what is in memory is a tab's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.database.sqlite.driver import SqliteDriver
from velocious.database.sqlite.factory import SqliteDriverFactory, file_path
from velocious.database.sqlite.opening import MEMORY
from velocious_browser.tabs.driver import TabDriver
from velocious_browser.tabs.key import key_of
from velocious_browser.tabs.tab import PRAGMAS, Tab

if TYPE_CHECKING:
    from velocious.database.advisory_lock import LockBroker
    from velocious.database.driver import Driver
    from velocious.database.settings import DatabaseSettings
    from velocious.files import Files
    from velocious_browser.interop import Host

#: Below it the files of all tabs lie.
SHARED = "/opfs/"


class BrowserSqliteDriverFactory(SqliteDriverFactory):
    """Relative paths lie below ``/opfs/<app id>/``, where the environment's files put them."""

    pragmas = PRAGMAS

    def __init__(self, host: Host) -> None:
        self._host = host
        self._own = Tab()

    def make_driver(self, settings: DatabaseSettings, path: str) -> Driver:
        if path == MEMORY:
            return SqliteDriver(settings, path, self.pragmas)
        return TabDriver(settings, path, self._tab(path))

    async def create_database(self, settings: DatabaseSettings, files: Files) -> bool:
        path = file_path(settings, files)
        tab = self._tab(path)
        if tab.engines is not None:
            return await super().create_database(settings, files)
        return await tab.line.ask("create", key_of(settings, path))

    async def drop_database(self, settings: DatabaseSettings, files: Files) -> bool:
        path = file_path(settings, files)
        tab = self._tab(path)
        if tab.engines is not None:
            return await super().drop_database(settings, files)
        return await tab.line.ask("drop", key_of(settings, path))

    def make_lock_broker(self, path: str) -> LockBroker:
        # Imported here: most pages take no lock.
        from velocious_browser.database.tab_locks import TabLocks

        return TabLocks(self._host, path)

    def _tab(self, path: str) -> Tab:
        """Who shares the file at *path*: outside of the storage it is this tab's own memory."""
        return self._host.tab if path.startswith(SHARED) else self._own
