"""Files that controllers send, read in threads: a slow disk never stops the event loop."""

from __future__ import annotations

import asyncio
import os
import stat
from typing import TYPE_CHECKING

from velocious.errors import PlatformError
from velocious.files import CHUNK_SIZE
from velocious.served_files import ServedFile

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from typing import BinaryIO


class NodeServedFiles:
    """The files of the application at *directory* (None: of the working directory)."""

    def __init__(self, directory: str | None = None) -> None:
        self._directory = os.path.abspath(directory or os.curdir)

    async def find(self, path: str) -> ServedFile | None:
        return await asyncio.to_thread(self._find, path)

    def folder(self, path: str) -> str:
        return os.path.realpath(os.path.join(self._directory, path))

    async def read(self, found: ServedFile, start: int, length: int) -> AsyncGenerator[bytes]:
        try:
            file = await _opened(found.path, start)
            try:
                while length > 0:
                    chunk = await asyncio.to_thread(file.read, min(CHUNK_SIZE, length))
                    if not chunk:
                        raise PlatformError(
                            f"The file {found.path!r} became shorter while it was sent. Write "
                            "another file and rename it, in place of changing one that is served."
                        )
                    length -= len(chunk)
                    yield chunk
            finally:
                file.close()
        except OSError as error:
            raise PlatformError(
                f"The file {found.path!r} could not be read: {error.strerror}. Check the "
                "permissions of it and of its directory."
            ) from error

    def _find(self, path: str) -> ServedFile | None:
        try:
            real = os.path.realpath(os.path.join(self._directory, path), strict=True)
            described = os.stat(real)
        except (OSError, ValueError):
            return None
        # Never a pipe or a device: those may wait for ever, or never end.
        if not stat.S_ISREG(described.st_mode):
            return None
        return ServedFile(real, described.st_size, described.st_mtime_ns)


async def _opened(path: str, start: int) -> BinaryIO:
    opening = asyncio.ensure_future(asyncio.to_thread(_open, path, start))
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        # The thread goes on, and nobody else would close what it opens.
        opening.add_done_callback(_close)
        raise


def _close(opening: asyncio.Future[BinaryIO]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()


def _open(path: str, start: int) -> BinaryIO:
    file = open(path, "rb")
    file.seek(start)
    return file
