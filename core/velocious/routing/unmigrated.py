"""In development: what a failure has to do with migrations that have not run, or ran just now.

Law: nothing here happens outside development, where migrations come before the server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.errors import PendingMigrationsError

if TYPE_CHECKING:
    from velocious.configuration import Configuration


async def because_of_migrations(error: Exception, configuration: Configuration) -> Exception:
    """A PendingMigrationsError caused by *error* where migrations have not run; else *error*."""
    if configuration.directory is None:
        return error
    # Imported here: a server that works needs no migrator.
    from velocious.migration import Migrator

    try:
        await Migrator(configuration).require_current()
    except PendingMigrationsError as pending:
        pending.__cause__ = error
        return pending.with_traceback(None)
    except Exception as second:
        error.add_note(f"Nor is it known which migrations have run: {second}")
    return error
