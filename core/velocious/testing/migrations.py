"""Migrations that a test lists itself, in place of files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.migration.provider import MigrationSource
from velocious.naming import underscore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.migration.migration import Migration

FIRST_VERSION = 20260101000000


class ListedMigrations:
    """A migration provider: the listed classes in their order, with versions made up from it."""

    def __init__(self, migrations: Sequence[type[Migration]]) -> None:
        self._migrations = tuple(migrations)

    def versions(self) -> list[str]:
        return [str(FIRST_VERSION + place) for place in range(len(self._migrations))]

    def sources(self) -> list[MigrationSource]:
        return [self._source(place, migration) for place, migration in enumerate(self._migrations)]

    def _source(self, place: int, migration: type[Migration]) -> MigrationSource:
        name = underscore(migration.__name__)
        return MigrationSource(
            version=str(FIRST_VERSION + place), name=name, migration=migration, checksum=name
        )
