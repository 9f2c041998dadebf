"""Databases that cannot be reached, opened or used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.command_words import to_migrate
from velocious.errors.base import VelociousError, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class DatabaseError(VelociousError):
    """Something went wrong between us and a database."""

    code = "database_error"


class DatabaseUnavailableError(DatabaseError):
    """The database could not be opened or reached."""

    code = "database_unavailable"


class DatabaseLockedError(DatabaseUnavailableError):
    """Another process held the database's write lock for longer than the busy timeout."""

    code = "database_locked"


class DatabaseCorruptError(DatabaseUnavailableError):
    """The file is not a database, or its pages contradict each other."""

    code = "database_corrupt"


class DatabaseUnreachableError(DatabaseUnavailableError):
    """The server cannot be reached now (refused, starting up, no place for another connection): it
    may be worth trying again in a moment.
    """

    code = "database_unreachable"


class ConnectionLostError(DatabaseUnavailableError):
    """A connection to the server broke while it was used: a statement that was under way may or
    may not have been executed.
    """

    code = "connection_lost"


class ReloadNeededError(DatabaseUnavailableError):
    """A newer version of the application uses the database in another tab: this tab must be
    reloaded before it can go on.
    """

    code = "reload_needed"


class TooManyConnectionsError(DatabaseUnreachableError):
    """The server takes no more connections now."""

    code = "too_many_connections"


class PoolTimeoutError(DatabaseUnavailableError):
    """Every connection of a pool stayed in use for longer than the caller would wait.

    Attributes:
        database: the identifier of the database.
        timeout: the seconds waited.
        holders: who has the connections: one text for each, with the task, for how long and where.
    """

    code = "pool_timeout"

    def __init__(
        self, database: str, timeout: float, holders: Sequence[str], *, waiting: int = 0
    ) -> None:
        self.database = database
        self.timeout = timeout
        self.holders = list(holders)
        shown = "; ".join(self.holders[:10])
        more = f"; and {len(self.holders) - 10} more" if len(self.holders) > 10 else ""
        others = f" {waiting} more tasks wait." if waiting else ""
        super().__init__(
            f"No connection of the database {database!r} became free within {timeout:g} s. They "
            f"are held by: {shown or 'nobody (they are being opened)'}{more}.{others} Keep "
            "transactions short, and do not wait for other tasks inside of them; or allow more "
            f'connections: "pool": {{"maximum": …, "timeout": …}}.'
        )


class StorageFullError(DatabaseUnavailableError):
    """The disk, or the browser's quota for this origin, is full."""

    code = "storage_full"


class CopyError(DatabaseError):
    """Rows cannot be copied from one database into another one."""

    code = "copy_failed"


class BackupError(DatabaseError):
    """A backup cannot be made, or a file is none that may replace a database."""

    code = "backup_failed"


class NoConnectionError(DatabaseError):
    """The current connection was asked for where there is none."""

    code = "no_connection"

    def __init__(self, database: str) -> None:
        self.database = database
        super().__init__(
            f"This task has no current connection of the database {database!r}. Ask for it inside "
            "`async with configuration.ensure_connections():`, or call `await "
            "configuration.ensure_global_connections()` once at the start. (Records and "
            "database.fetch need neither.)"
        )


class ReadOnlyDatabaseError(DatabaseError):
    """A write met a read-only database or file."""

    code = "database_read_only"


class UnknownTableError(DatabaseError):
    """A table that the database does not have."""

    code = "unknown_table"

    def __init__(self, table: str, known: Iterable[str], *, database: str = "default") -> None:
        self.table = table
        self.known = sorted(known)
        super().__init__(
            f"The database {database!r} has no table {table!r}. {suggestion(table, self.known)} "
            f"If a migration creates it, run {to_migrate()}."
        )
