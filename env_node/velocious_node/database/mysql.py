"""MySQL and MariaDB on a server: makes drivers, creates and drops databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.database.mysql.errors import translated
from velocious.database.mysql.server_errors import place
from velocious.errors import ReadOnlyDatabaseError
from velocious.sql.dialects.mysql import COLLATION, MysqlDialect
from velocious_node.database.mysql_opening import connect, find_package, refused

if TYPE_CHECKING:
    from velocious.database.advisory_lock import LockBroker
    from velocious.database.driver import Driver
    from velocious.database.settings import DatabaseSettings
    from velocious.files import Files

_EXISTS = 1007
_MISSING = 1008


class NodeMysqlDriverFactory:
    """The driver factory of the scheme ``mysql``, which ``mariadb`` is another name of."""

    def create(self, settings: DatabaseSettings, files: Files) -> Driver:
        from velocious_node.database.mysql_driver import MysqlDriver

        return MysqlDriver(settings, find_package(settings))

    async def create_database(self, settings: DatabaseSettings, files: Files) -> bool:
        _refuse_read_only(settings, "created")
        return await _change(
            settings, f"CREATE DATABASE {{}} CHARACTER SET utf8mb4 {COLLATION}", done=_EXISTS
        )

    async def drop_database(self, settings: DatabaseSettings, files: Files) -> bool:
        _refuse_read_only(settings, "dropped")
        return await _change(settings, "DROP DATABASE {}", done=_MISSING)

    def lock_broker(self, settings: DatabaseSettings, files: Files) -> LockBroker | None:
        # Imported here: most processes take no lock.
        from velocious_node.database.mysql_locks import ServerLocks

        return ServerLocks(settings, find_package(settings))


async def _change(settings: DatabaseSettings, sql: str, *, done: int) -> bool:
    """Run *sql* with the database's name; False where the error *done* says it is so already."""
    assert settings.server is not None
    package = find_package(settings)
    name = MysqlDialect().quote(settings.server.database)
    opened = await connect(settings, package, with_database=False)
    try:
        await opened.link.query(sql.format(name))
    except package.errors as error:
        said = refused(error)
        if said.number == done:
            return False
        raise translated(said, sql, settings) from error
    finally:
        await opened.link.close()
    return True


def _refuse_read_only(settings: DatabaseSettings, done: str) -> None:
    if settings.read_only:
        raise ReadOnlyDatabaseError(
            f"{place(settings)} is read_only and was not {done}. Leave read_only out to do it."
        )
