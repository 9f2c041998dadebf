"""Migrations from the application that was unpacked for this page."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from velocious.migration.file_name import folder_versions
from velocious_browser.files import BrowserFiles

if TYPE_CHECKING:
    from velocious.migration.provider import MigrationSource


class BundledMigrations:
    """The migrations in ``app/db/migrations`` of the bundle at *directory*; none for None.

    The bundle holds them only if the configuration lists that folder in ``browser=[…]``.
    """

    def __init__(self, directory: str | None) -> None:
        self._directory = directory

    def versions(self) -> list[str]:
        return [] if self._directory is None else folder_versions(self._files())

    def sources(self) -> list[MigrationSource]:
        if self._directory is None:
            return []
        # Imported here: a page asks for versions at every start, for migrations seldom.
        from velocious.migration.loader import load_folder

        return load_folder(self._files())

    def _files(self) -> BrowserFiles:
        return BrowserFiles(os.path.abspath(self._directory or ""))
