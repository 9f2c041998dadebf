"""The border with JavaScript for the bytes of files in the browser's private file system (OPFS).

Law: as in ``interop.py``, a name that holds a JavaScript value starts with ``js_``; bytes cross as
copies of a chunk. Nothing here touches the directory that holds the databases' pool.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from velocious.errors import PlatformError, StorageFullError
from velocious.files import CHUNK_SIZE

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator

#: Beside the directory of the pools, so that no pool meets a file that is not its own.
ROOT = "velocious-files"

#: The same for bytes that nobody keeps; a worker removes what one that died has left here.
SCRATCH = "velocious-scratch"


class MissingFileError(Exception):
    """A file or folder is not there."""


@contextmanager
def _explained(path: str) -> Generator[None]:
    """Turn the errors of JavaScript into ours."""
    from pyodide.ffi import JsException

    try:
        yield
    except JsException as error:
        name = getattr(error, "name", "")
        if name in ("NotFoundError", "TypeMismatchError"):
            raise MissingFileError(path) from error
        if name == "QuotaExceededError":
            raise StorageFullError(
                f"The browser has no room for the file {path!r}. Free some of this site's storage."
            ) from error
        raise PlatformError(
            f"The browser refused the file {path!r}: {error}. Reload the page; only one tab may "
            "have the application's files open."
        ) from error


async def folder(parts: list[str], *, root: str = ROOT, create: bool = False) -> Any:
    """The handle of a folder below *root*. Raises MissingFileError where it is not there."""
    import js

    js_navigator: Any = getattr(js, "navigator")  # noqa: B009
    with _explained("/".join(parts)):
        js_folder: Any = await js_navigator.storage.getDirectory()
        for name in (root, *parts):
            js_folder = await js_folder.getDirectoryHandle(name, create=create)
    return js_folder


class Writer:
    """A new file that is being written, and can be read meanwhile.

    Attributes:
        written: its bytes.
    """

    def __init__(self, path: str, js_folder: Any, js_file: Any, js_access: Any) -> None:
        self._path = path
        self._js_folder = js_folder
        self._js_file = js_file
        self._js_access = js_access
        self.written = 0

    @classmethod
    async def open(cls, path: str, js_folder: Any, name: str) -> Writer:
        """Make the file *name* in *js_folder*; what is there under that name is overwritten."""
        with _explained(path):
            js_file = await js_folder.getFileHandle(name, create=True)
            js_access = await js_file.createSyncAccessHandle()
            js_access.truncate(0)
        return cls(path, js_folder, js_file, js_access)

    def write(self, chunk: bytes) -> None:
        """Append *chunk*."""
        from pyodide.ffi import to_js

        with _explained(self._path):
            done = self._js_access.write(to_js(chunk), at=self.written)
        self.written += len(chunk)
        if done != len(chunk):
            raise StorageFullError(
                f"The browser wrote {done:,} of {len(chunk):,} bytes of {self._path!r}. Free some "
                "of this site's storage."
            )

    def read(self, start: int, size: int) -> bytes:
        """*size* bytes from *start* on, which were written before."""
        import js

        js_array: Any = getattr(js, "Uint8Array")  # noqa: B009
        js_bytes = js_array.new(size)
        with _explained(self._path):
            done = self._js_access.read(js_bytes, at=start)
        if done != size:
            raise PlatformError(
                f"The browser read {done:,} of {size:,} bytes of {self._path!r}, which it had "
                "written before. Reload the page and repeat what was done."
            )
        return js_bytes.to_bytes()

    async def finish(self, name: str) -> None:
        """Flush the file and give it the name *name*."""
        with _explained(self._path):
            self._js_access.flush()
            self._js_access.close()
            await self._js_file.move(name)

    async def give_up(self, name: str) -> None:
        """Remove the file, which is still called *name*."""
        self._js_access.close()
        try:
            with _explained(self._path):
                await self._js_folder.removeEntry(name)
        except MissingFileError:
            return


async def read(path: str, js_folder: Any, name: str) -> AsyncGenerator[bytes]:
    """The bytes of *name* in chunks. Raises MissingFileError."""
    with _explained(path):
        js_file = await (await js_folder.getFileHandle(name)).getFile()
        size = int(js_file.size)
    for start in range(0, size, CHUNK_SIZE):
        with _explained(path):
            js_buffer = await js_file.slice(start, start + CHUNK_SIZE).arrayBuffer()
        yield js_buffer.to_bytes()


async def exists(path: str, js_folder: Any, name: str) -> bool:
    """Whether there is a file called *name*."""
    try:
        with _explained(path):
            await js_folder.getFileHandle(name)
    except MissingFileError:
        return False
    return True


async def remove(path: str, js_folder: Any, name: str) -> bool:
    """Remove *name*; whether it was there."""
    try:
        with _explained(path):
            await js_folder.removeEntry(name)
    except MissingFileError:
        return False
    return True


async def entries(path: str, js_folder: Any) -> AsyncGenerator[tuple[str, Any, float | None]]:
    """Name, the folder's handle, and for a file instead the time of its last change (seconds)."""
    with _explained(path):
        js_all = [js_one async for js_one in js_folder.values()]
    for js_one in js_all:
        if js_one.kind == "directory":
            yield js_one.name, js_one, None
        else:
            with _explained(path):
                js_file = await js_one.getFile()
            yield js_one.name, None, js_file.lastModified / 1000
