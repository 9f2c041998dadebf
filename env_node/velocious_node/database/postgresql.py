"""PostgreSQL on a server: makes drivers, creates and drops databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.errors import ConfigurationError, ReadOnlyDatabaseError

if TYPE_CHECKING:
    from velocious.database.advisory_lock import LockBroker
    from velocious.database.driver import Driver
    from velocious.database.settings import DatabaseSettings
    from velocious.files import Files


class NodePostgresqlDriverFactory:
    """The driver factory of the scheme ``postgresql``."""

    def create(self, settings: DatabaseSettings, files: Files) -> Driver:
        _demand_asyncpg(settings)
        from velocious_node.database.postgresql_driver import PostgresqlDriver

        return PostgresqlDriver(settings)

    async def create_database(self, settings: DatabaseSettings, files: Files) -> bool:
        _demand_asyncpg(settings)
        from velocious_node.database.postgresql_databases import create_database

        _refuse_read_only(settings, "created")
        return await create_database(settings)

    async def drop_database(self, settings: DatabaseSettings, files: Files) -> bool:
        _demand_asyncpg(settings)
        from velocious_node.database.postgresql_databases import drop_database

        _refuse_read_only(settings, "dropped")
        return await drop_database(settings)

    def lock_broker(self, settings: DatabaseSettings, files: Files) -> LockBroker | None:
        _demand_asyncpg(settings)
        from velocious_node.database.postgresql_locks import ServerLocks

        return ServerLocks(settings)


def _demand_asyncpg(settings: DatabaseSettings) -> None:
    try:
        import asyncpg
    except ImportError as error:
        raise ConfigurationError(
            f"The database {settings.identifier!r} is a PostgreSQL one, for which the package "
            "asyncpg is missing. Install it: pip install 'velocious[postgresql]'."
        ) from error
    assert asyncpg


def _refuse_read_only(settings: DatabaseSettings, done: str) -> None:
    if settings.read_only:
        raise ReadOnlyDatabaseError(
            f"The database {settings.identifier!r} ({settings.path}) is read_only and was not "
            f"{done}. Leave read_only out to do it."
        )
