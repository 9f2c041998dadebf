"""What migrations would do, as SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.database.scratch import scratch
from velocious.migration.events import PlannedStep
from velocious.migration.failures import failure, file_name
from velocious.migration.loader import check_migration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.migration.database_migrator import DatabaseMigrator
    from velocious.migration.events import Direction
    from velocious.migration.provider import MigrationSource


async def planned_steps(
    migrator: DatabaseMigrator,
    planned: Sequence[tuple[MigrationSource, Direction]],
) -> list[PlannedStep]:
    """The steps of *planned* with their SQL, found on an empty copy of the schema.

    Raises:
        MigrationError: for a migration that fails there.
    """
    found: list[PlannedStep] = []
    if not planned:
        return found
    async with scratch(migrator.database) as (database, statements):
        for source, direction in planned:
            check_migration(source.migration, file_name(source))
            migration = source.migration(database)
            migration.others = migrator.sources
            try:
                await migration.run(direction)
            except Exception as error:
                raise failure(
                    migration, source, direction, error, database=migrator.database, bare=False
                ) from error
            identifier = migrator.database.identifier
            step = (identifier, source.version, source.name, direction)
            found.append(PlannedStep(*step, tuple(statements)))
            statements.clear()
            database.forget_schema()
    return found
