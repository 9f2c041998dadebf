"""Advisory locks across the processes that use one SQLite file: locked files beside it.

Law: the operating system holds the lock, so that it is free again the moment its process is gone,
however that happened. Nobody waits in a system call: the event loop goes on.
"""

from __future__ import annotations

import hashlib
import os
from functools import partial

from velocious.errors import DatabaseUnavailableError
from velocious_node.database.lock_waiting import wait_for_lock

if os.name == "nt":  # pragma: no cover
    import msvcrt
else:
    import fcntl

LONGEST_PAUSE = 0.05


class LockFiles:
    """The lock broker of the database file at *path*."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._held: dict[str, int] = {}

    def file_of(self, name: str) -> str:
        """The file that stands for *name*; a name may hold what a file's name may not."""
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
        return f"{self._path}-lock-{digest[:32]}"

    async def acquire(self, name: str, timeout: float | None) -> bool:
        return await wait_for_lock(partial(self._try, name), timeout, longest_pause=LONGEST_PAUSE)

    async def release(self, name: str) -> None:
        descriptor = self._held.pop(name)
        try:
            _remove(self.file_of(name))
        finally:
            # Closing gives the lock back; whoever opened the removed file notices and tries again.
            os.close(descriptor)

    async def _try(self, name: str) -> bool:
        path = self.file_of(name)
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise DatabaseUnavailableError(
                f"The file {path!r} of the advisory lock {name!r} cannot be made "
                f"({error.strerror}). Make the folder of the database writable."
            ) from error
        if _lock(descriptor) and _is_at(descriptor, path):
            self._held[name] = descriptor
            return True
        os.close(descriptor)
        return False


if os.name == "nt":  # pragma: no cover

    def _lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _remove(path: str) -> None:
        """Nothing: an open file cannot be removed there."""

else:

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _remove(path: str) -> None:
        try:
            os.remove(path)
        except FileNotFoundError:
            # The database, and all beside it, may have been removed meanwhile.
            return


def _is_at(descriptor: int, path: str) -> bool:
    """Whether *path* still leads to the locked file: its last holder may have removed it."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except FileNotFoundError:
        return False
