"""Migrations from the files of an application on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.migration.file_name import folder_versions
from velocious_node.files import NodeFiles

if TYPE_CHECKING:
    from velocious.migration.provider import MigrationSource


class FileMigrations:
    """The migrations in ``app/db/migrations`` of the application at *directory*; none for None."""

    def __init__(self, directory: str | None) -> None:
        self._directory = directory

    def versions(self) -> list[str]:
        return [] if self._directory is None else folder_versions(NodeFiles(self._directory))

    def sources(self) -> list[MigrationSource]:
        if self._directory is None:
            return []
        # Imported here: an application asks for versions at every start, for migrations seldom.
        from velocious.migration.loader import load_folder

        return load_folder(NodeFiles(self._directory))
