"""Copies an SQLite database while others read and write it.

Law: a backup is one moment of the database, whole and checked, or there is no file at all.
"""

from __future__ import annotations

import asyncio
import gzip
import os
import shutil
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from velocious.database.sqlite.decimals import add_functions
from velocious.errors import BackupError
from velocious_node.database.threads import Threads

if TYPE_CHECKING:
    from collections.abc import Callable

    from velocious.progress import Progress

#: How many pages are copied before somebody may ask for an end: 4 MB with pages of the usual size.
PAGES = 1_000


async def back_up(source: str, target: str, progress: Progress, *, compress: bool) -> int:
    """Copy the database *source* to the new file *target*; its size in bytes.

    Raises:
        BackupError: there is a file already, or the copy cannot be written.
    """
    threads = Threads(1, "velocious-backup")
    stopped = False

    def stop() -> None:
        nonlocal stopped
        stopped = True

    loop = asyncio.get_running_loop()
    with progress.step("Copying pages") as step:

        def report(remaining: int, total: int) -> None:
            step.total = total
            step.advance(total - remaining - step.done)

        def copied(_: int, remaining: int, total: int) -> None:
            if stopped:
                raise InterruptedError("the backup was cancelled")
            loop.call_soon_threadsafe(report, remaining, total)

        try:
            await threads.run(lambda: _copy(source, target, copied, compress), stop)
            await asyncio.sleep(0)  # for the last report
        except (OSError, sqlite3.Error) as error:
            raise BackupError(
                f"The backup {target!r} could not be made: {error}. Nothing was written. Look for "
                "space and rights in its folder, or name another one with --output."
            ) from error
        finally:
            threads.close()
    return os.path.getsize(target)


def _copy(source: str, target: str, copied: Callable[[int, int, int], None], gz: bool) -> None:
    folder = os.path.dirname(target)
    os.makedirs(folder, exist_ok=True)
    partial = f"{target}.{os.getpid()}.part"
    packed = f"{partial}.gz"
    try:
        # What is in it is as secret as the database.
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _copy_pages(source, partial, copied)
        if gz:
            _compress(partial, packed)
        place(packed if gz else partial, target)
    finally:
        for path in (partial, packed):
            with suppress(FileNotFoundError):
                os.remove(path)


def _copy_pages(source: str, partial: str, copied: Callable[[int, int, int], None]) -> None:
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(partial)) as written:
        read.execute("PRAGMA query_only = on")
        # A read transaction keeps the moment: what others store meanwhile does not begin it anew.
        read.execute("BEGIN")
        read.execute("SELECT COUNT(*) FROM sqlite_schema").fetchone()
        read.backup(written, pages=PAGES, progress=copied, sleep=0.01)
        read.execute("ROLLBACK")
        # One file, without a log beside it.
        written.execute("PRAGMA journal_mode = delete")
        add_functions(written)
        found = written.execute("PRAGMA integrity_check").fetchall()
    if found != [("ok",)]:
        raise OSError(f"the copy is damaged ({found[0][0]}): check the database itself")


def _compress(partial: str, packed: str) -> None:
    os.close(os.open(packed, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with open(partial, "rb") as read, gzip.open(packed, "wb", compresslevel=6) as written:
        shutil.copyfileobj(read, written, 1 << 20)


def place(made: str, target: str) -> None:
    """Give the file *made* the name *target*, durably, if nobody has it."""
    with open(made, "rb+") as file:
        os.fsync(file.fileno())
    # Unlike a rename, a link does not replace anything.
    os.link(made, target)
    sync_folder(os.path.dirname(target))


def sync_folder(folder: str) -> None:
    """Make the names in *folder* survive a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
