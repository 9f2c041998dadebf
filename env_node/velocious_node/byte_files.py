"""Files of any size on the disk.

Law: the disk is only waited for in threads, and a file is there whole or not at all: it is written
under another name, flushed, and renamed.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache, partial
from typing import IO, TYPE_CHECKING

from velocious.errors import PlatformError
from velocious.files import CHUNK_SIZE, FoundFile, RealFile
from velocious_node.database.threads import Threads
from velocious_node.files import flush_folder

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, Callable

#: Ends the name of a file that is being written.
UNFINISHED = ".writing"


@cache
def _threads() -> Threads:
    return Threads(4, "velocious-files")


class NodeByteFiles:
    """The files of the application at *directory* (None: of the working directory)."""

    def __init__(self, directory: str | None = None) -> None:
        self._directory = os.path.abspath(directory or os.curdir)

    async def write(self, path: str, chunks: AsyncIterable[bytes]) -> None:
        target = self._absolute(path)
        file = await in_thread(path, "written", partial(_create, target))
        try:
            async for chunk in chunks:
                await in_thread(path, "written", partial(file.write, chunk))
            await in_thread(path, "written", partial(_finish, file, target))
        except BaseException:
            await in_thread(path, "written", partial(_give_up, file, target))
            raise

    async def read(self, path: str, *, linked: bool = True) -> AsyncGenerator[bytes]:
        file = await in_thread(path, "read", partial(_open, self._absolute(path), linked=linked))
        try:
            while chunk := await in_thread(path, "read", partial(file.read, CHUNK_SIZE)):
                yield chunk
        finally:
            file.close()

    async def exists(self, path: str) -> bool:
        return await in_thread(path, "found", partial(os.path.isfile, self._absolute(path)))

    async def remove(self, path: str) -> bool:
        return await in_thread(path, "removed", partial(_remove, self._absolute(path)))

    async def walk(self, directory: str) -> AsyncGenerator[FoundFile]:
        top = self._absolute(directory)
        folders = [top]
        while folders:
            folder = folders.pop()
            found, inner = await in_thread(folder, "listed", partial(_list, top, folder))
            folders += inner
            for one in found:
                yield one

    def real(self, path: str) -> RealFile | None:
        real = os.path.realpath(self._absolute(path))
        try:
            described = os.stat(real)
        except OSError:
            return None
        # Never a pipe or a device: those may wait for ever, or never end.
        return RealFile(real, described.st_size) if stat.S_ISREG(described.st_mode) else None

    def real_directory(self, path: str) -> str:
        return os.path.realpath(self._absolute(path))

    def _absolute(self, path: str) -> str:
        return os.path.normpath(os.path.join(self._directory, path))


async def in_thread[ResultT](path: str, verb: str, work: Callable[[], ResultT]) -> ResultT:
    """Do *work* in a thread. Raises PlatformError where the system refuses."""
    try:
        return await _threads().run(work)
    except OSError as error:
        raise PlatformError(
            f"The file {path!r} could not be {verb}: {error.strerror}. "
            "Check the permissions of it and of its directory, and the free space of the disk."
        ) from error


def _create(target: str) -> IO[bytes]:
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.lexists(target):
        raise FileExistsError(17, "there is a file already")
    return open(target + UNFINISHED, "xb")


def _finish(file: IO[bytes], target: str) -> None:
    file.flush()
    os.fsync(file.fileno())
    file.close()
    os.rename(target + UNFINISHED, target)
    flush_folder(os.path.dirname(target))


def _give_up(file: IO[bytes], target: str) -> None:
    # A full disk refuses the last bytes once more.
    with suppress(OSError):
        file.close()
    with suppress(FileNotFoundError):
        os.remove(target + UNFINISHED)


def _open(path: str, *, linked: bool) -> IO[bytes]:
    if linked:
        return open(path, "rb")
    file = os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb")
    # Asked again once it is open, so that nobody can put a link in the way in between.
    opened = os.fstat(file.fileno())
    if os.path.realpath(path) != path or not os.path.samestat(opened, os.stat(path)):
        file.close()
        raise OSError(40, "it leads over a symbolic link")
    return file


def _remove(path: str) -> bool:
    found = False
    for name in (path, path + UNFINISHED):
        with suppress(FileNotFoundError, NotADirectoryError):
            os.remove(name)
            found = True
    return found


def _list(top: str, folder: str) -> tuple[list[FoundFile], list[str]]:
    found: list[FoundFile] = []
    inner: list[str] = []
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        return found, inner
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            inner.append(entry.path)
        elif entry.is_file(follow_symlinks=False):
            path = os.path.relpath(entry.path, top).replace(os.sep, "/")
            with suppress(FileNotFoundError):
                modified = datetime.fromtimestamp(entry.stat().st_mtime, UTC)
                found.append(FoundFile(path.removesuffix(UNFINISHED), modified))
    return found, inner
