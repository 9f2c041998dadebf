"""``UploadedFile``: a file that came with a request.

Law: its bytes are gone when the request is over, however that ends; its name is the client's and
is only ever a name, never a path.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from velocious.controller.body.body import UPLOADS
from velocious.errors import RenderError
from velocious.files import CHUNK_SIZE
from velocious.record.attachments.names import media_type, safe_name

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.types import Scope

    from velocious.configuration import Configuration
    from velocious.files import ScratchFile

#: Bytes up to which a file stays in memory.
IN_MEMORY = 256 * 1024

#: What Windows reads as a device, whatever its ending.
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\.|$)", re.IGNORECASE)
_NOT_IN_NAMES = re.compile(r'[<>"|?*]')


class UploadedFile:
    """A file that came with a request::

        cover = self.params["cover"]
        await task.cover.attach(cover)
        await cover.save_to(f"uploads/{task.id}.png")

    Attributes:
        filename: what the client calls it: one name without folders, fit for any file system.
        content_type: what the client says it is. Nobody has looked.
        size: its bytes.
        was_chosen: False for the empty file that a browser sends where a person chose none.
    """

    def __init__(self, configuration: Configuration, filename: str, content_type: str) -> None:
        self._configuration = configuration
        self._given_name = filename
        self.filename = upload_name(filename)
        self.content_type = media_type(content_type or None, self.filename)
        self.size = 0
        self._memory = bytearray()
        self._scratch: ScratchFile | None = None
        self._place = 0
        self._closed = False

    def __repr__(self) -> str:
        return f"<UploadedFile {self.filename!r} {self.content_type} {self.size} bytes>"

    @property
    def was_chosen(self) -> bool:
        return bool(self._given_name or self.size)

    async def read(self, size: int = -1) -> bytes:
        """The next *size* bytes, all that are left by default; empty at the end.

        Raises:
            RenderError: the request it came with is over.
        """
        if self._closed:
            raise RenderError(
                f"The upload {self.filename!r} is gone with its request. Keep what you need of it "
                "before the action ends: attach it, or await upload.save_to(path)."
            )
        end = self.size if size < 0 else min(self._place + size, self.size)
        start, self._place = self._place, max(end, self._place)
        if self._scratch is None:
            return bytes(self._memory[start:end])
        return await self._scratch.read(start, max(end - start, 0))

    def rewind(self) -> None:
        """Read from the beginning again."""
        self._place = 0

    async def __aiter__(self) -> AsyncGenerator[bytes]:
        """The bytes from the beginning, in pieces."""
        self.rewind()
        while piece := await self.read(CHUNK_SIZE):
            yield piece

    async def save_to(self, path: str) -> None:
        """Write it to a new file *path* below the application's directory, whole or not at all.

        Raises:
            PlatformError: there is such a file, or it cannot be written.
        """
        handler = self._configuration.environment_handler
        files = handler.byte_files(self._configuration.directory)
        await files.write(path, aiter(self))

    # What the reader of the request does

    async def _write(self, data: bytes) -> None:
        if self._scratch is None and len(self._memory) + len(data) <= IN_MEMORY:
            self._memory += data
            return
        if self._scratch is None:
            self._scratch = await self._configuration.environment_handler.scratch_file()
            await self._scratch.write(bytes(self._memory))
            self._memory.clear()
        await self._scratch.write(data)

    async def _close(self) -> None:
        self._closed = True
        self._memory.clear()
        if self._scratch is not None:
            await self._scratch.close()


def uploads_of(scope: Scope) -> list[UploadedFile]:
    """The files of the request of *scope*, to be removed at its end."""
    return scope.setdefault(UPLOADS, [])


async def close_uploads(scope: Scope) -> None:
    """Remove the files of a request."""
    uploads: list[UploadedFile] = scope.pop(UPLOADS, [])
    for upload in uploads:
        await upload._close()


def upload_name(given: str) -> str:
    """*given* as one name that every file system takes: no folders, no control characters, no
    leading dot, no device, not too long.
    """
    name = _NOT_IN_NAMES.sub("_", safe_name(given))
    return f"_{name[:200]}" if _DEVICE.match(name) else name
