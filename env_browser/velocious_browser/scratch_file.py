"""Bytes that nobody keeps: in the browser's private file system, one file for each upload.

Law: nothing of a request that is over stays on the device, and no upload is in memory as a whole.
Where a tab dies, the next one that starts removes what is left.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from velocious_browser import interop_files as opfs

if TYPE_CHECKING:
    from velocious.files import ScratchFile
    from velocious_browser.interop import Host

_WHAT = "of an upload"


async def open_scratch_file(host: Host, directory: str) -> ScratchFile:
    """A new, empty one of the application whose databases are in *directory*.

    Raises PlatformError where the browser refuses, StorageFullError where there is no room.
    """
    if host.storage()["state"] == "volatile":
        return MemoryScratchFile()
    parts = [part for part in directory.split("/") if part]
    js_folder = await opfs.folder(parts, root=opfs.SCRATCH, create=True)
    name = secrets.token_hex(16)
    return OpfsScratchFile(await opfs.Writer.open(_WHAT, js_folder, name), name)


class OpfsScratchFile:
    """Bytes in a file that this worker has open: no other one can remove it meanwhile."""

    def __init__(self, writer: opfs.Writer, name: str) -> None:
        self._writer = writer
        self._name = name
        self._closed = False

    async def write(self, data: bytes) -> None:
        self._writer.write(data)

    async def read(self, start: int, size: int) -> bytes:
        return self._writer.read(start, max(min(size, self._writer.written - start), 0))

    async def close(self) -> None:
        if not self._closed:
            self._closed = True
            await self._writer.give_up(self._name)


class MemoryScratchFile:
    """Bytes in memory, for applications that allowed their databases to be there, too."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    async def write(self, data: bytes) -> None:
        self._bytes += data

    async def read(self, start: int, size: int) -> bytes:
        return bytes(self._bytes[start : start + size])

    async def close(self) -> None:
        self._bytes.clear()
