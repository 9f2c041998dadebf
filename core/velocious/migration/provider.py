"""The port for finding migrations: files on a server, an explicit list in the browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from velocious.migration.migration import Migration


@dataclass(frozen=True, slots=True)
class MigrationSource:
    """A migration that exists.

    Attributes:
        version: 14 digits, the moment it was written (``"20260131120000"``).
        name: what follows in its file name (``"create_tasks"``).
        migration: the class.
        checksum: of its source in hexadecimal, to notice an edit after it ran.
        text: its source, where it came from a file.
    """

    version: str
    name: str
    migration: type[Migration]
    checksum: str
    text: str | None = None


class MigrationProvider(Protocol):
    """Where migrations come from."""

    def versions(self) -> list[str]:
        """The versions of all migrations in their order, without loading one.

        Raises:
            MigrationError: for a file with a wrong name.
        """
        ...

    def sources(self) -> list[MigrationSource]:
        """All migrations, by version.

        Raises:
            MigrationError: for a file that has a wrong name, does not import, or whose class is not
                a Migration.
        """
        ...
