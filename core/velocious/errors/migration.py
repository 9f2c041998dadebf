"""Migrations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.command_words import to_migrate
from velocious.errors.base import VelociousError

if TYPE_CHECKING:
    from collections.abc import Sequence


class MigrationError(VelociousError):
    """A migration, or the set of them, is not usable."""

    code = "migration_error"


class IrreversibleMigrationError(MigrationError):
    """A step of a migration cannot be undone.

    Attributes:
        step: such as ``remove_column('tasks', 'name')``.
    """

    code = "irreversible_migration"

    def __init__(self, step: str, hint: str) -> None:
        self.step = step
        super().__init__(f"{step} cannot be undone by itself. {hint}")


class InterruptedMigrationError(MigrationError):
    """A migration without a transaction was interrupted: nobody knows whether its last statement
    was done.

    Attributes:
        version: its version.
        statement: what was being done.
    """

    code = "interrupted_migration"

    def __init__(self, message: str, *, version: str, statement: str) -> None:
        self.version = version
        self.statement = statement
        super().__init__(message)


class PendingMigrationsError(MigrationError):
    """Migrations have not run yet.

    Attributes:
        names: their files' names.
    """

    code = "pending_migrations"

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        count = f"{len(names)} migrations have" if len(names) != 1 else "1 migration has"
        super().__init__(f"{count} not run yet: {', '.join(names)}. Run {to_migrate()}.")
