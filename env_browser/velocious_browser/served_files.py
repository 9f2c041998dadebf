"""Files that controllers send, in the browser: the application's own, which are in memory.

Law: there are no threads here, and nothing to wait for, so files are read where they are asked for.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from velocious.errors import PlatformError
from velocious.files import CHUNK_SIZE
from velocious.served_files import ServedFile

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


class BrowserServedFiles:
    """The files of the application at *directory* (None: of the working directory)."""

    def __init__(self, directory: str | None = None) -> None:
        self._directory = os.path.abspath(directory or os.curdir)

    async def find(self, path: str) -> ServedFile | None:
        try:
            real = os.path.realpath(os.path.join(self._directory, path), strict=True)
            described = os.stat(real)
        except (OSError, ValueError):
            return None
        if not stat.S_ISREG(described.st_mode):
            return None
        return ServedFile(real, described.st_size, described.st_mtime_ns)

    def folder(self, path: str) -> str:
        return os.path.realpath(os.path.join(self._directory, path))

    async def read(self, found: ServedFile, start: int, length: int) -> AsyncGenerator[bytes]:
        try:
            with open(found.path, "rb") as file:  # noqa: ASYNC230
                file.seek(start)
                while length > 0 and (chunk := file.read(min(CHUNK_SIZE, length))):
                    length -= len(chunk)
                    yield chunk
        except OSError as error:
            raise PlatformError(
                f"The file {found.path!r} could not be read: {error.strerror}."
            ) from error
        if length > 0:
            raise PlatformError(f"The file {found.path!r} became shorter while it was sent.")
