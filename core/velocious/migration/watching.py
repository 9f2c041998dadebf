"""For development: notices that another program has migrated the databases of a running one.

Law: a program that is no developer's never asks: there migrations come before the server.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from velocious.errors import DatabaseError
from velocious.migration.currency import applied_versions, migrated_databases

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.database.database import Database

logger = logging.getLogger("velocious.migration")


class TableWatch:
    """Keeps what the models know about their tables as new as the migrations that have run."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._seen: dict[str, set[str]] = {}

    async def look(self) -> None:
        """Read the tables of the models again where migrations have run (or were undone) since."""
        models = self._configuration.models
        if not list(models):
            return
        try:
            for database in migrated_databases(self._configuration):
                await self._look_at(database)
            await models.load()
        except DatabaseError as error:
            # An action that needs the database says so itself; the others need not wait for it.
            logger.debug("Nobody knows which migrations have run: %s", error)

    async def _look_at(self, database: Database) -> None:
        applied = await applied_versions(database)
        if applied != self._seen.get(database.identifier):
            self._seen[database.identifier] = applied
            database.forget_schema()
