"""A database file that is to take the place of another one.

Law: what is found wrong is found before anything is replaced; a server and a browser check alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.errors import BackupError, DatabaseCorruptError
from velocious.migration.currency import LEDGER

if TYPE_CHECKING:
    from velocious.database.database import Database
    from velocious.migration.provider import MigrationProvider

_SHOWN = 3


async def check_sound(database: Database, what: str) -> None:
    """Make sure that *what*, an SQLite file opened as *database*, is whole.

    Raises:
        DatabaseCorruptError: it is damaged.
        BackupError: there is nothing in it, or rows in it point nowhere.
    """
    # To SQLite a file without bytes is a sound database.
    if not await database.table_names():
        raise BackupError(
            f"{what} is empty: there is no table in it. The database was not changed. Take another "
            "copy; db:drop is for whoever wants none."
        )
    found = await database.fetch("PRAGMA integrity_check")
    if found != [("ok",)]:
        said = "; ".join(text for (text,) in found[:_SHOWN])
        raise DatabaseCorruptError(
            f"{what} is damaged: {said}. The database was not changed. Take another copy, or "
            "repair it with sqlite3's `.recover`."
        )
    lost = await database.fetch("PRAGMA foreign_key_check")
    if lost:
        rows = ", ".join(f"{table} (row {row}) → {parent}" for table, row, parent, _ in lost[:3])
        raise BackupError(
            f"{what} has {len(lost)} rows that point at rows which do not exist: {rows}. The "
            "database was not changed. Correct them in the file (`PRAGMA foreign_key_check` lists "
            "them), and try again."
        )


async def check_known(database: Database, provider: MigrationProvider, what: str) -> None:
    """Make sure that this application knows the migrations that have run on *what*.

    Raises:
        BackupError: it does not: the file is of another, or a newer application.
    """
    known = set(provider.versions())
    if not known or LEDGER not in await database.table_names():
        return
    rows = await database.fetch(f"SELECT version FROM {database.dialect.quote(LEDGER)}")
    unknown = sorted(version for (version,) in rows if version not in known)
    if unknown:
        raise BackupError(
            f"{what} has run {len(unknown)} migrations that this application does not have "
            f"({', '.join(unknown[:_SHOWN])}): it is of a newer version, or of another "
            "application. The database was not changed. Update the application first, or take the "
            "file as it is with --force."
        )
