"""Puts a file in the place of an SQLite database.

Law: at every moment the database is the old file or the new one; the old one is there until the new
one has been opened.
"""

from __future__ import annotations

import gzip
import os
import shutil
import sqlite3
import zlib
from contextlib import closing, suppress

from velocious.errors import BackupError, DatabaseLockedError
from velocious_node.database.sqlite_backup import sync_folder

_HEADER = b"SQLite format 3\x00"
_GZIP = b"\x1f\x8b"
_LOGS = ("-wal", "-journal")


def bring_beside(given: str, target: str) -> str:
    """Copy the backup *given*, unpacked, to a new file beside *target*; its path.

    Raises:
        BackupError: it is no SQLite file, or not all of one.
    """
    incoming = f"{target}.{os.getpid()}.restoring"
    try:
        _unpack(given, incoming)
        with open(incoming, "rb") as file:
            begins = file.read(len(_HEADER))
        if begins != _HEADER:
            raise BackupError(
                f"{given!r} is no SQLite database: it begins with {begins!r}. The database was "
                "not changed. Give a file that db:backup has written."
            )
    except (OSError, EOFError, zlib.error) as error:
        remove_quietly(incoming)
        raise BackupError(
            f"The backup {given!r} cannot be read: {error}. The database was not changed."
        ) from error
    except BackupError:
        remove_quietly(incoming)
        raise
    return incoming


def _unpack(given: str, incoming: str) -> None:
    for suffix in _LOGS:
        if os.path.exists(given + suffix) and os.path.getsize(given + suffix):
            raise BackupError(
                f"Beside {given!r} lies {given + suffix!r}: the file alone lacks what was stored "
                "last. Copy a database that is in use with db:backup, never as a file."
            )
    os.makedirs(os.path.dirname(incoming), exist_ok=True)
    with open(given, "rb") as file:
        packed = file.read(2) == _GZIP
    descriptor = os.open(incoming, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with (
        gzip.open(given, "rb") if packed else open(given, "rb") as read,
        os.fdopen(descriptor, "wb") as written,
    ):
        shutil.copyfileobj(read, written, 1 << 20)
        written.flush()
        os.fsync(written.fileno())


def put_in_place(incoming: str, target: str) -> str | None:
    """Replace *target* by *incoming*; where the old file is kept meanwhile, if there was one.

    Raises:
        DatabaseLockedError: somebody has the database open.
    """
    previous: str | None = None
    if os.path.exists(target):
        _take_over(target)
        previous = f"{target}.before-restore"
        remove_quietly(previous)
        os.link(target, previous)
    for suffix in (*_LOGS, "-shm"):
        remove_quietly(target + suffix)
    os.replace(incoming, target)
    sync_folder(os.path.dirname(target))
    return previous


def put_back(previous: str | None, target: str) -> None:
    """Undo :func:`put_in_place`."""
    for suffix in (*_LOGS, "-shm"):
        remove_quietly(target + suffix)
    if previous is None:
        remove_quietly(target)
    else:
        os.replace(previous, target)
    sync_folder(os.path.dirname(target))


def _take_over(target: str) -> None:
    """Make sure that nobody else has the file open, and that all of it is in the file itself."""
    try:
        with closing(sqlite3.connect(target, timeout=0)) as raw:
            # Leaving WAL needs the file for oneself, and empties the log.
            raw.execute("PRAGMA journal_mode = delete").fetchone()
            raw.execute("BEGIN EXCLUSIVE")
            raw.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        raise DatabaseLockedError(
            f"{target} is in use ({error}). Stop the server and every other program that has it "
            "open, and restore again. The database was not changed."
        ) from error
    except sqlite3.DatabaseError:
        pass  # a damaged database is a good reason to restore one


def remove_quietly(path: str) -> None:
    """Remove a file that may not be there."""
    with suppress(FileNotFoundError):
        os.remove(path)
