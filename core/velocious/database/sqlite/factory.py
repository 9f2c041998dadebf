"""Makes SQLite drivers, and creates and drops database files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from velocious.database.sqlite.driver import SqliteDriver
from velocious.database.sqlite.opening import MEMORY
from velocious.errors import DatabaseUnavailableError, ReadOnlyDatabaseError

if TYPE_CHECKING:
    from velocious.database.advisory_lock import LockBroker
    from velocious.database.driver import Driver
    from velocious.database.settings import DatabaseSettings
    from velocious.database.sqlite.pragmas import Pragmas
    from velocious.files import Files

#: The files SQLite keeps beside a database, and the database itself last.
SUFFIXES = ("-wal", "-shm", "-journal", "")


class SqliteDriverFactory:
    """The driver factory of the scheme ``sqlite``; *pragmas* are the environment's own defaults."""

    pragmas: Pragmas = {}

    def create(self, settings: DatabaseSettings, files: Files) -> Driver:
        return self.make_driver(settings, file_path(settings, files))

    def make_driver(self, settings: DatabaseSettings, path: str) -> Driver:
        """The driver for the file at *path*."""
        return SqliteDriver(settings, path, self.pragmas)

    async def create_database(self, settings: DatabaseSettings, files: Files) -> bool:
        path = file_path(settings, files)
        return path != MEMORY and await create_file(
            settings, path, self.make_driver(settings, path)
        )

    def lock_broker(self, settings: DatabaseSettings, files: Files) -> LockBroker | None:
        path = file_path(settings, files)
        return None if path == MEMORY else self.make_lock_broker(path)

    def make_lock_broker(self, path: str) -> LockBroker | None:
        """What keeps others out of the locks of the file at *path*; the engine alone has none."""
        return None

    async def drop_database(self, settings: DatabaseSettings, files: Files) -> bool:
        path = file_path(settings, files)
        return path != MEMORY and drop_files(settings, path)


async def create_file(settings: DatabaseSettings, path: str, driver: Driver) -> bool:
    """Have *driver* make the file at *path*, if it is missing; True if it was made."""
    if os.path.exists(path):
        return False
    if settings.read_only:
        raise ReadOnlyDatabaseError(
            f"The database {settings.identifier!r} ({settings.path}) is read_only and does "
            "not exist. Leave read_only out to create it."
        )
    await driver.open()
    await driver.close()
    return True


def drop_files(settings: DatabaseSettings, path: str) -> bool:
    """Remove the file at *path*, which is closed, and what SQLite keeps beside it; True if it was
    there.
    """
    if not os.path.exists(path):
        return False
    if settings.read_only:
        raise ReadOnlyDatabaseError(
            f"The database {settings.identifier!r} ({settings.path}) is read_only and was not "
            "dropped. Leave read_only out to drop it."
        )
    for suffix in SUFFIXES:
        _remove(settings, path + suffix)
    return True


def file_path(settings: DatabaseSettings, files: Files) -> str:
    """Where the database's file is; ``":memory:"`` for one in memory."""
    return MEMORY if settings.path == MEMORY else files.absolute(settings.path)


def _remove(settings: DatabaseSettings, path: str) -> None:
    try:
        os.remove(path)
    except FileNotFoundError:
        return
    except OSError as error:
        raise DatabaseUnavailableError(
            f"The file {path!r} of the database {settings.identifier!r} cannot be removed "
            f"({error.strerror}). Close the programs that use it and make its folder writable."
        ) from error
