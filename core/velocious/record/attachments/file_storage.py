"""Attachments as files of the environment: on a server's disk, in a browser's private files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.errors import AttachmentError, AttachmentNotFoundError
from velocious.record.attachments.storage import StoredKey, check_key, is_key, joined_url

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable

    from velocious.files import ByteFiles


class FileStorage:
    """Keeps each file below *directory*, in one of 256 folders.

    The directory belongs to one application in one environment: a sweep removes from it what that
    application does not know. *base_url* is where a web server offers the directory, if one does.
    """

    def __init__(self, files: ByteFiles, directory: str, *, base_url: str | None = None) -> None:
        self._files = files
        self._directory = directory.rstrip("/")
        self._base_url = base_url

    async def write(self, key: str, chunks: AsyncIterable[bytes]) -> None:
        path = self._path(key)
        if await self._files.exists(path):
            raise AttachmentError(f"The key {key!r} is taken. Make a new one for each file.")
        await self._files.write(path, chunks)

    async def read(self, key: str) -> AsyncGenerator[bytes]:
        path = self._path(key)
        if not await self._files.exists(path):
            raise AttachmentNotFoundError(
                f"The file of {key!r} is not in {self._directory!r}. Restore it from a backup, or "
                "attach it again."
            )
        async for chunk in self._files.read(path):
            yield chunk

    async def delete(self, key: str) -> bool:
        return await self._files.remove(self._path(key))

    async def exists(self, key: str) -> bool:
        return await self._files.exists(self._path(key))

    async def url(self, key: str, *, filename: str, content_type: str) -> str | None:
        base = self._base_url
        return joined_url(None if base is None else f"{base.rstrip('/')}/{key[:2]}", key)

    async def keys(self) -> AsyncGenerator[StoredKey]:
        async for found in self._files.walk(self._directory):
            folder, _, name = found.path.partition("/")
            # Whatever else lies there is not ours to remove.
            if is_key(name) and name.startswith(folder):
                yield StoredKey(name, found.modified)

    def _path(self, key: str) -> str:
        return f"{self._directory}/{check_key(key)[:2]}/{key}"
