"""Putting another file in the place of a database: one of the two is there whatever happens.

Law: the file that was there is kept beside it until the new one has been opened; whoever finds it
there puts it back, for then nobody was told that the new one is in its place. Nothing here awaits:
no other task sees the database between the steps.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from velocious.errors import BackupError

if TYPE_CHECKING:
    from collections.abc import Generator

PREVIOUS = ".previous"
INCOMING = ".importing"
#: What SQLite keeps beside a database.
LOG = "-wal"
BESIDE = (LOG, "-shm", "-journal")


#: Files that an import of this worker is about to put into their place.
_arriving: set[str] = set()


@contextmanager
def arriving(path: str) -> Generator[str]:
    """The name of the file that is to replace the database at *path*; gone at the end."""
    incoming = path + INCOMING
    # The journal of one that did not get to its end would be rolled back into this one.
    _remove_whole(incoming)
    _arriving.add(incoming)
    try:
        yield incoming
    finally:
        _arriving.discard(incoming)
        _remove_whole(incoming)


def replace(path: str, incoming: str) -> None:
    """Put the file *incoming* in the place of the closed database at *path*.

    Raises:
        BackupError: the old one has rows that are in its log alone, or the new one does not open;
            nothing was replaced.
    """
    if os.path.exists(path + LOG) and os.path.getsize(path + LOG) > 0:
        raise BackupError(
            f"The database {path!r} has changes in its log that could not be put into its file, so "
            "it cannot be kept while another one takes its place. Save it with `db:export --as-is` "
            "and free some space; or remove it with db:drop, and import then."
        )
    _remove_beside(path)
    if os.path.exists(path):
        os.replace(path, path + PREVIOUS)
    try:
        os.replace(incoming, path)
        _open(path)
    except BaseException:
        put_back(path)
        raise
    remove(path + PREVIOUS)


def put_back(path: str) -> None:
    """Undo a replacement of the database at *path* that did not get to its end, if there is one."""
    if path + INCOMING not in _arriving:
        _remove_whole(path + INCOMING)
    if os.path.exists(path + PREVIOUS):
        _remove_beside(path)
        os.replace(path + PREVIOUS, path)


def remove(path: str) -> None:
    """Remove the file at *path*, if there is one."""
    if os.path.exists(path):
        os.remove(path)


def _remove_whole(path: str) -> None:
    """Remove the database at *path* and what SQLite keeps beside it."""
    remove(path)
    _remove_beside(path)


def _open(path: str) -> None:
    """Raise BackupError where the database at *path* does not open in its new place."""
    try:
        raw = sqlite3.connect(path)
        try:
            raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
        finally:
            raw.close()
    except sqlite3.Error as error:
        raise BackupError(
            f"The imported database did not open in its new place ({error}). The one that was "
            "there before is there again."
        ) from error


def _remove_beside(path: str) -> None:
    for suffix in BESIDE:
        remove(path + suffix)
