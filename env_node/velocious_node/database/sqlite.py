"""SQLite on a server: the shared engine with a time budget for the event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.database.sqlite.factory import SqliteDriverFactory
from velocious_node.database.sqlite_driver import NodeSqliteDriver

if TYPE_CHECKING:
    from velocious.database.advisory_lock import LockBroker
    from velocious.database.driver import Driver
    from velocious.database.settings import DatabaseSettings


class NodeSqliteDriverFactory(SqliteDriverFactory):
    """Relative paths lie below the application's root, where the environment's files put them."""

    def make_driver(self, settings: DatabaseSettings, path: str) -> Driver:
        return NodeSqliteDriver(settings, path, self.pragmas)

    def make_lock_broker(self, path: str) -> LockBroker:
        # Imported here: most processes take no lock.
        from velocious_node.database.lock_files import LockFiles

        return LockFiles(path)
