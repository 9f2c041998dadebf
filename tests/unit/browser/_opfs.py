"""The browser's private file system as Python objects, for tests on a server."""

from __future__ import annotations

import sys
import time
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    import pytest


class JsException(Exception):
    """A DOMException, as Pyodide raises it."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}: from the browser")
        self.name = name


class Content:
    """A Blob: bytes, or a part of them."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.size = len(data)
        self.lastModified = time.time() * 1000

    def slice(self, start: int, end: int) -> Content:
        return Content(self._data[start:end])

    async def arrayBuffer(self) -> Any:
        return SimpleNamespace(to_bytes=lambda: self._data)


class Buffer:
    """A Uint8Array of a number of bytes."""

    def __init__(self, size: int) -> None:
        self.data = bytearray(size)

    @classmethod
    def new(cls, size: int) -> Buffer:
        return cls(size)

    def to_bytes(self) -> bytes:
        return bytes(self.data)


class File:
    """A FileSystemFileHandle with its access handle in one."""

    kind = "file"

    def __init__(self, folder: Folder, name: str) -> None:
        self._folder = folder
        self.name = name
        self.data = bytearray()
        self.open = False

    async def getFile(self) -> Content:
        return Content(bytes(self.data))

    async def createSyncAccessHandle(self) -> File:
        if self.open:
            raise JsException("NoModificationAllowedError")
        self.open = True
        return self

    def truncate(self, size: int) -> None:
        del self.data[size:]

    def write(self, chunk: bytes, *, at: int) -> int:
        quota = self._folder.quota
        if quota and at + len(chunk) > quota[0]:
            raise JsException("QuotaExceededError")
        self.data[at : at + len(chunk)] = chunk
        return len(chunk)

    def read(self, target: Buffer, *, at: int) -> int:
        assert self.open
        part = self.data[at : at + len(target.data)]
        target.data[: len(part)] = part
        return len(part)

    def flush(self) -> None:
        assert self.open

    def close(self) -> None:
        self.open = False

    async def move(self, name: str) -> None:
        assert not self.open
        del self._folder.entries[self.name]
        self.name = name
        self._folder.entries[name] = self


class Folder:
    """A FileSystemDirectoryHandle; *quota* holds the bytes that a file may have, if any."""

    kind = "directory"

    def __init__(self, name: str = "", quota: list[int] | None = None) -> None:
        self.name = name
        self.quota: list[int] = [] if quota is None else quota
        self.entries: dict[str, File | Folder] = {}

    async def getDirectoryHandle(self, name: str, *, create: bool = False) -> Folder:
        return await self._entry(name, Folder(name, self.quota), create)

    async def getFileHandle(self, name: str, *, create: bool = False) -> File:
        return await self._entry(name, File(self, name), create)

    async def removeEntry(self, name: str) -> None:
        if name not in self.entries:
            raise JsException("NotFoundError")
        del self.entries[name]

    async def values(self) -> AsyncGenerator[File | Folder]:
        for entry in list(self.entries.values()):
            yield entry

    async def _entry(self, name: str, new: Any, create: bool) -> Any:
        found = self.entries.get(name)
        if found is None and not create:
            raise JsException("NotFoundError")
        if found is not None and type(found) is not type(new):
            raise JsException("TypeMismatchError")
        return self.entries.setdefault(name, new)


def install(monkeypatch: pytest.MonkeyPatch) -> Folder:
    """Put the modules of Pyodide in place, over an empty file system; its top folder."""
    root = Folder()

    async def get_directory() -> Folder:
        return root

    js: Any = ModuleType("js")
    js.Uint8Array = Buffer
    js.navigator = SimpleNamespace(storage=SimpleNamespace(getDirectory=get_directory))
    ffi: Any = ModuleType("pyodide.ffi")
    ffi.JsException, ffi.to_js = JsException, bytes
    for name, module in (("js", js), ("pyodide", ModuleType("pyodide")), ("pyodide.ffi", ffi)):
        monkeypatch.setitem(sys.modules, name, module)
    return root
