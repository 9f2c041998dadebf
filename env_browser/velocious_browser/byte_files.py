"""Files of any size in the browser: in its private file system, beside the databases.

Law: as durable as the databases. Where those are only in memory, because the application allowed
it, these are too; never otherwise.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime
from posixpath import join, normpath
from typing import TYPE_CHECKING, Any

from velocious.errors import NotAvailableHereError, PlatformError
from velocious.files import CHUNK_SIZE, FoundFile
from velocious_browser import interop_files as opfs

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable

    from velocious.files import ByteFiles, RealFile
    from velocious_browser.interop import Host

#: Ends the name of a file that is being written.
UNFINISHED = ".writing"


def byte_files(host: Host, directory: str) -> ByteFiles:
    """The files of the application whose databases are in *directory*."""
    if host.storage()["state"] == "volatile":
        return MemoryByteFiles(directory)
    return OpfsByteFiles(directory)


class _Below:
    """What both kinds have in common: paths, and no way out of the browser."""

    def __init__(self, directory: str) -> None:
        self._directory = directory

    def real(self, path: str) -> RealFile | None:
        """There is no disk of somebody else's here to attach files from."""
        raise NotAvailableHereError(
            f"Attaching the path {path!r}",
            environment="browser",
            instead="Attach the content: the bytes of a file that the page was given.",
        )

    def real_directory(self, path: str) -> str:
        return self._absolute(path)

    def _absolute(self, path: str) -> str:
        return normpath(join(self._directory, path))


class OpfsByteFiles(_Below):
    """Files below ``velocious-files`` of the origin's private file system."""

    async def write(self, path: str, chunks: AsyncIterable[bytes]) -> None:
        parts, name = self._parts(path)
        js_folder = await opfs.folder(parts, create=True)
        if await opfs.exists(path, js_folder, name):
            raise PlatformError(f"There is a file {path!r} already. Choose another name.")
        writer = await opfs.Writer.open(path, js_folder, name + UNFINISHED)
        try:
            async for chunk in chunks:
                writer.write(chunk)
            await writer.finish(name)
        except BaseException:
            await writer.give_up(name + UNFINISHED)
            raise

    async def read(self, path: str, *, linked: bool = True) -> AsyncGenerator[bytes]:
        parts, name = self._parts(path)
        try:
            async for chunk in opfs.read(path, await opfs.folder(parts), name):
                yield chunk
        except opfs.MissingFileError:
            raise PlatformError(f"There is no file {path!r} to read.") from None

    async def exists(self, path: str) -> bool:
        parts, name = self._parts(path)
        try:
            return await opfs.exists(path, await opfs.folder(parts), name)
        except opfs.MissingFileError:
            return False

    async def remove(self, path: str) -> bool:
        parts, name = self._parts(path)
        try:
            js_folder = await opfs.folder(parts)
        except opfs.MissingFileError:
            return False
        found = [await opfs.remove(path, js_folder, one) for one in (name, name + UNFINISHED)]
        return any(found)

    async def walk(self, directory: str) -> AsyncGenerator[FoundFile]:
        parts, name = self._parts(directory)
        try:
            folders: list[tuple[str, Any]] = [("", await opfs.folder([*parts, name]))]
        except opfs.MissingFileError:
            return
        while folders:
            prefix, js_folder = folders.pop()
            async for entry, js_inner, modified in opfs.entries(directory, js_folder):
                if modified is None:
                    folders.append((f"{prefix}{entry}/", js_inner))
                else:
                    path = f"{prefix}{entry}".removesuffix(UNFINISHED)
                    yield FoundFile(path, datetime.fromtimestamp(modified, UTC))

    def _parts(self, path: str) -> tuple[list[str], str]:
        parts = [part for part in self._absolute(path).split("/") if part]
        return parts[:-1], parts[-1]


class MemoryByteFiles(_Below):
    """Files in the memory of the page, for applications that allowed their databases to be there,
    too.
    """

    async def write(self, path: str, chunks: AsyncIterable[bytes]) -> None:
        target = self._absolute(path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if os.path.lexists(target):
            raise PlatformError(f"There is a file {path!r} already. Choose another name.")
        try:
            with open(target + UNFINISHED, "wb") as file:  # noqa: ASYNC230
                async for chunk in chunks:
                    file.write(chunk)
            os.rename(target + UNFINISHED, target)
        except BaseException:
            _remove(target)
            raise

    async def read(self, path: str, *, linked: bool = True) -> AsyncGenerator[bytes]:
        try:
            file = open(self._absolute(path), "rb")  # noqa: ASYNC230
        except OSError as error:
            raise PlatformError(f"There is no file {path!r} to read.") from error
        with file:
            while chunk := file.read(CHUNK_SIZE):
                yield chunk

    async def exists(self, path: str) -> bool:
        return os.path.isfile(self._absolute(path))

    async def remove(self, path: str) -> bool:
        return _remove(self._absolute(path))

    async def walk(self, directory: str) -> AsyncGenerator[FoundFile]:
        top = self._absolute(directory)
        for folder, _, names in os.walk(top):
            for name in sorted(names):
                path = os.path.join(folder, name)
                modified = datetime.fromtimestamp(os.stat(path).st_mtime, UTC)
                yield FoundFile(os.path.relpath(path, top).removesuffix(UNFINISHED), modified)


def _remove(path: str) -> bool:
    found = False
    for name in (path, path + UNFINISHED):
        with suppress(FileNotFoundError):
            os.remove(name)
            found = True
    return found
