"""``if not await is_current(configuration):`` whether there is anything to migrate, cheaply.

Law: the answer is the one that ``Migrator.pending()`` gives; only the way there is shorter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.database.database import Database
    from velocious.migration.provider import MigrationProvider

#: The table that knows which migrations have run; see ``ledger.py``.
LEDGER = "schema_migrations"


async def is_current(
    configuration: Configuration, *, provider: MigrationProvider | None = None
) -> bool:
    """Whether every migration has run on the databases it is for.

    Where all have, their versions say so, and no migration is loaded::

        if not await is_current(configuration):
            from velocious.migration import Migrator

            await Migrator(configuration).migrate()

    Raises:
        MigrationError: for a file with a wrong name; where something seems to be missing, for
            whatever is wrong with the migrations.
    """
    known = provider or configuration.migration_provider()
    versions = set(known.versions())
    for database in migrated_databases(configuration):
        if not versions <= await applied_versions(database):
            break
    else:
        return True
    # A migration may be meant for some databases only, which it alone knows.
    from velocious.migration.migrator import Migrator

    return not await Migrator(configuration, provider=known).pending()


def migrated_databases(configuration: Configuration) -> list[Database]:
    """The databases that migrations run on, if nobody names one."""
    return [
        database
        for database in configuration.databases.values()
        if database.settings.migrations and not database.settings.read_only and database.is_here()
    ]


async def applied_versions(database: Database) -> set[str]:
    """The versions of the migrations that have run on *database*."""
    if LEDGER not in await database.table_names():
        return set()
    rows = await database.fetch(f"SELECT version FROM {database.dialect.quote(LEDGER)}")
    return {version for (version,) in rows}
