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
        self._heard: dict[str, int] = {}

    async def look(self) -> None:
        """Read the tables of the models again where migrations have run (or were undone) since."""
        models = self._configuration.models
        heard = self._announced()
        if not list(models) or (heard == self._heard and self._hears_all(heard)):
            return
        try:
            for database in migrated_databases(self._configuration):
                if database.identifier not in heard:
                    await self._look_at(database)
            await models.load()
            self._heard = heard
        except DatabaseError as error:
            # An action that needs the database says so itself; the others need not wait for it.
            logger.debug("Nobody knows which migrations have run: %s", error)

    def _announced(self) -> dict[str, int]:
        """Databases that tell when their tables change, with what grows then."""
        databases = self._configuration.databases.values()
        return {
            database.identifier: database.schema_version
            for database in databases
            if database.capabilities.announces_schema
        }

    def _hears_all(self, heard: dict[str, int]) -> bool:
        return len(heard) == len(self._configuration.databases)

    async def _look_at(self, database: Database) -> None:
        applied = await applied_versions(database)
        if applied != self._seen.get(database.identifier):
            self._seen[database.identifier] = applied
            database.forget_schema()
