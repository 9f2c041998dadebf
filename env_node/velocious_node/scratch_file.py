"""A file without a name on the disk: the system removes it with its last user, crash or not.

Law: the disk is only waited for in threads.
"""

from __future__ import annotations

import os
import tempfile
from functools import partial
from typing import IO, TYPE_CHECKING

from velocious_node.byte_files import in_thread

if TYPE_CHECKING:
    from velocious.files import ScratchFile

_WHAT = "of an upload"


class NodeScratchFile:
    """Bytes in the directory for temporary files (TMPDIR)."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    async def write(self, data: bytes) -> None:
        await in_thread(_WHAT, "written", partial(_append, self._file, data))

    async def read(self, start: int, size: int) -> bytes:
        return await in_thread(_WHAT, "read", partial(_read, self._file, start, size))

    async def close(self) -> None:
        await in_thread(_WHAT, "closed", self._file.close)


async def open_scratch_file() -> ScratchFile:
    """A new, empty one. Raises PlatformError where the disk refuses."""
    return NodeScratchFile(await in_thread(_WHAT, "made", tempfile.TemporaryFile))


def _append(file: IO[bytes], data: bytes) -> None:
    file.seek(0, os.SEEK_END)
    file.write(data)


def _read(file: IO[bytes], start: int, size: int) -> bytes:
    file.seek(start)
    return file.read(size)
