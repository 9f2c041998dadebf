"""Migrations from the files of an application on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.migration.loader import load_folder
from velocious_node.files import NodeFiles

if TYPE_CHECKING:
    from velocious.migration.provider import MigrationSource


class FileMigrations:
    """The migrations in ``app/db/migrations`` of the application at *directory*; none for None."""

    def __init__(self, directory: str | None) -> None:
        self._directory = directory

    def sources(self) -> list[MigrationSource]:
        return [] if self._directory is None else load_folder(NodeFiles(self._directory))
